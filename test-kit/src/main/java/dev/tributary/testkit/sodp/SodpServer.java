package dev.tributary.testkit.sodp;

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
 * The reference server on a real port of 127.0.0.1. One daemon thread serves all connections. The model is reached
 * through {@link #with} and {@link #query}, one thread at a time.
 */
public final class SodpServer implements AutoCloseable {

    private final SocketServer server;
    private final ServedModel<SodpModel> served;

    private SodpServer(Builder builder) {
        ServerClock clock = builder.manualStart == null
                ? ServerClock.real()
                : ServerClock.manual(builder.manualStart.toEpochMilli());
        SodpModel model = new SodpModel(builder.options, clock::millis, new SplittableRandom(builder.seed));
        server = SocketServer.start("sodp-reference-server", builder.port, clock, new SocketFront(model));
        served = new ServedModel<>(model, server);
    }

    /** A builder with the defaults of the real server of a dialect. */
    public static Builder builder(SodpDialect dialect) {
        return new Builder(SodpOptions.of(dialect));
    }

    /** A running server with the defaults. */
    public static SodpServer start(SodpDialect dialect) {
        return builder(dialect).start();
    }

    /** The address in the form {@code sodp+ws://127.0.0.1:PORT}. */
    public URI uri() {
        return URI.create("sodp+ws://127.0.0.1:" + port());
    }

    /** The plain WebSocket address. */
    public URI webSocketUri() {
        return URI.create("ws://127.0.0.1:" + port() + "/");
    }

    /** The port. */
    public int port() {
        return server.port();
    }

    /** Uses the model; nothing else happens to it meanwhile. */
    public void with(Consumer<SodpModel> use) {
        served.with(use);
    }

    /** Asks the model something; nothing else happens to it meanwhile. */
    public <T> T query(Function<SodpModel, T> question) {
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
    public boolean await(Predicate<SodpModel> condition, Duration timeout) throws InterruptedException {
        return served.await(condition, timeout);
    }

    /** Restarts the process: connections end, and what no log holds is gone. */
    public void restart(boolean keepLog) {
        with(m -> m.restart(keepLog));
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

        private SodpOptions options;
        private int port;
        private long seed = 1;
        private @Nullable Instant manualStart;

        private Builder(SodpOptions options) {
            this.options = options;
        }

        /** The port; 0, the default, lets the system choose. */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /** Replaces all options. */
        public Builder options(SodpOptions all) {
            options = all;
            return this;
        }

        /** Runs on a clock that stands still but for {@link SodpServer#advance}. */
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
        public SodpServer start() {
            return new SodpServer(this);
        }
    }
}
