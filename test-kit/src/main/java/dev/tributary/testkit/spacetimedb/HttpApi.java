package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.model.RustJson;
import dev.tributary.testkit.socket.HttpRequest;
import dev.tributary.testkit.socket.HttpResponse;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers one HTTP request, handshakes among them. */
final class HttpApi {

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";
    private static final int MOST_BYTES = 2 * 1024 * 1024;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Pattern IDENTITY = Pattern.compile("(0x)?[0-9a-f]{64}");

    private final SpacetimeDbModel model;
    private final HttpRequest request;
    private final Consumer<SpacetimeDbAnswer> answer;
    private final Map<String, String> query = new LinkedHashMap<>();
    private Tokens.@Nullable Verified caller;

    /** The request ends here, with this answer. */
    private static final class EndException extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient HttpResponse response;

        EndException(int status, String text) {
            super(text);
            response = HttpResponse.of(status, TEXT, text);
        }
    }

    HttpApi(SpacetimeDbModel model, HttpRequest request, Consumer<SpacetimeDbAnswer> answer) {
        this.model = model;
        this.request = request;
        this.answer = answer;
    }

    void answer() {
        try {
            route();
        } catch (EndException e) {
            respond(e.response);
        }
    }

    private void route() throws EndException {
        readQuery();
        String path = request.path();
        if (path.equals("/v1/ping")) {
            method("GET");
            respond(HttpResponse.of(200));
        } else if (path.equals("/v1/identity")) {
            method("POST");
            Tokens.Verified made = model.tokens().anonymous(model.seconds());
            respond(HttpResponse.of(
                    200, JSON, "{\"identity\":\"%064x\",\"token\":\"%s\"}".formatted(made.identity(), made.token())));
        } else if (path.equals("/v1/identity/websocket-token")) {
            method("POST");
            Tokens.Verified known = need(presented(false));
            respond(HttpResponse.of(
                    200, JSON, "{\"token\":\"" + model.tokens().shortLived(known, model.seconds()) + "\"}"));
        } else if (path.startsWith("/v1/identity/") && path.endsWith("/verify")) {
            method("GET");
            Tokens.Verified known = need(presented(false));
            String hex = path.substring("/v1/identity/".length(), path.length() - "/verify".length());
            respond(HttpResponse.of("%064x".formatted(known.identity()).equals(hex) ? 204 : 400));
        } else if (path.startsWith("/v1/database/")) {
            database(path.substring("/v1/database/".length()).split("/", -1));
        } else {
            throw new EndException(404, "");
        }
    }

    private void readQuery() {
        String text = request.query();
        if (text == null) {
            return;
        }
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            query.put(
                    URLDecoder.decode(name, StandardCharsets.UTF_8), URLDecoder.decode(value, StandardCharsets.UTF_8));
        }
    }

    private void database(String[] parts) throws EndException {
        Tokens.Verified known = presented(true);
        caller = known == null ? model.tokens().anonymous(model.seconds()) : known;
        String action = parts.length > 1 ? parts[1] : "";
        if (action.equals("subscribe") && parts.length == 2) {
            subscribe(parts[0]);
            return;
        }
        find(parts[0]);
        BigInteger identity = model.databaseIdentity();
        if (parts.length == 1) {
            method("GET");
            respond(HttpResponse.of(
                    200,
                    JSON,
                    ("{\"database_identity\":{\"__identity__\":\"%s\"},\"owner_identity\":{\"__identity__\":\"%s\"},"
                                    + "\"host_type\":{\"Wasm\":[]},\"initial_program\":\"0x0\"}")
                            .formatted(RowJson.hex(identity), RowJson.hex(model.ownerIdentity()))));
        } else if (action.equals("identity")) {
            method("GET");
            respond(HttpResponse.of(200, TEXT, "%064x".formatted(identity)));
        } else if (action.equals("names")) {
            method("GET");
            respond(HttpResponse.of(
                    200, JSON, "{\"names\":[" + RustJson.quoted(model.options().database()) + "]}"));
        } else if (action.equals("schema")) {
            method("GET");
            schema();
        } else if (action.equals("sql")) {
            method("POST");
            sql();
        } else if (action.equals("call") && parts.length == 3) {
            method("POST");
            call(parts[2]);
        } else {
            throw new EndException(404, "");
        }
    }

    // ---- handshake ----

    private void subscribe(String name) throws EndException {
        if (!request.method().equals("GET")) {
            throw new EndException(405, "");
        }
        Compression compression = Compression.BROTLI;
        String wanted = query.get("compression");
        if (wanted != null) {
            compression = Arrays.stream(Compression.values())
                    .filter(each -> each.parameter().equals(wanted))
                    .findFirst()
                    .orElseThrow(() ->
                            badQuery("unknown variant `" + wanted + "`, expected one of `None`, `Brotli`, `Gzip`"));
        }
        boolean light = flag("light", false);
        BigInteger connectionId = connectionId();
        find(name);
        if (!request.isUpgrade()) {
            throw new EndException(426, "This service requires use of the websocket protocol");
        }
        if (!request.headers().getOrDefault("sec-websocket-version", "13").equals("13")) {
            throw new EndException(400, "Unsupported WebSocket version");
        }
        List<String> offered = new ArrayList<>();
        for (String each :
                request.headers().getOrDefault("sec-websocket-protocol", "").split(",", -1)) {
            offered.add(each.strip());
        }
        Subprotocol subprotocol = Subprotocol.best(offered, model.options());
        if (subprotocol == null) {
            throw new EndException(400, "no valid protocol selected");
        }
        boolean newer = model.options().atLeast(2, 0, 1) && !subprotocol.isVersion1();
        boolean confirmed = model.options().atLeast(1, 4, 0) && flag("confirmed", newer);
        Tokens.Verified who = need(caller);
        SpacetimeDbSession session = model.session(new ConnectionRequest(
                who.identity(),
                who.token(),
                subprotocol,
                subprotocol == Subprotocol.V1_JSON ? Compression.NONE : compression,
                light && subprotocol.isVersion1(),
                confirmed,
                connectionId));
        answer.accept(new SpacetimeDbAnswer.Open(subprotocol.wireName(), identityHeaders(who), session));
    }

    private boolean flag(String name, boolean otherwise) throws EndException {
        String value = query.get(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.equals("true") && !value.equals("false")) {
            throw badQuery("provided string was not `true` or `false`");
        }
        return value.equals("true");
    }

    private @Nullable BigInteger connectionId() throws EndException {
        String hex = query.get("connection_id");
        if (hex == null) {
            return null;
        }
        if (!hex.matches("[0-9a-fA-F]{32}")) {
            throw badQuery("invalid connection_id");
        }
        BigInteger id = new BigInteger(hex, 16);
        if (id.signum() == 0) {
            throw new EndException(400, "Invalid connection ID: the all-zeros ConnectionId is reserved.");
        }
        return id;
    }

    private static EndException badQuery(String what) {
        return new EndException(400, "Failed to deserialize query string: " + what);
    }

    // ---- who and what ----

    private Tokens.@Nullable Verified presented(boolean inUrl) throws EndException {
        String header = request.header("authorization");
        String token;
        if (header == null) {
            token = inUrl ? query.get("token") : null;
        } else if (header.startsWith("Bearer ")) {
            token = header.substring("Bearer ".length());
        } else {
            throw new EndException(400, "Authorization is invalid: malformed token");
        }
        if (token == null) {
            return null;
        }
        try {
            return model.tokens().verify(token, model.seconds());
        } catch (Tokens.InvalidException e) {
            throw new EndException(401, String.valueOf(e.getMessage()));
        }
    }

    private static Tokens.Verified need(Tokens.@Nullable Verified token) throws EndException {
        if (token == null) {
            throw new EndException(401, "Authorization required");
        }
        return token;
    }

    private void find(String name) throws EndException {
        String lower = name.toLowerCase(Locale.ROOT);
        if (IDENTITY.matcher(lower).matches()) {
            String hex = lower.startsWith("0x") ? lower.substring(2) : lower;
            if (!new BigInteger(hex, 16).equals(model.databaseIdentity())) {
                throw new EndException(500, "Internal error");
            }
        } else if (!NAME.matcher(name).matches()) {
            throw new EndException(400, "Invalid URL: invalid characters in database name");
        } else if (!name.equals(model.options().database())) {
            throw new EndException(404, "`" + name + "` not found");
        }
    }

    private void method(String wanted) throws EndException {
        if (!request.method().equals(wanted)) {
            throw new EndException(405, "");
        }
    }

    private static Map<String, String> identityHeaders(Tokens.Verified who) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("spacetime-identity", "%064x".formatted(who.identity()));
        headers.put("spacetime-identity-token", who.token());
        return headers;
    }

    private void respond(HttpResponse plain) {
        HttpResponse response = plain.with("access-control-allow-origin", "*");
        if (caller != null) {
            for (Map.Entry<String, String> header : identityHeaders(caller).entrySet()) {
                response = response.with(header.getKey(), header.getValue());
            }
        }
        answer.accept(new SpacetimeDbAnswer.Response(response));
    }

    // ---- the database ----

    private void schema() throws EndException {
        String version = query.get("version");
        if ("9".equals(version)) {
            respond(HttpResponse.of(200, JSON, SchemaWriter.version9(model.module())));
        } else if ("10".equals(version) && model.options().atLeast(2, 0, 5)) {
            respond(HttpResponse.of(200, JSON, SchemaWriter.version10(model.module())));
        } else {
            throw badQuery(version == null ? "missing field `version`" : "unknown variant `" + version + "`");
        }
    }

    private BigInteger enterModule() throws EndException {
        BigInteger connection = model.newConnectionId();
        Outcome outcome =
                model.transactions().lifecycle("OnConnect", need(caller).identity(), connection);
        if (!(outcome instanceof Outcome.Committed)) {
            throw new EndException(403, CallResult.of(outcome).error());
        }
        return connection;
    }

    private void sql() throws EndException {
        bounded();
        BigInteger who = need(caller).identity();
        String statement = new String(request.body(), StandardCharsets.UTF_8);
        model.work().add(null, 0, () -> {
            try {
                BigInteger connection = enterModule();
                try {
                    respond(HttpResponse.of(200, JSON, new SqlRunner(model, who).run(statement)));
                } catch (SqlException e) {
                    respond(HttpResponse.of(400, TEXT, String.valueOf(e.getMessage())));
                }
                model.transactions().lifecycle("OnDisconnect", who, connection);
            } catch (EndException e) {
                respond(e.response);
            }
        });
    }

    private void bounded() throws EndException {
        if (request.body().length > MOST_BYTES) {
            throw new EndException(413, "length limit exceeded");
        }
    }

    private void call(String name) throws EndException {
        if (!JSON.equals(request.header("content-type"))) {
            throw new EndException(415, "Expected request with `Content-Type: application/json`");
        }
        bounded();
        FunctionSpec reducer = model.module().reducers().get(name);
        if (reducer == null) {
            callProcedure(name);
            return;
        }
        if (reducer.lifecycle() != null) {
            throw new EndException(400, "can't directly call special " + reducer.lifecycle() + " lifecycle reducer");
        }
        byte[] arguments;
        try {
            arguments = reducer.arguments(model.module().types(), "reducer", request.body(), true, true);
        } catch (JsonException e) {
            throw new EndException(400, String.valueOf(e.getMessage()));
        }
        BigInteger who = need(caller).identity();
        model.work().add(null, reducer.millis(), () -> {
            try {
                BigInteger connection = enterModule();
                CallResult result = CallResult.of(model.transactions()
                        .run(
                                reducer,
                                arguments,
                                model.transactions().cause(reducer, who, connection, arguments, 0, null, false)));
                model.transactions().lifecycle("OnDisconnect", who, connection);
                respond(HttpResponse.of(
                                result.committed() ? 200 : result.error().equals("out of energy") ? 402 : 530,
                                TEXT,
                                result.error())
                        .with("spacetime-energy-used", String.valueOf(V1Writer.ENERGY))
                        .with("spacetime-execution-duration-micros", String.valueOf(V1Writer.MICROS)));
            } catch (EndException e) {
                respond(e.response);
            }
        });
    }

    private void callProcedure(String name) throws EndException {
        if (!model.module().procedures().containsKey(name)) {
            throw new EndException(404, "No such procedure");
        }
        BigInteger who = need(caller).identity();
        BigInteger connection = enterModule();
        model.procedureCalls().call(name, request.body(), true, who, connection, new ProcedureCalls.Listener() {
            @Override
            public void returned(SpacetimeType type, byte[] value, long micros) {
                model.transactions().lifecycle("OnDisconnect", who, connection);
                respond(HttpResponse.of(200, JSON, RowJson.text(model.module().types(), type, value, false)));
            }

            @Override
            public void failed(String error) {
                model.transactions().lifecycle("OnDisconnect", who, connection);
                respond(HttpResponse.of(error.startsWith("invalid arguments") ? 400 : 500, TEXT, error));
            }
        });
    }
}
