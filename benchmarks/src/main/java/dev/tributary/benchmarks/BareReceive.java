package dev.tributary.benchmarks;

import dev.tributary.Options;
import dev.tributary.spi.Deadlines;
import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.WireEnd;
import dev.tributary.spi.Wires;
import dev.tributary.websocket.WebSocketWireProvider;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** Asks for readings of SpacetimeDB over our own wires and does nothing with them but count the bytes: a bound. */
public final class BareReceive {

    private static final long MOST_BYTES = 4L << 30;
    /** The first message says who we are, and is short. */
    private static final int SHORT = 4_096;

    private BareReceive() {}

    /** From the server at this port, so many rows, compressed in this way. */
    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        String compression = args[2].equals("gzip") ? "Gzip" : "None";
        URI uri = URI.create("ws://127.0.0.1:" + args[0] + "/v1/database/game/subscribe?compression=" + compression);
        Deadlines patience = new Deadlines(Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMinutes(5));
        WebSocketTarget target = new WebSocketTarget(
                uri,
                uri.toString(),
                Map.of(),
                Map.of(),
                List.of("v3.bsatn.spacetimedb"),
                MOST_BYTES,
                Duration.ofMinutes(5),
                patience);
        ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
        try (Wires wires = new WebSocketWireProvider().wires(Options.of(Map.of()), new RealTime(timers))) {
            Counting counting = new Counting();
            Wires.Connection connection = wires.open(target, counting);
            connection.request(Integer.MAX_VALUE);
            counting.greeted.get();
            connection.send(DataKind.BINARY, subscribe(ReadingServer.query(Integer.parseInt(args[1]))));
            System.out.println("RESULT " + counting.complete.get());
            System.out.println("PEAK " + Footprint.peakResident());
        }
        timers.shutdownNow();
    }

    private static ByteBuffer subscribe(String query) {
        byte[] text = query.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(17 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0)
                .putInt(1)
                .putInt(1)
                .putInt(1)
                .putInt(text.length)
                .put(text)
                .flip();
    }

    private static final class Counting implements Wires.Listener {

        private final CompletableFuture<Void> greeted = new CompletableFuture<>();
        private final CompletableFuture<Long> complete = new CompletableFuture<>();
        private long bytes;

        @Override
        public void opened(Head head) {}

        @Override
        public void data(DataKind kind, ByteBuffer piece, boolean last) {
            bytes += piece.remaining();
            if (last && !greeted.isDone()) {
                greeted.complete(null);
                bytes = 0;
            } else if (last && bytes > SHORT) {
                complete.complete(bytes);
            }
        }

        @Override
        public void writable() {}

        @Override
        public void ended(WireEnd end) {
            complete.completeExceptionally(new IOException(end.toString()));
            greeted.completeExceptionally(new IOException(end.toString()));
        }
    }
}
