package dev.tributary.testkit.electric;

import dev.tributary.testkit.socket.ServerClock;
import dev.tributary.testkit.socket.SocketServer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The reference server on a real port of 127.0.0.1. One daemon thread serves all connections, however many long polls
 * are held. The model is reached through {@link #with} and {@link #query}, one thread at a time.
 */
public final class ElectricServer implements AutoCloseable {

    private final Object lock = new Object();
    private final ServerClock clock;
    private final ElectricModel model;
    private final SocketServer server;

    private ElectricServer(Builder builder) {
        clock = builder.manualStart == null
                ? ServerClock.real()
                : ServerClock.manual(builder.manualStart.toEpochMilli());
        model = new ElectricModel(builder.options, clock::millis, new SplittableRandom(builder.seed));
        server = SocketServer.start(
                "electric-reference-server",
                builder.port,
                builder.requestsPerConnection,
                clock,
                new ElectricHandler(model, lock, clock, new ResponseEncoder(builder.gzip)));
    }

    /** A builder with the real server's defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A running server with the defaults. */
    public static ElectricServer start() {
        return builder().start();
    }

    /** The address in the form {@code electric+http://127.0.0.1:PORT}. */
    public URI uri() {
        return URI.create("electric+http://127.0.0.1:" + port());
    }

    /** The plain HTTP address. */
    public URI httpUri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** The port. */
    public int port() {
        return server.port();
    }

    /** Uses the model; nothing else happens to it meanwhile. */
    public void with(Consumer<ElectricModel> use) {
        query(m -> {
            use.accept(m);
            return true;
        });
    }

    /** Asks the model something; nothing else happens to it meanwhile. */
    public <T> T query(Function<ElectricModel, T> question) {
        synchronized (lock) {
            T answer = question.apply(model);
            lock.notifyAll();
            server.wake();
            return answer;
        }
    }

    /** Commits a transaction. */
    public Commit commit(Consumer<Transaction> work) {
        return query(m -> m.commit(work));
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

    /**
     * Waits until exactly {@code count} requests are held.
     *
     * @return whether it came to that in time
     */
    public boolean awaitHeld(int count, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        synchronized (lock) {
            while (model.heldRequests() != count) {
                long millis = (end - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return false;
                }
                lock.wait(millis);
            }
            return true;
        }
    }

    /** Ends the thread and closes every connection. */
    @Override
    public void close() {
        server.close();
    }

    /** Sets up a server. */
    public static final class Builder {

        private ModelOptions options = ModelOptions.defaults();
        private int port;
        private boolean gzip;
        private long seed = 1;
        private int requestsPerConnection = 50;
        private @Nullable Instant manualStart;

        private Builder() {}

        /** The port; 0, the default, lets the system choose. */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /** Replaces all model options. */
        public Builder options(ModelOptions all) {
            options = all;
            return this;
        }

        /** Size at which chunks end. */
        public Builder chunkBytes(int bytes) {
            options = options.withChunkBytes(bytes);
            return this;
        }

        /** How long live requests are held. */
        public Builder longPoll(Duration time) {
            options = options.withLongPollMillis(time.toMillis());
            return this;
        }

        /** The API secret requests must carry. */
        public Builder secret(String secret) {
            options = options.withSecret(secret);
            return this;
        }

        /** Whether bodies are compressed for clients that accept it. */
        public Builder gzip(boolean on) {
            gzip = on;
            return this;
        }

        /** Runs on a clock that stands still but for {@link ElectricServer#advance}. */
        public Builder manualClock(Instant start) {
            manualStart = start;
            return this;
        }

        /** Seed of all randomness. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** After how many requests a connection is closed, 50 as on the real server. */
        public Builder requestsPerConnection(int count) {
            requestsPerConnection = count;
            return this;
        }

        /** Starts the server. */
        public ElectricServer start() {
            return new ElectricServer(this);
        }
    }
}
