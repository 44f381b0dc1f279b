package dev.tributary.testkit.electric;

import dev.tributary.testkit.socket.ServedModel;
import dev.tributary.testkit.socket.ServerClock;
import dev.tributary.testkit.socket.SocketServer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The reference server on a real port of 127.0.0.1. One daemon thread serves all connections, however many long polls
 * are held. The model is reached through {@link #with} and {@link #query}, one thread at a time.
 */
public final class ElectricServer implements AutoCloseable {

    private final SocketServer server;
    private final ServedModel<ElectricModel> served;

    private ElectricServer(Builder builder) {
        ServerClock clock = builder.manualStart == null
                ? ServerClock.real()
                : ServerClock.manual(builder.manualStart.toEpochMilli());
        ElectricModel model = new ElectricModel(builder.options, clock::millis, new SplittableRandom(builder.seed));
        server = SocketServer.start(
                "electric-reference-server",
                builder.port,
                builder.requestsPerConnection,
                clock,
                new ElectricHandler(model, clock, new ResponseEncoder(builder.gzip)));
        served = new ServedModel<>(model, server);
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
        served.with(use);
    }

    /** Asks the model something; nothing else happens to it meanwhile. */
    public <T> T query(Function<ElectricModel, T> question) {
        return served.query(question);
    }

    /** Commits a transaction. */
    public Commit commit(Consumer<Transaction> work) {
        return query(m -> m.commit(work));
    }

    /** Moves the manual clock on, stopping at every deadline on the way. */
    public void advance(Duration time) {
        served.advance(time);
    }

    /**
     * Waits until exactly {@code count} requests are held.
     *
     * @return whether it came to that in time
     */
    public boolean awaitHeld(int count, Duration timeout) throws InterruptedException {
        return served.await(model -> model.heldRequests() == count, timeout);
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
