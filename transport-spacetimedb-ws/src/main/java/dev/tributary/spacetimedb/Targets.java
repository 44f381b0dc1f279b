package dev.tributary.spacetimedb;

import dev.tributary.Credential;
import dev.tributary.Options;
import dev.tributary.spi.Deadlines;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.WebSocketTarget;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Addresses with everything that goes with them, secrets apart. */
final class Targets {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final DatabaseAddress address;
    private final Options options;
    private final Map<String, String> headers;
    private final Deadlines http;

    Targets(DatabaseAddress address, Options options) {
        this.address = address;
        this.options = options;
        this.headers = options.get(SpacetimeDbOptions.HEADERS, Map.of());
        this.http =
                new Deadlines(PATIENCE, options.get(SpacetimeDbOptions.HTTP_TIMEOUT, Duration.ofSeconds(30)), PATIENCE);
    }

    /**
     * The WebSocket.
     *
     * @param shortToken goes into the address instead of the credential's token; null for none
     */
    WebSocketTarget socket(List<ProtocolVersion> offered, Credential credential, @Nullable String shortToken) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("compression", SpacetimeDbOptions.compression(options).spelling());
        options.get(SpacetimeDbOptions.LIGHT).ifPresent(light -> parameters.put("light", light.toString()));
        options.get(SpacetimeDbOptions.CONFIRMED)
                .ifPresent(confirmed -> parameters.put("confirmed", confirmed.toString()));
        options.get(SpacetimeDbOptions.CONNECTION_ID).ifPresent(id -> parameters.put("connection_id", id));
        URI printable = with(address.subscribe(), parameters);
        parameters.putAll(credential.parameters());
        if (shortToken != null) {
            parameters.put("token", shortToken);
        }
        Duration ping = options.get(SpacetimeDbOptions.PING, SpacetimeDbOptions.DEFAULT_PING);
        Duration silence = options.get(SpacetimeDbOptions.SILENCE, SpacetimeDbOptions.DEFAULT_SILENCE);
        return new WebSocketTarget(
                with(address.subscribe(), parameters),
                printable.toString(),
                headers,
                secrets(credential, shortToken == null),
                offered.stream().map(ProtocolVersion::subprotocol).toList(),
                options.get(SpacetimeDbOptions.MAX_MESSAGE, SpacetimeDbOptions.DEFAULT_MAX_MESSAGE),
                ping,
                new Deadlines(PATIENCE, PATIENCE, ping.plus(silence)));
    }

    /** The module's description in one of its two forms, {@code 9} or {@code 10}. */
    HttpTarget schema(int version, Credential credential) {
        return bare("GET", with(address.ofDatabase("/schema"), Map.of("version", String.valueOf(version))), credential);
    }

    HttpTarget websocketToken(Credential credential) {
        return bare("POST", address.http("identity/websocket-token"), credential);
    }

    HttpTarget identity(Credential credential) {
        return bare("POST", address.http("identity"), credential);
    }

    HttpTarget verify(Identity identity, Credential credential) {
        return bare("GET", address.http("identity/" + identity + "/verify"), credential);
    }

    HttpTarget publicKey() {
        return bare("GET", address.http("identity/public-key"), Credential.NONE);
    }

    HttpTarget ping() {
        return bare("GET", address.http("ping"), Credential.NONE);
    }

    /** Something about the database: empty for what it is, {@code /identity}, {@code /names}. */
    HttpTarget database(String what, Credential credential) {
        return bare("GET", address.ofDatabase(what), credential);
    }

    HttpTarget sql(String sql, @Nullable Boolean confirmed, Credential credential) {
        URI uri = address.ofDatabase("/sql");
        return withBody(
                confirmed == null ? uri : with(uri, Map.of("confirmed", confirmed.toString())),
                "text/plain",
                sql,
                credential);
    }

    HttpTarget call(String function, String arguments, Credential credential) {
        return withBody(
                address.ofDatabase("/call/" + DatabaseAddress.encoded(function)),
                "application/json",
                arguments,
                credential);
    }

    private HttpTarget bare(String method, URI uri, Credential credential) {
        return HttpTarget.withoutBody(
                method, with(uri, credential.parameters()), uri.toString(), headers, secrets(credential, true), http);
    }

    private HttpTarget withBody(URI uri, String type, String body, Credential credential) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", type);
        return new HttpTarget(
                "POST",
                with(uri, credential.parameters()),
                uri.toString(),
                all,
                secrets(credential, true),
                body.getBytes(StandardCharsets.UTF_8),
                http);
    }

    private static Map<String, String> secrets(Credential credential, boolean withToken) {
        Map<String, String> secrets = new LinkedHashMap<>(credential.headers());
        if (withToken) {
            credential.token().ifPresent(token -> secrets.put("Authorization", "Bearer " + token));
        }
        return secrets;
    }

    private static URI with(URI uri, Map<String, String> parameters) {
        StringBuilder text = new StringBuilder(uri.toString());
        char separator = uri.getRawQuery() == null ? '?' : '&';
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            text.append(separator)
                    .append(DatabaseAddress.encoded(parameter.getKey()))
                    .append('=')
                    .append(DatabaseAddress.encoded(parameter.getValue()));
            separator = '&';
        }
        return URI.create(text.toString());
    }
}
