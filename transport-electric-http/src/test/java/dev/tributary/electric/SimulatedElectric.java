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
    /** What a cache on the way keeps: by address the last answer that caches may keep. */
    private final Map<String, ModelResponse> cache = new HashMap<>();

    /** Parameters that the cache leaves out of its key. */
    private final Set<String> ignored;

    private boolean repeats;
    private boolean stale;

    SimulatedElectric(SimulatedEnvironment environment, ElectricModel model, Set<String> ignored) {
        this.environment = environment;
        this.model = model;
        this.ignored = ignored;
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
        } else if (isCached(request)) {
            repeats = false;
            answer(connection, cache.get(addressOf(request)));
        } else {
            Exchange exchange = model.request(request, response -> {
                if (mayBeKept(request, response)) {
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

    /** What came twice is what just came; a stale cache gives the beginning of a log, too, and says that it is over. */
    private boolean isCached(ModelRequest request) {
        ModelResponse kept = cache.get(addressOf(request));
        boolean isOfALog = kept != null && kept.status() == 200 && !"-1".equals(request.parameter("offset"));
        return kept != null && (stale || (repeats && isOfALog));
    }

    /** Good answers, and those that say that a log is gone, unless the wire breaks under them. */
    private static boolean mayBeKept(ModelRequest request, ModelResponse response) {
        boolean says = response.status() == 200 || response.status() == 409;
        return says && response.wireFault() == null && request.method().equals("GET");
    }

    private String addressOf(ModelRequest request) {
        Map<String, Object> parameters = new LinkedHashMap<>(request.parameters());
        parameters.keySet().removeAll(ignored);
        return request.path() + parameters;
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

    /**
     * From now on a cache answers each address that was asked before as it was answered then, however long ago: with a log
     * that is gone, or with what is up to date no more.
     */
    void stale() {
        stale = true;
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
        stale = false;
        delay = Duration.ZERO;
        silent(false);
    }
}
