package dev.tributary.benchmarks;

import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.sodp.Sodp;
import dev.tributary.testkit.socket.ServerClock;
import dev.tributary.testkit.socket.ServerWebSocket;
import dev.tributary.testkit.socket.SocketServer;
import dev.tributary.testkit.socket.WebSocketListener;
import dev.tributary.testkit.sodp.SodpDialect;
import dev.tributary.testkit.sodp.SodpFrame;
import dev.tributary.testkit.sodp.SodpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.server.WebSocketServer;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/**
 * How long it takes from a small SODP write to the listener of a view that hears it, beside a bare Java-WebSocket client
 * whose frame of the same size comes back, and beside one that sends the same frames to the same server: one process of
 * servers, one of clients, in turns write by write.
 */
final class LivePath {

    private static final int WRITES = 10_000;
    private static final int RUNS = 5;
    private static final Duration STALL = Duration.ofSeconds(1);
    private static final String BARE_KEY = "bare.value";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private LivePath() {}

    /** All three servers, in one process. */
    static final class Servers {

        private Servers() {}

        /** Serves until the standard input ends. */
        public static void main(String[] args) throws IOException {
            SodpServer sodp = SodpServer.start(SodpDialect.RUST);
            SocketServer loop = SocketServer.start(
                    "echo",
                    0,
                    ServerClock.real(),
                    exchange -> exchange.accept(new WebSocketListener() {
                        @Override
                        public void binary(ServerWebSocket socket, byte[] message) {
                            socket.binary(message);
                        }
                    }));
            Echo echo = new Echo(sodp.port() + " " + loop.port());
            echo.setDaemon(true);
            echo.setTcpNoDelay(true);
            echo.start();
            Child.answer(order -> "?");
            sodp.close();
            loop.close();
        }
    }

    /** A Java-WebSocket server that gives back what it gets. */
    private static final class Echo extends WebSocketServer {

        private final String others;

        private Echo(String others) {
            super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            this.others = others;
            setConnectionLostTimeout(0);
        }

        @Override
        public void onStart() {
            System.out.println("PORTS " + others + " " + getPort());
        }

        @Override
        public void onOpen(WebSocket connection, ClientHandshake handshake) {}

        @Override
        public void onClose(WebSocket connection, int code, String reason, boolean remote) {}

        @Override
        public void onMessage(WebSocket connection, String message) {}

        @Override
        public void onMessage(WebSocket connection, ByteBuffer message) {
            connection.send(message);
        }

        @Override
        public void onError(WebSocket connection, Exception failure) {
            System.err.println("the server failed: " + failure);
        }
    }

    /** What the thread that measures waits for; it is told when, not that, something came. */
    private static final class Bell {

        private final Thread waiter = Thread.currentThread();
        private volatile long rung;
        private volatile boolean silent = true;

        void arm() {
            silent = true;
        }

        void ring() {
            rung = System.nanoTime();
            silent = false;
            LockSupport.unpark(waiter);
        }

        /** Whether it rings in this time. */
        boolean rings(Duration within) {
            long end = System.nanoTime() + within.toNanos();
            for (long left = within.toNanos(); silent && left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(this, left);
            }
            return !silent;
        }

        long await() throws TimeoutException {
            if (!rings(PATIENCE)) {
                throw new TimeoutException("nothing came back");
            }
            return rung;
        }
    }

    /** One way there and back. */
    private interface Trip extends AutoCloseable {

        /** Nanoseconds from the call to what comes of it. */
        long nanos(long number) throws Exception;

        @Override
        void close();
    }

    /** A write, and the listener of a view of the same key, on the thread that commits. */
    private static final class Heard implements Trip {

        private final Bell bell = new Bell();
        private final SyncSource source;
        private final Sodp sodp;
        private volatile long expected;

        private Heard(int port) throws InterruptedException, TimeoutException {
            source = Sodp.source(URI.create("ws://127.0.0.1:" + port + "/")).open();
            sodp = source.unwrap(Sodp.class);
            sodp.set("live.value", Map.of("n", -1L), PATIENCE).join();
            MaterializedView<Row> view = source.materialize("live.value").awaitUpToDate(PATIENCE);
            view.listen(
                    commit -> {
                        Row row = commit.snapshot().get("live.value");
                        if (row != null
                                && row.get("value") instanceof Map<?, ?> value
                                && Long.valueOf(expected).equals(value.get("n"))) {
                            bell.ring();
                        }
                    },
                    Runnable::run);
        }

        @Override
        public long nanos(long number) throws TimeoutException {
            expected = number;
            bell.arm();
            Map<String, Long> value = Map.of("n", number);
            long start = System.nanoTime();
            CompletableFuture<?> done = sodp.set("live.value", value, PATIENCE);
            long heard = bell.await();
            done.join();
            return heard - start;
        }

        @Override
        public void close() {
            source.close();
        }
    }

    /** A frame like that of the write, which comes back as it is. */
    private static class Bare extends WebSocketClient implements Trip {

        final Bell bell = new Bell();
        private int stalls;

