package dev.tributary.testkit.driftdb;

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
 * The reference server on a real port of 127.0.0.1, HTTP and WebSocket. One daemon thread serves all connections. The
 * model is reached through {@link #with} and {@link #query}, one thread at a time.
 */
public final class DriftDbServer implements AutoCloseable {

    private final SocketServer server;
    private final ServedModel<DriftDbModel> served;

    private DriftDbServer(Builder builder) {
        Instant start = builder.manualStart;
        ServerClock clock = start == null ? ServerClock.real() : ServerClock.manual(start.toEpochMilli());
        DriftDbModel model = new DriftDbModel(builder.options, clock::millis, new SplittableRandom(builder.seed));
        server = SocketServer.start("driftdb-reference-server", builder.port, clock, new DriftDbHandler(model));
        served = new ServedModel<>(model, server);
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
        served.with(use);
    }

    /** Asks the model something; nothing else happens to it meanwhile. */
    public <T> T query(Function<DriftDbModel, T> question) {
        return served.query(question);
    }

    /**
     * Waits until something is so.
     *
     * @return whether it came to that in time
     */
    public boolean await(Predicate<DriftDbModel> condition, Duration timeout) throws InterruptedException {
        return served.await(condition, timeout);
    }

    /** Moves the manual clock on, stopping at every deadline on the way. */
    public void advance(Duration time) {
        served.advance(time);
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
