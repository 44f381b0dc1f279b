package dev.tributary.spacetimedb;

import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.spi.Call;
import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.WireEnd;
import dev.tributary.testkit.spacetimedb.SpacetimeDbModule;
import dev.tributary.testkit.spacetimedb.SpacetimeDbOptions;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Field;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Scalar;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** One session, of {@code v1.json} unless told otherwise, and both ends of its wires, input by input: nothing runs but what the test does. */
final class Scene {

    /** Tables of whole numbers, of texts and of floats of both sizes, and functions; read once. */
    static final String SCHEMA = schema(9);

    static final String SCHEMA_10 = schema(10);

    final Told told = new Told();
    final SourceMemory memory = new SourceMemory();
    final SpacetimeDbProtocol protocol;

    Scene() {
        this(Map.of());
    }

    /** @param more options beside the protocol and the schema */
    Scene(Map<Option<?>, Object> more) {
        this(true, false, more);
    }

    Scene(boolean pinned, boolean authenticated, Map<Option<?>, Object> more) {
        Map<Option<?>, Object> options = new IdentityHashMap<>(more);
        options.putIfAbsent(dev.tributary.spacetimedb.SpacetimeDbOptions.PROTOCOLS, "v1.json");
        if (pinned) {
            options.put(dev.tributary.spacetimedb.SpacetimeDbOptions.SCHEMA, SCHEMA);
        }
        protocol = new SpacetimeDbProtocol(
                new SessionContext(
                        URI.create("ws://model/game"),
                        Options.of(options),
                        authenticated,
                        RandomGenerator.of("L64X128MixRandom"),
                        memory),
                memory);
    }

    private static String schema(int version) {
        SpacetimeDbModule module = SpacetimeDbModule.builder()
                .table(
                        "stock",
                        table -> table.column("id", Scalar.I32)
                                .column("v", Scalar.I32)
                                .primaryKey("id"))
                .table(
                        "orders",
                        table -> table.column("id", Scalar.I32)
                                .column("v", Scalar.I32)
                                .primaryKey("id"))
                .table("pair", table -> table.column("a", Scalar.I32).column("b", Scalar.I32))
                .table("note", table -> table.column("text", Scalar.STRING))
                .table("warm", table -> table.column("x", Scalar.F32).column("v", Scalar.I32))
                .table("heat", table -> table.column("x", Scalar.F64).column("v", Scalar.I32))
                .reducer("nothing", context -> {})
                .reducer("put_stock", context -> {}, new Field("id", Scalar.I32), new Field("v", Scalar.I32))
                .procedure("twice", Scalar.I64, context -> 0L, new Field("n", Scalar.I64))
                .build();
        try (Rig rig = new Rig(module, SpacetimeDbOptions.current())) {
            return rig.get(Rig.db(rig.open()).http().schema(version, Rig.SOON));
        }
    }

    /** Whose first message came, with nothing asked for but that. */
    static Scene connected(Map<Option<?>, Object> more) {
        Scene scene = new Scene(more);
        scene.call(new Wish.Connect());
        scene.accept();
        scene.greet();
        return scene;
    }

    static Scene connected() {
        return connected(Map.of());
    }

    Told.Opened socket() {
        return told.wires.stream()
                .filter(wire -> wire.target() instanceof WebSocketTarget)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no socket was opened"));
    }

    void accept() {
        accept("v1.json.spacetimedb");
    }

    void accept(String subprotocol) {
        protocol.opened(socket(), new Head(101, Map.of("sec-websocket-protocol", List.of(subprotocol))), told);
    }

    void greet() {
        say("{\"IdentityToken\":{\"identity\":{\"__identity__\":\"0x" + Puppet.SELF + "\"},\"token\":\"t0ken\","
                + "\"connection_id\":{\"__connection_id__\":" + Puppet.CONNECTION + "}}}");
    }

