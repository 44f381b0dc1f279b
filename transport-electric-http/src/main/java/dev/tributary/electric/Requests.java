package dev.tributary.electric;

import dev.tributary.Credential;
import dev.tributary.Options;
import dev.tributary.electric.RequestUrl.Parameter;
import dev.tributary.spi.Deadlines;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.SessionContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes the requests of one session. */
final class Requests {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** A snapshot may take 30 s to begin. */
    private static final Duration CATCH_UP = Duration.ofSeconds(60);
    /** The server holds a live request for 20 s. */
    private static final Duration LIVE = Duration.ofSeconds(45);

    private static final Duration IDLE = Duration.ofSeconds(45);
    private static final long BUSTERS = 78_364_164_096L;

    private final Endpoint endpoint;
    private final List<Parameter> shape = new ArrayList<>();
    private final ExpiredHandles expired;
    private final RandomGenerator random;
    private final Duration liveTimeout;
    private @Nullable Asked last;

    Requests(SessionContext context, ShapeQuery query, ColumnNames names, ExpiredHandles expired) {
        this.endpoint = Endpoint.of(context.endpoint());
        this.expired = expired;
        this.random = context.random();
        Options options = context.options();
        this.liveTimeout = options.get(ElectricOptions.LIVE_TIMEOUT, LIVE);
        query.request(names).forEach((name, value) -> shape.add(new Parameter(name, value, false)));
        options.get(ElectricOptions.SOURCE_ID)
                .ifPresent(id -> shape.add(new Parameter(ElectricOptions.SOURCE_ID.name(), id, false)));
        options.get(ElectricOptions.SECRET)
                .ifPresent(secret -> shape.add(new Parameter(ElectricOptions.SECRET.name(), secret, true)));
        options.get(ElectricOptions.API_SECRET)
                .ifPresent(secret -> shape.add(new Parameter(ElectricOptions.API_SECRET.name(), secret, true)));
    }

    /** A request as it goes out, and what it asks for. */
    record Asked(HttpTarget target, String shapeKey, ShapePosition position, boolean live, Secrets secrets) {}

    /**
     * A request from this place on.
     *
     * @param live whether the server should hold it until there is something to say
     * @param buster makes the address a new one; null where a cache may answer
     */
    Asked ask(ShapePosition position, boolean live, @Nullable String buster, Credential credential) {
        List<Parameter> parameters = new ArrayList<>(shape);
        credential.parameters().forEach((name, value) -> {
            RequestUrl.checkFree(name);
            parameters.removeIf(own -> own.name().equals(name));
            parameters.add(new Parameter(name, value, true));
        });
        String shapeKey = RequestUrl.shapeKey(endpoint, parameters);
        add(parameters, "offset", position.offset());
        add(parameters, "handle", position.handle());
        if (live) {
            add(parameters, "live", "true");
            add(parameters, "cursor", position.cursor() == null ? "" : position.cursor());
        } else {
            add(parameters, "cursor", position.cursor());
        }
        add(parameters, "expired_handle", expired.get(shapeKey));
        add(parameters, "cache-buster", buster);
        RequestUrl url = RequestUrl.of(endpoint, parameters);
        Duration head = live ? liveTimeout : CATCH_UP;
        HttpTarget target = get(url, headers(credential), new Deadlines(CONNECT, head, IDLE));
        last = new Asked(target, shapeKey, position, live, Secrets.of(parameters, credential));
        return last;
    }

    /** The shape's key in the last request; empty before one. */
    String shapeKey() {
        return last == null ? "" : last.shapeKey();
    }

    /** The address of the last request without secrets; empty before one. */
    String printable() {
        return last == null ? "" : last.target().printable();
    }

    @SuppressWarnings("NullAway") // On JDK 17 it does not see that the body may be null.
    private static HttpTarget get(RequestUrl url, Map<String, String> credentials, Deadlines deadlines) {
        Map<String, String> headers = Map.of("accept", "application/json");
        return new HttpTarget("GET", url.uri(), url.printable(), headers, credentials, null, deadlines);
    }

    private static void add(List<Parameter> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.add(new Parameter(name, value, false));
        }
    }

    private static Map<String, String> headers(Credential credential) {
        Map<String, String> headers = new LinkedHashMap<>();
        credential.token().ifPresent(token -> headers.put("authorization", "Bearer " + token));
        credential.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        return headers;
    }

    /** A text that no address had before. */
    String buster(Instant now) {
        String tail = Long.toString(random.nextLong(BUSTERS), Character.MAX_RADIX);
        return now.toEpochMilli() + "-" + "0".repeat(7 - tail.length()) + tail;
    }
}
