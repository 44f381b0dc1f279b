package dev.tributary.testkit.spacetimedb;

import dev.tributary.spi.Environment;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.Target;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.WireEnd;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedServer;
import dev.tributary.testkit.socket.HttpRequest;
import dev.tributary.testkit.socket.HttpResponse;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The model of a SpacetimeDB server behind simulated wires of both kinds, in virtual time. What others do, and faults, are
 * made at {@link #model}, from outside the simulation or from a timer of it. Messages arrive whole: a wire in virtual time
 * knows no fragments.
 */
public final class SpacetimeDbModelServer implements SimulatedServer {

    private final SimulatedEnvironment environment;
    private final SpacetimeDbModel model;
    private Environment.@Nullable Timer tick;
    private boolean down;
    private boolean ready;

    /** A server whose clock and randomness are those of the environment. */
    public SpacetimeDbModelServer(
            SimulatedEnvironment environment, SpacetimeDbModule module, SpacetimeDbOptions options) {
        this.environment = environment;
        model = new SpacetimeDbModel(
                module, options, () -> environment.trueNow().toEpochMilli(), environment.splitRandom(), this::arm);
        ready = true;
        arm();
    }

    /** What it serves. */
    public SpacetimeDbModel model() {
        return model;
    }

    /** Whether new wires are refused, as by a process that does not run; what is open is not touched. */
    public void down(boolean now) {
        down = now;
    }

    @Override
    public void accept(SimulatedConnection connection) {
        if (down) {
            connection.fail(WireEnd.Kind.REFUSED, "connection refused");
            return;
        }
        model.request(request(connection), answer -> answer(connection, answer));
        arm();
    }

    private static HttpRequest request(SimulatedConnection connection) {
        Target target = connection.target();
        Map<String, String> headers = new LinkedHashMap<>();
        URI uri = target.uri();
        headers.put("host", uri.getRawAuthority());
        String path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        if (target instanceof HttpTarget http) {
            headers.putAll(http.headers());
            headers.putAll(http.credentials());
            byte[] body = http.body();
            return new HttpRequest(http.method(), path, headers, body == null ? new byte[0] : body.clone());
        }
        WebSocketTarget socket = connection.webSocket();
        headers.putAll(socket.headers());
        headers.putAll(socket.credentials());
        headers.put("connection", "Upgrade");
        headers.put("upgrade", "websocket");
        headers.put("sec-websocket-version", "13");
        headers.put("sec-websocket-key", "c2ltdWxhdGVkIHdpcmUuLg==");
        if (!socket.subprotocols().isEmpty()) {
            headers.put("sec-websocket-protocol", String.join(", ", socket.subprotocols()));
        }
        return new HttpRequest("GET", path, headers, new byte[0]);
    }

    private void answer(SimulatedConnection connection, SpacetimeDbAnswer answer) {
        if (answer instanceof SpacetimeDbAnswer.Response response) {
            HttpResponse plain = response.response();
            connection.head(plain.status(), plain.headers());
            if (plain.body().length > 0) {
                connection.body(plain.body());
            }
            connection.complete();
        } else if (answer instanceof SpacetimeDbAnswer.Open open) {
            Map<String, String> headers = new LinkedHashMap<>(open.headers());
            headers.put("upgrade", "websocket");
            headers.put("connection", "upgrade");
            headers.put("sec-websocket-protocol", open.subprotocol());
            connection.head(101, headers);
            Client client = new Client(connection, open.session());
            connection.listen(client);
            open.session().attach(client);
            client.pingByTheWire();
        } else {
            connection.fail(WireEnd.Kind.BROKEN, "the connection ended before any response");
        }
    }

    /** Waits for the next moment at which the model has something to do, which it does by itself, too. */
    public void arm() {
        if (!ready) {
            return;
        }
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

    /** One connection. */
    private final class Client implements SpacetimeDbPeer, SimulatedConnection.ClientListener {

        private final SimulatedConnection connection;
        private final SpacetimeDbSession session;

        Client(SimulatedConnection connection, SpacetimeDbSession session) {
            this.connection = connection;
            this.session = session;
        }

        /** What the wire does when it asked for it: a ping after so much silence, which is answered. */
        void pingByTheWire() {
            Duration pingAfter = connection.webSocket().pingAfter();
            if (pingAfter != null) {
                environment.after(pingAfter, () -> {
                    if (connection.isOpen()) {
                        if (session.ping(new byte[0])) {
                            connection.alive();
                        }
                        pingByTheWire();
                    }
                });
            }
        }

        // ---- from the client ----

        @Override
        public void message(DataKind kind, ByteBuffer bytes) {
            byte[] message = new byte[bytes.remaining()];
            bytes.duplicate().get(message);
            if (kind == DataKind.TEXT) {
                session.text(message);
            } else {
                session.binary(message);
            }
            arm();
        }

        @Override
        public void closed(int code, String reason) {
            session.gone();
            arm();
        }

        // ---- to the client ----

        @Override
        public void text(byte[] utf8) {
            connection.text(new String(utf8, StandardCharsets.UTF_8));
        }

        @Override
        public void binary(byte[] message) {
            connection.binary(message);
        }

        /** A message that is not complete never leaves a wire. */
        @Override
        public void cut(byte[] message, int bytes, boolean text) {
            if (bytes == message.length && text) {
                text(message);
            } else if (bytes == message.length) {
                binary(message);
            }
            reset();
        }

        @Override
        public void ping() {
            if (connection.isOpen()) {
                connection.alive();
                session.pong();
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