    void say(String json) {
        protocol.data(socket(), DataKind.TEXT, ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)), true, told);
    }

    /** A whole answer over HTTP. */
    void answer(Told.Opened wire, int status, String body) {
        protocol.opened(wire, new Head(status, Map.of()), told);
        protocol.data(wire, DataKind.BODY, ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), true, told);
        protocol.ended(wire, WireEnd.complete(), told);
    }

    void end(Told.Opened wire, WireEnd.Kind kind) {
        protocol.ended(wire, WireEnd.of(kind, "cut", null), told);
    }

    Call call(Object wish) {
        Told.Asked call = new Told.Asked(wish);
        protocol.call(call, told);
        return call;
    }

    Call reducer(String name, Object... arguments) {
        return call(new Wish.Reducer(name, Arguments.of(arguments), false));
    }

    Told.Wanted subscribe(Told.Wanted wanted) {
        protocol.subscribe(wanted, told);
        return wanted;
    }

    Told.Wanted subscribe(String sql) {
        return subscribe(new Told.Wanted(sql));
    }

    void unsubscribe(Told.Wanted wanted) {
        protocol.unsubscribe(wanted, told);
    }

    /** The number of a field of the message that was sent as the n-th. */
    long number(int message, String field) {
        return Long.parseLong(
                told.sent.get(message).replaceFirst("(?s)^.*\"" + field + "\":(?:\\{\"id\":)?(\\d+).*$", "$1"));
    }

    int last() {
        return told.sent.size() - 1;
    }

    /** The first rows of the query that was asked for by this message. */
    void applied(int message, String... tables) {
        say("{\"SubscribeMultiApplied\":{\"request_id\":" + number(message, "request_id")
                + ",\"total_host_execution_duration_micros\":4,\"query_id\":{\"id\":" + number(message, "query_id")
                + "},\"update\":{\"tables\":[" + String.join(",", tables) + "]}}}");
    }

    void letGo(int message) {
        say("{\"UnsubscribeMultiApplied\":{\"request_id\":" + number(message, "request_id")
                + ",\"total_host_execution_duration_micros\":4,\"query_id\":{\"id\":" + number(message, "query_id")
                + "},\"update\":{\"tables\":[]}}}");
    }

    void refused(int message, String error) {
        say("{\"SubscriptionError\":{\"total_host_execution_duration_micros\":3,\"request_id\":{\"some\":"
                + number(message, "request_id") + "},\"query_id\":{\"some\":" + number(message, "query_id")
                + "},\"table_id\":{\"none\":[]},\"error\":\"" + error + "\"}}");
    }

    void light(String... tables) {
        say("{\"TransactionUpdateLight\":{\"request_id\":9,\"update\":{\"tables\":[" + String.join(",", tables)
                + "]}}}");
    }

    /** An update with its reducer, called by us; {@code status} is JSON. */
    void full(String status, String reducer, long requestId, String args) {
        say("{\"TransactionUpdate\":{\"status\":" + status
                + ",\"timestamp\":{\"__timestamp_micros_since_unix_epoch__\":1735689600000001},"
                + "\"caller_identity\":{\"__identity__\":\"0x" + Puppet.SELF + "\"},"
                + "\"caller_connection_id\":{\"__connection_id__\":" + Puppet.CONNECTION + "},"
                + "\"reducer_call\":{\"reducer_name\":\"" + reducer + "\",\"reducer_id\":2"
                + ",\"args\":\"" + args + "\",\"request_id\":" + requestId + "},"
                + "\"energy_quanta_used\":{\"quanta\":260},"
                + "\"total_host_execution_duration\":{\"__time_duration_micros__\":2000450}}}");
    }

    void procedure(int message, String status) {
        say("{\"ProcedureResult\":{\"status\":" + status
                + ",\"timestamp\":{\"__timestamp_micros_since_unix_epoch__\":1735689600000001},"
                + "\"total_host_execution_duration\":{\"__time_duration_micros__\":450},\"request_id\":"
                + number(message, "request_id") + "}}");
    }

    /** The answer to a one-off query. */
    void answered(int message, String error, String tables) {
        String id = told.sent.get(message).replaceFirst("(?s)^.*\"message_id\":\"([0-9a-f]+)\".*$", "$1");
        say("{\"OneOffQueryResponse\":{\"message_id\":\"" + id + "\",\"error\":" + error + ",\"tables\":[" + tables
                + "],\"total_host_execution_duration\":{\"__time_duration_micros__\":4}}}");
    }

    static String none() {
        return "{\"none\":[]}";
    }

    static String rowsOf(String table, String rows) {
        return "{\"table_name\":\"" + table + "\",\"rows\":[" + rows + "]}";
    }
}
