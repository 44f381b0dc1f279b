package dev.tributary.testkit.spacetimedb;

import static dev.tributary.testkit.spacetimedb.SpacetimeType.array;
import static dev.tributary.testkit.spacetimedb.SpacetimeType.bytes;
import static dev.tributary.testkit.spacetimedb.SpacetimeType.field;
import static dev.tributary.testkit.spacetimedb.SpacetimeType.option;
import static dev.tributary.testkit.spacetimedb.SpacetimeType.product;
import static dev.tributary.testkit.spacetimedb.SpacetimeType.sum;
import static dev.tributary.testkit.spacetimedb.SpacetimeType.unit;

import dev.tributary.testkit.spacetimedb.SpacetimeType.Field;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Scalar;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.brotli.dec.BrotliInputStream;

/**
 * Server frames as texts that are equal when they mean the same: without times and costs, rows, tables and query sets in
 * a fixed order. What binary messages look like is said here once more, as types.
 */
final class ServerFrames {

    private static final Field LIST_HINT =
            field("hint", sum(field("FixedSize", Scalar.U16), field("RowOffsets", array(Scalar.U64))));
    private static final SpacetimeType LIST = product(LIST_HINT, field("data", bytes()));
    private static final SpacetimeType V1_UPDATE = product(field("deletes", LIST), field("inserts", LIST));
    private static final SpacetimeType V1_TABLE = product(
            field("table_id", Scalar.U32),
            field("table_name", Scalar.STRING),
            field("num_rows", Scalar.U64),
            field(
                    "updates",
                    array(sum(field("Uncompressed", V1_UPDATE), field("Brotli", bytes()), field("Gzip", bytes())))));
    private static final SpacetimeType V1_UPDATES = array(V1_TABLE);
    private static final SpacetimeType V1_SINGLE = product(
            field("request_id", Scalar.U32),
            field("micros", Scalar.U64),
            field("query_id", Scalar.U32),
            field("table_id", Scalar.U32),
            field("table_name", Scalar.STRING),
            field("table_rows", V1_TABLE));
    private static final SpacetimeType V1_MULTI = product(
            field("request_id", Scalar.U32),
            field("micros", Scalar.U64),
            field("query_id", Scalar.U32),
            field("tables", V1_UPDATES));
    private static final SpacetimeType CALL = product(
            field("name", Scalar.STRING),
            field("reducer_id", Scalar.U32),
            field("args", bytes()),
            field("request_id", Scalar.U32));

    static final SpacetimeType V1 = sum(
            field(
                    "InitialSubscription",
                    product(field("tables", V1_UPDATES), field("request_id", Scalar.U32), field("micros", Scalar.I64))),
            field(
                    "TransactionUpdate",
                    product(
                            field(
                                    "status",
                                    sum(
                                            field("Committed", product(field("tables", V1_UPDATES))),
                                            field("Failed", Scalar.STRING),
                                            field("OutOfEnergy", unit()))),
                            field("timestamp", Scalar.I64),
                            field("caller_identity", Scalar.U256),
                            field("caller_connection_id", Scalar.U128),
                            field("reducer_call", CALL),
                            field("energy", Scalar.U128),
                            field("micros", Scalar.I64))),
            field("TransactionUpdateLight", product(field("request_id", Scalar.U32), field("tables", V1_UPDATES))),
            field(
                    "IdentityToken",
                    product(
                            field("identity", Scalar.U256),
                            field("token", Scalar.STRING),
                            field("connection_id", Scalar.U128))),
            field(
                    "OneOffQueryResponse",
                    product(
                            field("message_id", bytes()),
                            field("error", option(Scalar.STRING)),
                            field("tables", array(product(field("table_name", Scalar.STRING), field("rows", LIST)))),
                            field("micros", Scalar.I64))),
            field("SubscribeApplied", V1_SINGLE),
            field("UnsubscribeApplied", V1_SINGLE),
            field(
                    "SubscriptionError",
                    product(
                            field("micros", Scalar.U64),
                            field("request_id", option(Scalar.U32)),
                            field("query_id", option(Scalar.U32)),
                            field("table_id", option(Scalar.U32)),
                            field("error", Scalar.STRING))),
            field("SubscribeMultiApplied", V1_MULTI),
            field("UnsubscribeMultiApplied", V1_MULTI),
            field(
                    "ProcedureResult",
                    product(
                            field(
                                    "status",
                                    sum(
                                            field("Returned", bytes()),
                                            field("OutOfEnergy", unit()),
                                            field("InternalError", Scalar.STRING))),
                            field("timestamp", Scalar.I64),
                            field("micros", Scalar.I64),
                            field("request_id", Scalar.U32))));

