package dev.tributary.testkit.driftdb;

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
 * The model of a DriftDB server behind simulated wires of both kinds, in virtual time. Pushes of others and faults are
 * made at {@link #model}, from outside the simulation or from a timer of it.
 */
public final class DriftDbModelServer implements SimulatedServer {

    private final SimulatedEnvironment environment;
    private final DriftDbModel model;
    private Environment.@Nullable Timer tick;
    private boolean down;

    /** A server without rooms, whose clock and randomness are those of the environment. */
    public DriftDbModelServer(SimulatedEnvironment environment, DriftDbOptions options) {
        this.environment = environment;
        model = new DriftDbModel(
                options, () -> environment.trueNow().toEpochMilli(), environment.splitRandom(), this::arm);
    }

    /** What it serves. */
    public DriftDbModel model() {
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
        Target target = connection.target();
        Map<String, String> headers = new LinkedHashMap<>();
        URI uri = target.uri();
        headers.put("host", uri.getRawAuthority());
        String path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        HttpRequest request;
        if (target instanceof HttpTarget http) {
            headers.putAll(http.headers());
            headers.putAll(http.credentials());
            byte[] body = http.body();
            request = new HttpRequest(http.method(), path, headers, body == null ? new byte[0] : body.clone());
        } else {
            WebSocketTarget socket = connection.webSocket();
            headers.putAll(socket.headers());
            headers.putAll(socket.credentials());
            headers.put("connection", "Upgrade");
            headers.put("upgrade", "websocket");
            headers.put("sec-websocket-key", "c2ltdWxhdGVkIHdpcmUuLg==");
            request = new HttpRequest("GET", path, headers, new byte[0]);
        }
        model.request(request, answer -> answer(connection, answer));
    }

    private static void answer(SimulatedConnection connection, Answer answer) {
        if (answer instanceof Answer.Response response) {
            HttpResponse plain = response.response();
            connection.head(plain.status(), plain.headers());
            if (plain.body().length > 0) {
                connection.body(plain.body());
            }
            connection.complete();
        } else if (answer instanceof Answer.Open open) {
            connection.head(101, open.headers());
            open(connection, open.connection());
        } else {
            connection.fail(WireEnd.Kind.BROKEN, "the connection ended before any response");
        }
    }

    private static void open(SimulatedConnection wire, DriftDbConnection connection) {
        wire.listen(new SimulatedConnection.ClientListener() {
            @Override
            public void message(DataKind kind, ByteBuffer bytes) {
                if (kind == DataKind.TEXT) {
                    connection.text(StandardCharsets.UTF_8.decode(bytes).toString());
                } else {
                    byte[] message = new byte[bytes.remaining()];
                    bytes.get(message);
                    connection.binary(message);
                }
            }

            @Override
            public void closed(int code, String reason) {
                connection.gone();
            }
        });
        connection.attach(new DriftDbOutlet() {
            @Override
            public void text(String message) {
                wire.text(message);
            }

            @Override
            public void binary(byte[] message) {
                wire.binary(message);
            }

            @Override
            public void end() {
                wire.fail(WireEnd.Kind.BROKEN, "the connection ended without a close frame");
            }
        });
    }

    /** Waits for what the model has to do next. */
    private void arm() {
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
}
