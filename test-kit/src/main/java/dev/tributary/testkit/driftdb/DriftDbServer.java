package dev.tributary.testkit.driftdb;

import dev.tributary.testkit.socket.ServerClock;
import dev.tributary.testkit.socket.SocketServer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The reference server on a real port of 127.0.0.1, HTTP and WebSocket. One daemon thread serves all connections. The
 * model is reached through {@link #with} and {@link #query}, one thread at a time.
 */
public final class DriftDbServer implements AutoCloseable {

    private final Object lock = new Object();
    private final ServerClock clock;
    private final DriftDbModel model;
    private final SocketServer server;

    private DriftDbServer(Builder builder) {
        Instant start = builder.manualStart;
        clock = start == null ? ServerClock.real() : ServerClock.manual(start.toEpochMilli());
        model = new DriftDbModel(builder.options, clock::millis, new SplittableRandom(builder.seed));
        server = SocketServer.start("driftdb-reference-server", builder.port, clock, new DriftDbHandler(model, lock));
    }

    /** A builder with the stand-alone server's defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A running server with the defaults. */
    public static DriftDbServer start() {
        return builder().start();
    }

    /** The address of a room in the form {@code driftdb+ws://127.0.0.1:PORT/room/ID}. */
    public URI uri(String room) {
        return URI.create("driftdb+ws://127.0.0.1:" + port() + "/room/" + room);
    }

    /** The root of the API. */
    public URI httpUri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** The port. */
    public int port() {
        return server.port();
    }

    /** Uses the model; nothing else happens to it meanwhile. */
    public void with(Consumer<DriftDbModel> use) {
        query(m -> {
            use.accept(m);
            return true;
        });
    }

    /** Asks the model something; nothing else happens to it meanwhile. */
    public <T> T query(Function<DriftDbModel, T> question) {
        synchronized (lock) {
            T answer = question.apply(model);
            lock.notifyAll();
            server.wake();
            return answer;
        }
    }

    /**
     * Waits until something is so.
     *
     * @return whether it came to that in time
     */
    public boolean await(Predicate<DriftDbModel> condition, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        synchronized (lock) {
            while (!condition.test(model)) {
                long millis = (end - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return false;
                }
                lock.wait(millis);
            }
            return true;
        }
    }

    /** Moves the manual clock on, stopping at every deadline on the way. */
    public void advance(Duration time) {
        if (!clock.isManual()) {
            throw new IllegalStateException("the server runs on the real clock");
        }
        synchronized (lock) {
            long target = clock.millis() + time.toMillis();
            OptionalLong next = model.nextDeadline();
            while (next.isPresent() && next.getAsLong() <= target) {
                clock.set(Math.max(clock.millis(), next.getAsLong()));
                model.tick();
                next = model.nextDeadline();
            }
            clock.set(target);
            lock.notifyAll();
        }
        server.wake();
    }

    /** The process ends: connections end, clients are refused. What the stand-alone server held is lost. */
    public void stop() {
        server.leavePort();
        with(DriftDbModel::restart);
    }

    /** The process runs again, at the same port. */
    public void startAgain() {
        server.returnToPort();
    }

    /** Ends the thread and closes every connection. */
    @Override
    public void close() {
        server.close();
    }

    /** Sets up a server. */
    public static final class Builder {

        private DriftDbOptions options = DriftDbOptions.standAlone();
        private int port;
        private long seed = 1;
        private @Nullable Instant manualStart;

        private Builder() {}

        /** The port; 0, the default, lets the system choose. */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /** Which server it is. */
        public Builder options(DriftDbOptions all) {
            options = all;
            return this;
        }

        /** Runs on a clock that stands still but for {@link DriftDbServer#advance}. */
        public Builder manualClock(Instant start) {
            manualStart = start;
            return this;
        }

        /** Seed of all randomness. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** Starts the server. */
        public DriftDbServer start() {
            return new DriftDbServer(this);
        }
    }
}