    private static final SpacetimeType QUERY_ROWS =
            product(field("tables", array(product(field("table", Scalar.STRING), field("rows", LIST)))));
    private static final SpacetimeType V2_SETS = array(product(
            field("query_set_id", Scalar.U32),
            field(
                    "tables",
                    array(product(
                            field("table_name", Scalar.STRING),
                            field(
                                    "updates",
                                    array(sum(
                                            field(
                                                    "Persistent",
                                                    product(field("inserts", LIST), field("deletes", LIST))),
                                            field("Event", product(field("events", LIST)))))))))));

    static final SpacetimeType V2 = sum(
            field(
                    "InitialConnection",
                    product(
                            field("identity", Scalar.U256),
                            field("connection_id", Scalar.U128),
                            field("token", Scalar.STRING))),
            field(
                    "SubscribeApplied",
                    product(
                            field("request_id", Scalar.U32),
                            field("query_set_id", Scalar.U32),
                            field("rows", QUERY_ROWS))),
            field(
                    "UnsubscribeApplied",
                    product(
                            field("request_id", Scalar.U32),
                            field("query_set_id", Scalar.U32),
                            field("rows", option(QUERY_ROWS)))),
            field(
                    "SubscriptionError",
                    product(
                            field("request_id", option(Scalar.U32)),
                            field("query_set_id", Scalar.U32),
                            field("error", Scalar.STRING))),
            field("TransactionUpdate", product(field("sets", V2_SETS))),
            field(
                    "OneOffQueryResult",
                    product(
                            field("request_id", Scalar.U32),
                            field("result", sum(field("ok", QUERY_ROWS), field("err", Scalar.STRING))))),
            field(
                    "ReducerResult",
                    product(
                            field("request_id", Scalar.U32),
                            field("timestamp", Scalar.I64),
                            field(
                                    "outcome",
                                    sum(
                                            field("Ok", product(field("ret_value", bytes()), field("sets", V2_SETS))),
                                            field("OkEmpty", unit()),
                                            field("Err", bytes()),
                                            field("InternalError", Scalar.STRING))))),
            field(
                    "ProcedureResult",
                    product(
                            field("status", sum(field("Returned", bytes()), field("InternalError", Scalar.STRING))),
                            field("timestamp", Scalar.I64),
                            field("micros", Scalar.I64),
                            field("request_id", Scalar.U32))));

    private static final Set<String> MASKED = Set.of(
            "micros",
            "timestamp",
            "energy",
            "energy_quanta_used",
            "token",
            "total_host_execution_duration",
            "total_host_execution_duration_micros");
    private static final Set<String> UNORDERED =
            Set.of("tables", "updates", "sets", "inserts", "deletes", "rows", "events");

    private final BigInteger client;

    ServerFrames(BigInteger client) {
        this.client = client;
    }