        private Bare(int port) throws InterruptedException {
            super(URI.create("ws://127.0.0.1:" + port + "/"));
            setConnectionLostTimeout(0);
            setTcpNoDelay(true);
            if (!connectBlocking(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("no connection to the echo");
            }
        }

        @Override
        public long nanos(long number) throws IOException, TimeoutException {
            bell.arm();
            byte[] frame = frame(number);
            long start = System.nanoTime();
            send(frame);
            if (bell.rings(STALL)) {
                return bell.await() - start;
            }
            // The library's server sometimes forgets that it has something to write, until it writes something else.
            stalls++;
            sendPing();
            bell.await();
            return nanos(number);
        }

        int stalls() {
            return stalls;
        }

        private static byte[] frame(long number) throws IOException {
            try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
                packer.packArrayHeader(4).packInt(SodpFrame.CALL).packInt(0).packLong(number);
                packer.packMapHeader(3).packString("call_id").packString("0123456789abcdef-" + number);
                packer.packString("method").packString("state.set");
                packer.packString("args").packMapHeader(2);
                packer.packString("state").packString(BARE_KEY);
                packer.packString("value").packMapHeader(1).packString("n").packLong(number);
                return packer.toByteArray();
            }
        }

        @Override
        public void onOpen(ServerHandshake handshake) {}

        @Override
        public void onMessage(String message) {}

        @Override
        public void onMessage(ByteBuffer message) {
            bell.ring();
        }

        @Override
        public void onClose(int code, String reason, boolean remote) {}

        @Override
        public void onError(Exception failure) {
            System.err.println("the client failed: " + failure);
        }
    }

    /** The same frames to the same server, by hand: what is measured is when the change comes, which nobody reads. */
    private static final class ByHand extends Bare {

        private ByHand(int port) throws InterruptedException, IOException, TimeoutException {
            super(port);
            bell.arm();
            try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
                packer.packArrayHeader(4)
                        .packInt(SodpFrame.WATCH)
                        .packInt(1_000_000)
                        .packInt(1);
                packer.packMapHeader(1).packString("state").packString(BARE_KEY);
                send(packer.toByteArray());
            }
            bell.await();
        }

        @Override
        public void onMessage(ByteBuffer message) {
            int type = message.get(1);
            if (type == SodpFrame.DELTA || type == SodpFrame.STATE_INIT) {
                super.onMessage(message);
            }
        }
    }

    /** What a run found, in microseconds. */
    private record Times(double p50, double p99) {

        static Times of(long[] nanos) {
            Arrays.sort(nanos);
            return new Times(Numbers.percentile(nanos, 0.5), Numbers.percentile(nanos, 0.99));
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "p50 %.1f p99 %.1f", p50, p99);
        }
    }

    /** {@code live-path [writes [runs]]}. */
    static void main(String... args) throws Exception {
        int writes = args.length > 0 ? Integer.parseInt(args[0]) : WRITES;
        int runs = args.length > 1 ? Integer.parseInt(args[1]) : RUNS;
        try (Child servers = Child.start(Child.java(Servers.class, List.of("-Xmx512m")))) {
            String[] ports = Objects.requireNonNull(servers.line("PORTS ")).split(" ");
            try (Trip ours = new Heard(Integer.parseInt(ports[0]));
                    Bare loop = new Bare(Integer.parseInt(ports[1]));
                    Bare echo = new Bare(Integer.parseInt(ports[2]));
                    Bare byHand = new ByHand(Integer.parseInt(ports[0]))) {
                run(writes, runs, ours, loop, echo, byHand);
                System.out.printf(
                        "answers that came only after a further frame, measured again: echo %d, the loop's %d, by hand %d%n",
                        echo.stalls(), loop.stalls(), byHand.stalls());
            }
        }
    }

    private static void run(int writes, int runs, Trip... trips) throws Exception {
        measure(writes, trips);
        List<List<Times>> all = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            List<Times> times = measure(writes, trips);
            all.add(times);
            System.out.printf(
                    Locale.ROOT,
                    "run %d: heard %s; echo %s; echo of the SODP server's loop %s; same frames by hand %s microseconds%n",
                    run + 1,
                    times.get(0),
                    times.get(2),
                    times.get(1),
                    times.get(3));
        }
        print("echo, Java-WebSocket at both ends", 2, all);
        print("same frames to the same server by a bare Java-WebSocket client", 3, all);
        print("echo of the SODP server's loop, Java-WebSocket at the client alone", 1, all);
        System.out.println("target beside the first: p50 at most 1.5, p99 at most 2");
    }

    private static void print(String bound, int which, List<List<Times>> all) {
        System.out.printf(
                Locale.ROOT,
                "RESULT heard / %s: p50 %.2f, p99 %.2f (medians of %d runs)%n",
                bound,
                median(all, times -> times.get(0).p50 / times.get(which).p50),
                median(all, times -> times.get(0).p99 / times.get(which).p99),
                all.size());
    }

    private static double median(List<List<Times>> all, java.util.function.ToDoubleFunction<List<Times>> ratio) {
        return Numbers.median(all.stream().mapToDouble(ratio).boxed().toList());
    }

    private static List<Times> measure(int writes, Trip... trips) throws Exception {
        long[][] nanos = new long[trips.length][writes];
        for (int i = 0; i < writes; i++) {
            for (int trip = 0; trip < trips.length; trip++) {
                nanos[trip][i] = trips[trip].nanos(i);
            }
        }
        return Arrays.stream(nanos).map(Times::of).toList();
    }
}
