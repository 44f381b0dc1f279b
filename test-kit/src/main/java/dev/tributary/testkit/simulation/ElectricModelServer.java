package dev.tributary.testkit.simulation;

import dev.tributary.spi.Environment;
import dev.tributary.spi.Head;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.WireEnd;
import dev.tributary.testkit.electric.ElectricModel;
import dev.tributary.testkit.electric.Exchange;
import dev.tributary.testkit.electric.ModelOptions;
import dev.tributary.testkit.electric.ModelRequest;
import dev.tributary.testkit.electric.ModelResponse;
import dev.tributary.testkit.electric.WireFault;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The model of an Electric server behind simulated wires, in virtual time: what goes wrong on its way goes wrong here.
 * Commits and faults are made at {@link #model}, from outside the simulation or from a timer of it.
 */
public final class ElectricModelServer implements SimulatedServer {

    private static final int MOST_REDIRECTS = 5;

    private final SimulatedEnvironment environment;
    private final ElectricModel model;
    private Environment.@Nullable Timer tick;

    /** A server without tables, whose clock and randomness are those of the environment. */
    public ElectricModelServer(SimulatedEnvironment environment, ModelOptions options) {
        this.environment = environment;
        this.model = new ElectricModel(options, () -> environment.trueNow().toEpochMilli(), environment.splitRandom());
    }

    /** What it serves. */
    public ElectricModel model() {
        return model;
    }

    @Override
    public void accept(SimulatedConnection connection) {
        ask(connection, connection.http().uri(), MOST_REDIRECTS);
    }

    private void ask(SimulatedConnection connection, URI uri, int redirects) {
        HttpTarget target = connection.http();
        Map<String, String> headers = new LinkedHashMap<>(target.headers());
        headers.putAll(target.credentials());
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        byte[] body = target.body();
        ModelRequest request = ModelRequest.of(
                target.method(), uri.getRawPath() + query, headers, body == null ? new byte[0] : body.clone());
        Exchange exchange = model.request(request, response -> {
            String location = response.header("location");
            if (response.status() / 100 == 3 && location != null && redirects > 0) {
                // A wire follows redirects by itself.
                ask(connection, uri.resolve(location), redirects - 1);
            } else {
                answer(connection, response);
            }
        });
        connection.listen(new SimulatedConnection.ClientListener() {
            @Override
            public void closed(int code, String reason) {
                exchange.cancel();
            }
        });
        arm();
    }

    /** Waits for the next request that is held to be due. One that was answered before makes a tick of no effect. */
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

    private void answer(SimulatedConnection connection, ModelResponse response) {
        WireFault fault = response.wireFault();
        if (fault instanceof WireFault.ResetBeforeHeaders) {
            connection.fail(WireEnd.Kind.BROKEN, "connection reset");
        } else if (fault instanceof WireFault.Delay delay) {
            environment.after(Duration.ofMillis(delay.millis()), () -> whole(connection, response));
        } else if (fault instanceof WireFault.ResetInBody reset) {
            broken(connection, response, reset.bodyBytes(), "connection reset");
        } else if (fault instanceof WireFault.Cut cut) {
            broken(connection, response, cut.bodyBytes(), "the body ended early");
        } else if (fault instanceof WireFault.Stall stall) {
            stalled(connection, response, stall);
        } else if (fault instanceof WireFault.Dribble dribble) {
            dribbled(connection, response, dribble);
        } else {
            whole(connection, response);
        }
    }

    private static void whole(SimulatedConnection connection, ModelResponse response) {
        connection.head(head(response));
        response.body().forEach(connection::body);
        connection.complete();
    }

    private static void broken(SimulatedConnection connection, ModelResponse response, int bytes, String reason) {
        byte[] body = response.bodyBytes();
        connection.head(head(response));
        connection.body(part(body, 0, Math.min(bytes, body.length)));
        connection.fail(WireEnd.Kind.BROKEN, reason);
    }

    private void stalled(SimulatedConnection connection, ModelResponse response, WireFault.Stall stall) {
        byte[] body = response.bodyBytes();
        int first = Math.min(stall.bodyBytes(), body.length);
        connection.head(head(response));
        connection.body(part(body, 0, first));
        environment.after(Duration.ofMillis(stall.millis()), () -> {
            connection.body(part(body, first, body.length));
            connection.complete();
        });
    }

    private void dribbled(SimulatedConnection connection, ModelResponse response, WireFault.Dribble dribble) {
        byte[] body = response.bodyBytes();
        int size = Math.max(1, dribble.bytesPerStep());
        connection.head(head(response));
        Duration time = Duration.ZERO;
        for (int at = 0; at < body.length; at += size) {
            byte[] step = part(body, at, Math.min(at + size, body.length));
            time = time.plusMillis(dribble.millisPerStep());
            environment.after(time, () -> connection.body(step));
        }
        environment.after(time, connection::complete);
    }

    private static byte[] part(byte[] bytes, int from, int to) {
        byte[] part = new byte[to - from];
        System.arraycopy(bytes, from, part, 0, part.length);
        return part;
    }

    private static Head head(ModelResponse response) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        response.headers()
                .forEach(header -> headers.computeIfAbsent(header.name(), name -> new ArrayList<>())
                        .add(asOnTheWire(header.value())));
        return new Head(response.status(), headers);
    }

    /** A header's bytes are UTF-8; an HTTP client hands them over as one character for each byte. */
    private static String asOnTheWire(String value) {
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