    /** The messages in a binary frame. */
    List<String> binary(SpacetimeType type, byte[] frame) {
        try {
            byte[] body = Arrays.copyOfRange(frame, 1, frame.length);
            if (frame[0] == 2) {
                body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
            } else if (frame[0] == 1) {
                body = new BrotliInputStream(new ByteArrayInputStream(body)).readAllBytes();
            }
            BsatnReader in = new BsatnReader(body);
            List<String> messages = new ArrayList<>();
            while (in.hasMore()) {
                Object value = new ValueReader(Typespace.EMPTY, in).read(type);
                messages.add(render("", type, value));
            }
            return messages;
        } catch (BsatnException e) {
            throw new AssertionError("no server message: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String render(String name, SpacetimeType type, Object value) {
        if (MASKED.contains(name)) {
            return "*";
        }
        if (LIST.equals(type)) {
            return rows((List<?>) value);
        }
        if (type instanceof SpacetimeType.Product product) {
            List<String> fields = new ArrayList<>();
            for (int i = 0; i < product.fields().size(); i++) {
                Field each = product.fields().get(i);
                String field = String.valueOf(each.name());
                fields.add(field + "=" + render(field, each.type(), ((List<?>) value).get(i)));
            }
            return fields.toString();
        }
        if (type instanceof SpacetimeType.Sum sum) {
            if (value instanceof Optional<?> option) {
                return option.map(some -> render(name, sum.variants().get(0).type(), some))
                        .orElse("none");
            }
            SumValue chosen = (SumValue) value;
            Field variant = sum.variants().get(chosen.tag());
            return variant.name() + " " + render(name, variant.type(), chosen.value());
        }
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        if (type instanceof SpacetimeType.Array array) {
            List<String> items = new ArrayList<>();
            ((List<?>) value).forEach(item -> items.add(render("", array.element(), item)));
            if (UNORDERED.contains(name)) {
                Collections.sort(items);
            }
            return items.toString();
        }
        if (name.startsWith("caller_") && !value.equals(client) && !value.equals(BigInteger.ZERO)) {
            return "someone";
        }
        return shortened(value.toString());
    }

    /** The kind of the list counts too. */
    private static String rows(List<?> list) {
        SumValue hint = (SumValue) list.get(0);
        byte[] data = (byte[]) list.get(1);
        List<String> rows = new ArrayList<>();
        if (hint.tag() == 0) {
            int size = (Integer) hint.value();
            if (size == 0) {
                throw new AssertionError("rows of no bytes");
            }
            for (int at = 0; at < data.length; at += size) {
                rows.add(HexFormat.of().formatHex(data, at, at + size));
            }
        } else {
            List<?> offsets = (List<?>) hint.value();
            for (int i = 0; i < offsets.size(); i++) {
                int from = ((BigInteger) offsets.get(i)).intValue();
                int to = i + 1 < offsets.size() ? ((BigInteger) offsets.get(i + 1)).intValue() : data.length;
                rows.add(HexFormat.of().formatHex(data, from, to));
            }
        }
        // A time that is a column: that of the recording is not that of the model.
        rows.replaceAll(row -> row.replaceAll("[0-9a-f]{8}c4600600", "TIME"));
        Collections.sort(rows);
        return (hint.tag() == 0 ? "fixed " : "offsets ") + rows;
    }

    /** A JSON frame. */
    String json(String text) {
        try {
            return json("", JsonText.parse(text));
        } catch (JsonException e) {
            throw new AssertionError("no JSON: " + e.getMessage(), e);
        }
    }

    private String json(String name, JsonNode node) {
        if (MASKED.contains(name)) {
            return "*";
        }
        if (name.startsWith("caller_")) {
            String id = json("", node);
            boolean known = id.contains(RowJson.hex(client)) || id.endsWith("=0]");
            return known ? id : "someone";
        }
        if (node instanceof JsonNode.Obj object) {
            List<String> members = new ArrayList<>();
            object.members().forEach(member -> members.add(member.name() + "=" + json(member.name(), member.value())));
            return members.toString();
        }
        if (node instanceof JsonNode.Arr array) {
            List<String> items = new ArrayList<>();
            array.items().forEach(item -> items.add(json("", item)));
            if (UNORDERED.contains(name)) {
                Collections.sort(items);
            }
            return items.toString();
        }
        if (node instanceof JsonNode.Text string) {
            return shortened(string.value());
        }
        return node.described();
    }

    /** Without the addresses of a panic, and without the times that are columns. */
    private static String shortened(String text) {
        int backtrace = text.indexOf("wasm backtrace:");
        String rest = backtrace < 0 ? text : text.substring(0, backtrace);
        return rest.replaceAll("\\b1795246\\d{9}\\b", "TIME");
    }
}
