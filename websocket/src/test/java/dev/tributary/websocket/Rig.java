package dev.tributary.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.spi.Deadlines;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.Wires;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The wires of one source, and short ways to use them. Closing it looks for threads and timers that stay. */
final class Rig implements AutoCloseable {

    static final Duration PING_AFTER = Duration.ofSeconds(20);
    static final Duration CONNECT = Duration.ofSeconds(30);
    static final Duration HEAD = Duration.ofSeconds(60);
    static final int PLENTY = Integer.MAX_VALUE;
    static final long MAX_MESSAGE = 1 << 20;
    static final String TOKEN = "Bearer very-secret";

    final ManualEnvironment environment = new ManualEnvironment();
    private final List<Thread> before = threads();
    final Wires wires;

    Rig(String client) {
        this(client, Map.of());
    }

    Rig(String client, Map<Option<?>, Object> more) {
        Map<Option<?>, Object> options = new HashMap<>(more);
        options.put(WebSocketOptions.CLIENT, client);
        this.wires = new WebSocketWireProvider().wires(Options.of(options), environment);
    }

    static WebSocketTarget target(URI uri) {
        return target(uri, List.of(), MAX_MESSAGE, PING_AFTER);
    }

    static WebSocketTarget target(URI uri, List<String> subprotocols, long maxMessageBytes, Duration pingAfter) {
        return target(uri, Map.of("x-plain", "yes"), subprotocols, maxMessageBytes, pingAfter);
    }

    static WebSocketTarget target(
            URI uri, Map<String, String> headers, List<String> subprotocols, long maxMessageBytes, Duration pingAfter) {
        return new WebSocketTarget(
                uri,
                uri.getScheme() + "://…/room",
                headers,
                Map.of("Authorization", TOKEN),
                subprotocols,
                maxMessageBytes,
                pingAfter,
                new Deadlines(CONNECT, HEAD, HEAD));
    }

    /** For a server that does not survive pings and pongs. */
    static WebSocketTarget withoutControlFrames(URI uri) {
        return target(uri, List.of(), MAX_MESSAGE, null);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(RecordingListener.GENEROUS_SECONDS, TimeUnit.SECONDS);
    }

    static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(RecordingListener.GENEROUS_SECONDS, TimeUnit.SECONDS))
                .isTrue();
    }

    static <T> T await(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(RecordingListener.GENEROUS_SECONDS, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    /** Opens and grants everything. */
    Heard open(URI uri) {
        return open(target(uri));
    }

    Heard open(WebSocketTarget target) {
        return open(target, new RecordingListener(), PLENTY);
    }

    Heard open(WebSocketTarget target, RecordingListener listener, int granted) {
        Wires.Connection connection = wires.open(target, listener);
        if (granted > 0) {
            connection.request(granted);
        }
        return new Heard(connection, listener);
    }

    /** A wire and what was heard of it. */
    record Heard(Wires.Connection connection, RecordingListener listener) {

        /**
         * Sends a first message. What a server pours out before it is asked is not safe with every client: see
         * {@link WebSocketOptions#CLIENT}.
         */
        Heard ask() {
            connection.send(Protocol.DataKind.TEXT, ByteBuffer.wrap(new byte[] {'g', 'o'}));
            return this;
        }
    }

    /** Threads of wires and of their clients. */
    static List<Thread> threads() {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        // Not getAllStackTraces: it misses a thread that starts while its creator ends.
        Thread[] found = new Thread[all.activeCount() + 2_000];
        return Arrays.stream(found, 0, all.enumerate(found))
                .filter(thread -> thread.getName().startsWith("tributary-websocket")
                        || thread.getName().startsWith("WebSocket")
                        || (thread.getName().startsWith("HttpClient-")
                                && thread.getName().endsWith("SelectorManager")))
                .toList();
    }

    /** Those that this rig has brought. */
    List<Thread> ours() {
        return threads().stream().filter(thread -> !before.contains(thread)).toList();
    }

    @Override
    public void close() {
        wires.close();
        wires.close();
        long limit = System.nanoTime()
                + Duration.ofSeconds(RecordingListener.GENEROUS_SECONDS).toNanos();
        for (List<Thread> left = ours(); !left.isEmpty() || environment.holds.get() > 0; left = ours()) {
            // Servers that do not answer a goodbye get their second.
            environment.advance(Duration.ofNanos(SocketWire.GRACE_NANOS));
            try {
                if (left.isEmpty()) {
                    Thread.yield();
                } else {
                    left.get(0).join(50);
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertThat(System.nanoTime()).as("%s stay", left).isLessThan(limit);
        }
        assertThat(environment.alarms()).as("timers that stay").isZero();
    }
}
