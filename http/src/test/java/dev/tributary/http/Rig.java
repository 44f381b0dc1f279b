package dev.tributary.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.spi.Deadlines;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Wires;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The wires of one source, and short ways to use them. Closing it looks for threads that stay. */
final class Rig implements AutoCloseable {

    static final Deadlines DEADLINES =
            new Deadlines(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(60));
    private static final int PLENTY = Integer.MAX_VALUE;

    private final TestEnvironment environment = new TestEnvironment();
    private final List<Thread> before = threads();
    final Wires wires;

    private Rig(Map<Option<?>, Object> options) {
        this.wires = new HttpWireProvider().wires(Options.of(options), environment);
    }

    static Rig plain() {
        return new Rig(Map.of());
    }

    static <T> Rig with(Option<T> option, T value) {
        return new Rig(Map.of(option, value));
    }

    static <T, U> Rig with(Option<T> option, T value, Option<U> second, U other) {
        Map<Option<?>, Object> options = new HashMap<>();
        options.put(option, value);
        options.put(second, other);
        return new Rig(options);
    }

    static HttpTarget get(URI uri) {
        return target("GET", uri, Map.of(), Map.of(), null);
    }

    static HttpTarget target(
            String method, URI uri, Map<String, String> headers, Map<String, String> credentials, byte[] body) {
        String text = uri.toString();
        int query = text.indexOf('?');
        return new HttpTarget(
                method, uri, query < 0 ? text : text.substring(0, query), headers, credentials, body, DEADLINES);
    }

    /** Opens and grants everything. */
    RecordingListener fetch(HttpTarget target) {
        RecordingListener listener = new RecordingListener();
        wires.open(target, listener).request(PLENTY);
        return listener;
    }

    RecordingListener fetch(URI uri) {
        return fetch(get(uri));
    }

    Wires.Connection open(URI uri, RecordingListener listener) {
        return wires.open(get(uri), listener);
    }

    /** Threads of wires and of HTTP clients. */
    static List<Thread> threads() {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        // Not getAllStackTraces: it misses a thread that starts while its creator ends.
        Thread[] found = new Thread[all.activeCount() + 1_000];
        return Arrays.stream(found, 0, all.enumerate(found))
                .filter(thread -> thread.getName().startsWith("tributary-http")
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
        // One that was about to start may start another.
        for (List<Thread> left = ours(); !left.isEmpty(); left = ours()) {
            Thread thread = left.get(0);
            try {
                thread.join(TimeUnit.SECONDS.toMillis(RecordingListener.GENEROUS_SECONDS));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertThat(thread.isAlive()).as(thread + " stays").isFalse();
        }
        environment.close();
    }
}
