package dev.tributary.benchmarks;

import dev.tributary.Options;
import dev.tributary.spi.Deadlines;
import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.WireEnd;
import dev.tributary.spi.Wires;
import dev.tributary.websocket.WebSocketOptions;
import dev.tributary.websocket.WebSocketWireProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;

/** What so many WebSockets cost one process that all wait, by each client. */
final class IdleSockets {

    private static final int DEFAULT = 200;
    private static final long PATIENCE_SECONDS = 120;

    private IdleSockets() {}

    /** Greets whoever comes and says no more. */
    static final class Greeter extends WebSocketServer {

        private Greeter() {
            super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            setConnectionLostTimeout(0);
        }

        /** Serves until the standard input ends. */
        public static void main(String[] args) throws IOException {
            Greeter greeter = new Greeter();
            greeter.setDaemon(true);
            greeter.start();
            while (System.in.read() >= 0) {
                // whoever started this has nothing to say but that it is over
            }
        }

        @Override
        public void onStart() {
            System.out.println("PORT " + getPort());
        }

        @Override
        public void onOpen(WebSocket connection, ClientHandshake handshake) {
            connection.send("hello");
        }

        @Override
        public void onClose(WebSocket connection, int code, String reason, boolean remote) {}

        @Override
        public void onMessage(WebSocket connection, String message) {}

        @Override
        public void onError(WebSocket connection, Exception failure) {
            System.err.println("the server failed: " + failure);
        }
    }

    /** The process that is measured: which client, how many sockets, the server's port. */
    static final class Measured {

        private Measured() {}

        /** Opens them and says what they cost. */
        public static void main(String[] args) throws IOException, InterruptedException {
            int sockets = Integer.parseInt(args[1]);
            URI uri = URI.create("ws://localhost:" + args[2] + "/");
            ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
            try (Wires wires = new WebSocketWireProvider()
                    .wires(Options.of(Map.of(WebSocketOptions.CLIENT, args[0])), new RealTime(timers))) {
                open(wires, uri, 1);
                Footprint one = Footprint.now();
                open(wires, uri, sockets - 1);
                Footprint all = Footprint.now();
                System.out.printf(
                        "RESULT %,d sockets by %s: %d threads (%d with one), heap %.1f MiB, resident %.1f MiB;"
                                + " for each further: heap %.1f KiB, resident %.1f KiB%n",
                        sockets,
                        args[0],
                        all.threads(),
                        one.threads(),
                        all.heap(),
                        all.resident(),
                        (all.heap() - one.heap()) * 1024 / (sockets - 1),
                        (all.resident() - one.resident()) * 1024 / (sockets - 1));
            }
            timers.shutdownNow();
        }

        private static void open(Wires wires, URI uri, int count) throws InterruptedException {
            Duration patience = Duration.ofSeconds(PATIENCE_SECONDS);
            Deadlines deadlines = new Deadlines(patience, patience, patience);
            CountDownLatch greeted = new CountDownLatch(count);
            for (int i = 0; i < count; i++) {
                WebSocketTarget target = new WebSocketTarget(
                        uri, uri.toString(), Map.of(), Map.of(), List.of(), 1 << 20, Duration.ofMinutes(5), deadlines);
                wires.open(target, new Counting(greeted)).request(Integer.MAX_VALUE);
            }
            if (!greeted.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(greeted.getCount() + " sockets heard nothing");
            }
        }
    }

    private record Counting(CountDownLatch greeted) implements Wires.Listener {

        @Override
        public void opened(Head head) {}

        @Override
        public void data(Protocol.DataKind kind, ByteBuffer bytes, boolean last) {
            greeted.countDown();
        }

        @Override
        public void writable() {}

        @Override
        public void ended(WireEnd end) {
            System.err.println("a socket ended: " + end);
        }
    }

    /** {@code idle-sockets [sockets]}. */
    static void main(String... args) throws IOException, InterruptedException {
        int sockets = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT;
        try (Child server = Child.start(Child.java(Greeter.class, List.of("-Xmx1g")))) {
            String port = String.valueOf(server.line("PORT "));
            for (String client : List.of("java-websocket", "jdk")) {
                List<String> command =
                        Child.java(Measured.class, List.of("-Xmx512m"), client, String.valueOf(sockets), port);
                System.out.println(Child.run(command).result());
            }
        }
    }
}
