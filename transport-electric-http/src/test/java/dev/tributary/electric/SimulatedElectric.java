package dev.tributary.electric;

import dev.tributary.spi.Environment;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.WireEnd;
import dev.tributary.testkit.electric.ElectricModel;
import dev.tributary.testkit.electric.Exchange;
import dev.tributary.testkit.electric.Header;
import dev.tributary.testkit.electric.ModelRequest;
import dev.tributary.testkit.electric.ModelResponse;
import dev.tributary.testkit.electric.WireFault;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedServer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** The model of an Electric server at the far end of simulated wires, and what the network does to it. */
final class SimulatedElectric implements SimulatedServer {

    private final SimulatedEnvironment environment;
    private final ElectricModel model;
    private final Set<SimulatedConnection> open = new LinkedHashSet<>();
    private final List<Runnable> held = new ArrayList<>();
    private Environment.Timer alarm;
    private Duration delay = Duration.ZERO;
    private String rejected;
    private boolean silent;
    private int refusals;
    private int tokens = 1;
    /** What a cache on the way keeps: the last good answer by address. Beginnings are not cached. */
    private final Map<String, ModelResponse> cache = new HashMap<>();

    private boolean repeats;

    SimulatedElectric(SimulatedEnvironment environment, ElectricModel model) {
        this.environment = environment;
        this.model = model;
    }

    @Override
    public void accept(SimulatedConnection connection) {
        if (refusals > 0) {
            refusals -= refusals == Integer.MAX_VALUE ? 0 : 1;
            connection.fail(WireEnd.Kind.REFUSED, "connection refused");
            return;
        }
        open.add(connection);
        ModelRequest request = request(connection.http());
        if (!("Bearer " + token()).equals(request.headers().get("authorization"))) {
            answer(connection, ModelResponse.of(401, List.of(), "{\"message\":\"Unauthorized\"}"));
        } else if (rejected != null && rejected.equals(request.parameter("table"))) {
            answer(connection, ModelResponse.of(400, List.of(), "{\"message\":\"this table is closed today\"}"));
        } else if (repeats && cache.containsKey(addressOf(request))) {
            repeats = false;
            answer(connection, cache.get(addressOf(request)));
        } else {
            Exchange exchange = model.request(request, response -> {
                if (response.status() == 200 && !"-1".equals(request.parameter("offset"))) {
                    cache.put(addressOf(request), response);
                }
                answer(connection, response);
            });
            connection.listen(new SimulatedConnection.ClientListener() {
                @Override
                public void closed(int code, String reason) {
                    exchange.cancel();
                    open.remove(connection);
                }
            });
        }
        watch();
    }

    private static String addressOf(ModelRequest request) {
        return request.path() + request.parameters();
    }

    private static ModelRequest request(HttpTarget target) {
        Map<String, String> headers = new LinkedHashMap<>(target.headers());
        headers.putAll(target.credentials());
        URI uri = target.uri();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        byte[] body = target.body() == null ? new byte[0] : target.body();
        return ModelRequest.of(target.method(), uri.getRawPath() + query, headers, body);
    }

    private void answer(SimulatedConnection connection, ModelResponse response) {
        if (silent) {
            held.add(() -> answer(connection, response));
        } else if (delay.isZero()) {
            send(connection, response);
        } else {
            environment.after(delay, () -> send(connection, response));
        }
    }

    private void send(SimulatedConnection connection, ModelResponse response) {
        open.remove(connection);
        if (response.wireFault() instanceof WireFault.ResetBeforeHeaders) {
            connection.fail(WireEnd.Kind.BROKEN, "connection reset");
            return;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : response.headers()) {
            headers.put(header.name(), header.value());
        }
        connection.head(response.status(), headers);
        connection.body(response.bodyBytes());
        connection.complete();
    }

    /** The model has no clock of its own: it is called when its next deadline has come. */
    void watch() {
        if (alarm != null) {
            alarm.cancel();
        }
        OptionalLong next = model.nextDeadline();
        if (next.isPresent()) {
            long wait = Math.max(0, next.getAsLong() - environment.trueNow().toEpochMilli());
            alarm = environment.after(Duration.ofMillis(wait), () -> {
                model.tick();
                watch();
            });
        }
    }

    void drop() {
        List.copyOf(open).forEach(connection -> connection.fail(WireEnd.Kind.BROKEN, "connection reset"));
        open.clear();
    }

    /** The next request of an address that was answered before gets that answer once more, from a cache. */
    void repeat() {
        repeats = true;
    }

    void refuse(int count) {
        refusals = count;
    }

    void silent(boolean now) {
        silent = now;
        if (!now) {
            List<Runnable> answers = List.copyOf(held);
            held.clear();
            answers.forEach(Runnable::run);
        }
    }

    void delay(Duration time) {
        delay = time;
    }

    void reject(String table) {
        rejected = table;
    }

    void changeToken() {
        tokens++;
    }

    String token() {
        return "s3cret-" + tokens;
    }

    void heal() {
        refusals = 0;
        rejected = null;
        repeats = false;
        delay = Duration.ZERO;
        silent(false);
    }
}
