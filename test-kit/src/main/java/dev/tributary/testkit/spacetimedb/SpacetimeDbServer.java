package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.socket.ServedModel;
import dev.tributary.testkit.socket.ServerClock;
import dev.tributary.testkit.socket.SocketServer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The reference server on a real port of 127.0.0.1, with one database. One daemon thread serves all connections. The model
 * is reached through {@link #with} and {@link #query}, one thread at a time.
 */
public final class SpacetimeDbServer implements AutoCloseable {

    private final SpacetimeDbModel model;
    private final SocketServer server;
    private final ServedModel<SpacetimeDbModel> served;

    private SpacetimeDbServer(Builder builder) {
        ServerClock clock = builder.manualStart == null
                ? ServerClock.real()
                : ServerClock.manual(builder.manualStart.toEpochMilli());
        model = new SpacetimeDbModel(
                builder.module, builder.options, clock::millis, new SplittableRandom(builder.seed), () -> {});
        server = SocketServer.start("spacetimedb-reference-server", builder.port, clock, new SocketFront(model));
        served = new ServedModel<>(model, server);
    }

    /** A builder with the defaults of server 2.8.3. */
    public static Builder builder(SpacetimeDbModule module) {
        return new Builder(module);
    }

    /** A running server with the defaults. */
    public static SpacetimeDbServer start(SpacetimeDbModule module) {
        return builder(module).start();
    }

    /** The address in the form {@code spacetimedb+ws://127.0.0.1:PORT/DATABASE}. */
    public URI uri() {
        return URI.create(
                "spacetimedb+ws://127.0.0.1:" + port() + "/" + model.options().database());
    }

    /** The base of the HTTP API, {@code http://127.0.0.1:PORT}. */
    public URI httpUri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** The port. */
    public int port() {
        return server.port();
    }

    /** Uses the model; nothing else happens to it meanwhile. */
    public void with(Consumer<SpacetimeDbModel> use) {
        served.with(use);
    }

    /** Asks the model something; nothing else happens to it meanwhile. */
    public <T> T query(Function<SpacetimeDbModel, T> question) {
        return served.query(question);
    }

    /** Moves the manual clock on, stopping at every deadline on the way. */
    public void advance(Duration time) {
        served.advance(time);
    }

    /**
     * Waits until the model is as asked.
     *
     * @return whether it came to that in time
     */
    public boolean await(Predicate<SpacetimeDbModel> condition, Duration timeout) throws InterruptedException {
        return served.await(condition, timeout);
    }

    /** Ends every connection and refuses new ones, as a server that is down. */
    public void leavePort() {
        server.leavePort();
    }

    /** Listens again at the same port. */
    public void returnToPort() {
        server.returnToPort();
    }

    /** Ends the thread and closes every connection. */
    @Override
    public void close() {
        server.close();
    }

    /** Sets up a server. */
    public static final class Builder {

        private final SpacetimeDbModule module;
        private SpacetimeDbOptions options = SpacetimeDbOptions.current();
        private int port;
        private long seed = 1;
        private @Nullable Instant manualStart;

        private Builder(SpacetimeDbModule module) {
            this.module = module;
        }

        /** The port; 0, the default, lets the system choose. */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /** Replaces all options. */
        public Builder options(SpacetimeDbOptions all) {
            options = all;
            return this;
        }

        /** Runs on a clock that stands still but for {@link SpacetimeDbServer#advance}. */
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
        public SpacetimeDbServer start() {
            return new SpacetimeDbServer(this);
        }
    }
}
