package dev.tributary.testkit.simulation;

import dev.tributary.spi.Environment;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.WireEnd;
import dev.tributary.testkit.sodp.SodpAdmission;
import dev.tributary.testkit.sodp.SodpModel;
import dev.tributary.testkit.sodp.SodpOptions;
import dev.tributary.testkit.sodp.SodpPeer;
import dev.tributary.testkit.sodp.SodpSession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The model of a SODP server behind simulated wires, in virtual time. Writes and faults are made at {@link #model}, from
 * outside the simulation or from a timer of it. Pings of both sides are answered as a wire does it, unless the connection
 * has fallen silent.
 */
public final class SodpModelServer implements SimulatedServer {

    private final SimulatedEnvironment environment;
    private final SodpModel model;
    private Environment.@Nullable Timer tick;

    /** A server without keys, whose clock and randomness are those of the environment. */
    public SodpModelServer(SimulatedEnvironment environment, SodpOptions options) {
        this.environment = environment;
        this.model = new SodpModel(options, () -> environment.trueNow().toEpochMilli(), environment.splitRandom());
    }

    /** What it serves. Call {@link #arm()} after using it, where that may have made something due. */
    public SodpModel model() {
        return model;
    }

    @Override
    public void accept(SimulatedConnection connection) {
        SodpAdmission admission = model.admit();
        if (admission.isReset()) {
            connection.fail(WireEnd.Kind.BROKEN, "connection reset");
        } else if (!admission.isAccepted()) {
            connection.head(admission.status(), Map.of());
            connection.complete();
        } else {
            connection.head(admission.status(), Map.of("upgrade", "websocket"));
            new Client(connection).open();
        }
    }

    /** Waits for the next moment at which the model has something to do. */
    public void arm() {
        if (tick != null) {
            tick.cancel();
            tick = null;
        }
        OptionalLong deadline = model.nextDeadline();
        if (deadline.isPresent()) {
            long millis =
                    Math.max(0, deadline.getAsLong() - environment.trueNow().toEpochMilli());
            tick = environment.after(Duration.ofMillis(millis), () -> {
                model.tick();
                arm();
            });
        }
    }

    /** One connection, as the model sees it. */
    private final class Client implements SodpPeer, SimulatedConnection.ClientListener {

        private final SimulatedConnection connection;
        private @Nullable SodpSession session;

        Client(SimulatedConnection connection) {
            this.connection = connection;
        }

        void open() {
            connection.listen(this);
            session = model.connect(this);
            pingByTheWire();
            arm();
        }

        /** What the wire does when it asked for it: a ping after so much silence, which is answered. */
        private void pingByTheWire() {
            Duration pingAfter = connection.webSocket().pingAfter();
            if (pingAfter != null) {
                environment.after(pingAfter, () -> {
                    if (session != null && session.isOpen() && connection.isOpen()) {
                        if (!session.isSilent()) {
                            connection.alive();
                        }
                        pingByTheWire();
                    }
                });
            }
        }

        // ---- from the client ----

        @Override
        public void message(Protocol.DataKind kind, ByteBuffer bytes) {
            if (session == null) {
                return;
            }
            if (kind == Protocol.DataKind.TEXT) {
                session.text(StandardCharsets.UTF_8.decode(bytes.duplicate()).toString());
            } else {
                byte[] message = new byte[bytes.remaining()];
                bytes.duplicate().get(message);
                session.message(message);
            }
            arm();
        }

        @Override
        public void closed(int code, String reason) {
            if (session != null) {
                session.closed();
                arm();
            }
        }

        // ---- to the client ----

        @Override
        public void binary(byte[] message) {
            connection.binary(message);
        }

        @Override
        public void text(String message) {
            connection.text(message);
        }

        /** A message that is not complete never leaves a wire. */
        @Override
        public void cut(byte[] message, int bytes) {
            if (bytes == message.length) {
                connection.binary(message);
            }
            reset();
        }

        @Override
        public void ping() {
            if (connection.isOpen()) {
                connection.alive();
                if (session != null) {
                    session.pong();
                }
            }
        }

        @Override
        public void close(int code, String reason) {
            connection.close(code, reason);
        }

        @Override
        public void end() {
            connection.fail(WireEnd.Kind.BROKEN, "the connection ended without a close frame");
        }

        @Override
        public void reset() {
            connection.fail(WireEnd.Kind.BROKEN, "connection reset");
        }
    }
}
