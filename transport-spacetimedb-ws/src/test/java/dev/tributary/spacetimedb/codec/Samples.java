package dev.tributary.spacetimedb.codec;

import dev.tributary.spacetimedb.ConnectionId;
import dev.tributary.spacetimedb.Identity;
import dev.tributary.spacetimedb.codec.RowPlace.Effect;
import dev.tributary.spacetimedb.codec.ServerMessage.Outcome;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a server, by chance, in the layouts of the specification's sections 2.4, 3.4 and 3.5, each with what a
 * reader must tell. The same seed gives the same message as BSATN and as JSON.
 */
final class Samples {

    /** Variants of the first and of the second version. */
    static final int V1_VARIANTS = 11;

    static final int V2_VARIANTS = 8;

    private static final List<String> LETTERS = List.of("a", "7", "é", "漢", "😀", "\"", "\\", "\n", " ", "\u007f");

    private final Random random;
    private final Script to;
    private final List<Object> events = new ArrayList<>();

    private Samples(Random random, Script to) {
        this.random = random;
        this.to = to;
    }

    /** Writes one message and says what must be told. */
    static List<Object> v1(Random random, int tag, Script to) {
        Samples samples = new Samples(random, to);
        samples.v1(tag);
        return samples.events;
    }

    /** Writes one message and says what must be told. */
    static List<Object> v2(Random random, int tag, Script to) {
        Samples samples = new Samples(random, to);
        samples.v2(tag);
        return samples.events;
    }

    private void v1(int tag) {
        switch (tag) {
            case 0 -> {
                begin(tag, "InitialSubscription", MessageKind.INITIAL_SUBSCRIPTION);
                databaseUpdate("database_update", MessageKind.INITIAL_SUBSCRIPTION, null, null);
                long request = u32("request_id");
                end(new ServerMessage.InitialSubscription(request, duration()));
            }
            case 1 -> transaction();
            case 2 -> {
                begin(tag, "TransactionUpdateLight", MessageKind.TRANSACTION_UPDATE);
                long request = u32("request_id");
                databaseUpdate("update", MessageKind.TRANSACTION_UPDATE, null, null);
                end(new ServerMessage.TransactionUpdate(request, null));
            }
            case 3 -> {
                begin(tag, "IdentityToken", MessageKind.CONNECTED);
                Identity identity = identity("identity");
                String token = text("token");
                end(new ServerMessage.Connected(identity, connection("connection_id"), token));
            }
            case 4 -> oneOffOfV1();
            case 5, 6 -> {
                MessageKind kind = tag == 5 ? MessageKind.SUBSCRIBE_APPLIED : MessageKind.UNSUBSCRIBE_APPLIED;
                begin(tag, tag == 5 ? "SubscribeApplied" : "UnsubscribeApplied", kind);
                long request = u32("request_id");
                long micros = micros();
                long query = queryId();
                to.open("rows");
                u32("table_id");
                String table = text("table_name");
                tableUpdate("table_rows", table, kind, query, request);
                to.close();
                end(applied(kind, request, query, micros));
            }
            case 7 -> {
                begin(tag, "SubscriptionError", MessageKind.SUBSCRIPTION_ERROR);
                long micros = micros();
                Long request = optional("request_id");
                Long query = optional("query_id");
                Long table = optional("table_id");
                end(new ServerMessage.SubscriptionError(request, query, table, text("error"), micros));
            }
            case 8, 9 -> {
                MessageKind kind = tag == 8 ? MessageKind.SUBSCRIBE_APPLIED : MessageKind.UNSUBSCRIBE_APPLIED;
                begin(tag, tag == 8 ? "SubscribeMultiApplied" : "UnsubscribeMultiApplied", kind);
                long request = u32("request_id");
                long micros = micros();
                long query = queryId();
                databaseUpdate("update", kind, query, request);
                end(applied(kind, request, query, micros));
            }
            default -> {
                begin(tag, "ProcedureResult", MessageKind.PROCEDURE_RESULT);
                procedure(List.of("Returned", "OutOfEnergy", "InternalError"));
            }
        }
    }

    private void transaction() {
        begin(1, "TransactionUpdate", MessageKind.TRANSACTION_UPDATE);
        int status = random.nextInt(3);
        String error = null;
        to.variant(
                "status", status, List.of("Committed", "Failed", "OutOfEnergy").get(status));
        if (status == 0) {
            databaseUpdate("", MessageKind.TRANSACTION_UPDATE, null, null);
        } else if (status == 1) {
            error = text("");
        } else {
            to.unit();
        }
        to.endVariant();
        long timestamp = timestamp();
        Identity caller = identity("caller_identity");
        ConnectionId connection = connection("caller_connection_id");
        to.open("reducer_call");
        String name = text("reducer_name");
        long id = random.nextBoolean() ? 0xFFFF_FFFFL : 3;
        to.u32("reducer_id", id);
        Payload args = embedded("args");
        long request = u32("request_id");
        to.close();
        to.open("energy_quanta_used");
        BigInteger energy = new BigInteger(128, random);
        to.wide("quanta", energy);
        to.close();
        end(new ServerMessage.TransactionUpdate(
                null,
                new ServerMessage.ReducerEvent(
                        List.of(Outcome.COMMITTED, Outcome.FAILED, Outcome.OUT_OF_ENERGY)
                                .get(status),
                        error,
                        timestamp,
                        caller,
                        connection.value().signum() == 0 ? null : connection,
                        name,
                        id,
                        args,
                        request,
                        energy,
                        duration())));
    }

    private void oneOffOfV1() {
        begin(4, "OneOffQueryResponse", MessageKind.ONE_OFF_RESULT);
        byte[] id = new byte[random.nextBoolean() ? 4 : random.nextInt(7)];
        random.nextBytes(id);
        Long request = id.length == 4 ? (Long) new BigInteger(1, id).longValue() : null;
        to.bytes("message_id", id);
        String error = null;
        boolean some = random.nextBoolean();
        to.variant("error", some ? 0 : 1, some ? "some" : "none");
        if (some) {
            error = text("");
        } else {
            to.unit();
        }
        to.endVariant();
        int tables = random.nextInt(3);
        to.list("tables", tables);
        for (int i = 0; i < tables; i++) {
            to.open("");
            String table = text("table_name");
            rows("rows", new RowPlace(MessageKind.ONE_OFF_RESULT, table, Effect.INSERT, null, request));
            to.close();
        }
        to.endList();
        end(new ServerMessage.OneOffResult(request, Payload.of(id), error, duration()));
    }

    private void v2(int tag) {
        switch (tag) {
            case 0 -> {
                begin(tag, "InitialConnection", MessageKind.CONNECTED);
                Identity identity = identity("");
                ConnectionId connection = connection("");
                end(new ServerMessage.Connected(identity, connection, text("")));
            }
            case 1 -> {
                begin(tag, "SubscribeApplied", MessageKind.SUBSCRIBE_APPLIED);
                long request = u32("");
                long set = u32("");
                queryRows(MessageKind.SUBSCRIBE_APPLIED, Effect.INSERT, set, request);
                end(new ServerMessage.SubscribeApplied(request, set, null));
            }
            case 2 -> {
                begin(tag, "UnsubscribeApplied", MessageKind.UNSUBSCRIBE_APPLIED);
                long request = u32("");
                long set = u32("");
                boolean some = random.nextBoolean();
                to.variant("", some ? 0 : 1, "");
                if (some) {
                    queryRows(MessageKind.UNSUBSCRIBE_APPLIED, Effect.DELETE, set, request);
                }
                end(new ServerMessage.UnsubscribeApplied(request, set, some, null));
            }
            case 3 -> {
                begin(tag, "SubscriptionError", MessageKind.SUBSCRIPTION_ERROR);
                Long request = optional("");
                long set = u32("");
                end(new ServerMessage.SubscriptionError(request, set, null, text(""), null));
            }
            case 4 -> {
                begin(tag, "TransactionUpdate", MessageKind.TRANSACTION_UPDATE);
                querySets(MessageKind.TRANSACTION_UPDATE, null);
                end(new ServerMessage.TransactionUpdate(null, null));
            }
            case 5 -> {
                begin(tag, "OneOffQueryResult", MessageKind.ONE_OFF_RESULT);
                long request = u32("");
                boolean ok = random.nextBoolean();
                String error = null;
                to.variant("", ok ? 0 : 1, "");
                if (ok) {
                    queryRows(MessageKind.ONE_OFF_RESULT, Effect.INSERT, null, request);
                } else {
                    error = text("");
                }
                end(new ServerMessage.OneOffResult(request, null, error, null));
            }
            case 6 -> reducerResult();
            default -> {
                begin(tag, "ProcedureResult", MessageKind.PROCEDURE_RESULT);
                procedure(List.of("Returned", "InternalError"));
            }
        }
    }

    private void reducerResult() {
        begin(6, "ReducerResult", MessageKind.REDUCER_RESULT);
        long request = u32("");
        long timestamp = timestamp();
        int outcome = random.nextInt(4);
        Payload value = null;
        String error = null;
        to.variant("", outcome, "");
        if (outcome == 0) {
            value = embedded("");
            querySets(MessageKind.REDUCER_RESULT, request);
        } else if (outcome == 2) {
            value = embedded("");
        } else if (outcome == 3) {
            error = text("");
        }
        end(new ServerMessage.ReducerResult(
                request,
                timestamp,
                List.of(Outcome.COMMITTED, Outcome.COMMITTED, Outcome.FAILED, Outcome.INTERNAL_ERROR)
                        .get(outcome),
                value,
                error));
    }

    private void procedure(List<String> variants) {
        int status = random.nextInt(variants.size());
        String variant = variants.get(status);
        to.variant("status", status, variant);
        Payload value = null;
        String error = null;
        Outcome outcome = Outcome.OUT_OF_ENERGY;
        switch (variant) {
            case "Returned" -> {
                outcome = Outcome.COMMITTED;
                value = embedded("");
            }
            case "InternalError" -> {
                outcome = Outcome.INTERNAL_ERROR;
                error = text("");
            }
            default -> to.unit();
        }
        to.endVariant();
        long timestamp = timestamp();
        long duration = duration();
        end(new ServerMessage.ProcedureResult(u32("request_id"), outcome, value, error, timestamp, duration));
    }

    private void querySets(MessageKind kind, @Nullable Long request) {
        int sets = random.nextInt(3);
        to.list("", sets);
        for (int i = 0; i < sets; i++) {
            long set = u32("");
            int tables = random.nextInt(3);
            to.list("", tables);
            for (int j = 0; j < tables; j++) {
                String table = text("");
                int updates = random.nextInt(3);
                to.list("", updates);
                for (int k = 0; k < updates; k++) {
                    boolean event = random.nextInt(3) == 0;
                    to.variant("", event ? 1 : 0, "");
                    if (event) {
                        rows("", new RowPlace(kind, table, Effect.EVENT, set, request));
                    } else {
                        rows("", new RowPlace(kind, table, Effect.INSERT, set, request));
                        rows("", new RowPlace(kind, table, Effect.DELETE, set, request));
                    }
                }
            }
        }
    }

    private void queryRows(MessageKind kind, Effect effect, @Nullable Long set, long request) {
        int tables = random.nextInt(3);
        to.list("", tables);
        for (int i = 0; i < tables; i++) {
            rows("", new RowPlace(kind, text(""), effect, set, request));
        }
    }

    private void databaseUpdate(String name, MessageKind kind, @Nullable Long query, @Nullable Long request) {
        to.open(name);
        int tables = random.nextInt(3);
        to.list("tables", tables);
        for (int i = 0; i < tables; i++) {
            tableUpdate("", text(random), kind, query, request);
        }
        to.endList();
        to.close();
    }

    private void tableUpdate(
            String name, String table, MessageKind kind, @Nullable Long query, @Nullable Long request) {
        to.open(name);
        u32("table_id");
        to.text("table_name", table);
        to.whole("num_rows", 8, new BigInteger(64, random));
        int updates = random.nextInt(3);
        to.list("updates", updates);
        for (int i = 0; i < updates; i++) {
            to.squeezed(random.nextInt(3));
            to.open("");
            rows("deletes", new RowPlace(kind, table, Effect.DELETE, query, request));
            rows("inserts", new RowPlace(kind, table, Effect.INSERT, query, request));
            to.close();
            to.endSqueezed();
        }
        to.endList();
        to.close();
    }

    private void rows(String name, RowPlace place) {
        int count = random.nextInt(4);
        boolean same = random.nextBoolean();
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(same && i > 0 ? rows.get(0) : text(random));
        }
        boolean sized = count == 0 || !rows.get(0).isEmpty();
        boolean fixed = random.nextBoolean() && sized && (same || count < 2);
        to.rows(name, rows, fixed);
        events.add(place);
        for (String row : rows) {
            events.add(new Recorder.Told(place, to.isJson() ? row : bytesOf(row)));
        }
    }

    static String bytesOf(String row) {
        return new String(row.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private void begin(int tag, String name, MessageKind kind) {
        events.add(kind);
        to.variant("", tag, name);
        to.open("");
    }

    private void end(ServerMessage message) {
        to.close();
        to.endVariant();
        events.add(message);
    }

    private static ServerMessage applied(MessageKind kind, long request, long query, long micros) {
        return kind == MessageKind.SUBSCRIBE_APPLIED
                ? new ServerMessage.SubscribeApplied(request, query, micros)
                : new ServerMessage.UnsubscribeApplied(request, query, true, micros);
    }

    static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(random.nextInt(8) == 0 ? 300 : 8);
        for (int i = 0; i < length; i++) {
            text.append(LETTERS.get(random.nextInt(LETTERS.size())));
        }
        return text.toString();
    }

    private long u32(String name) {
        long value = random.nextInt() & 0xFFFF_FFFFL;
        to.u32(name, value);
        return value;
    }

    private String text(String name) {
        String value = text(random);
        to.text(name, value);
        return value;
    }

    private Payload embedded(String name) {
        String value = text(random);
        to.embedded(name, value);
        return to.isJson() ? Payload.json(value) : Payload.of(value.getBytes(StandardCharsets.UTF_8));
    }

    private @Nullable Long optional(String name) {
        boolean some = random.nextBoolean();
        Long value = null;
        to.variant(name, some ? 0 : 1, some ? "some" : "none");
        if (some) {
            value = u32("");
        } else {
            to.unit();
        }
        to.endVariant();
        return value;
    }

    private long special(String field, String inner) {
        long value = random.nextLong();
        to.open(field);
        to.i64(inner, value);
        to.close();
        return value;
    }

    private long timestamp() {
        return special("timestamp", "__timestamp_micros_since_unix_epoch__");
    }

    private long duration() {
        return special("total_host_execution_duration", "__time_duration_micros__");
    }

    private long micros() {
        long value = random.nextLong() >>> 1;
        to.i64("total_host_execution_duration_micros", value);
        return value;
    }

    private long queryId() {
        to.open("query_id");
        long value = u32("id");
        to.close();
        return value;
    }

    private Identity identity(String name) {
        BigInteger value = random.nextInt(4) == 0 ? BigInteger.ZERO : new BigInteger(256, random);
        to.open(name);
        to.hex("__identity__", value);
        to.close();
        return new Identity(value);
    }

    private ConnectionId connection(String name) {
        BigInteger value = random.nextInt(4) == 0 ? BigInteger.ZERO : new BigInteger(128, random);
        to.open(name);
        to.wide("__connection_id__", value);
        to.close();
        return new ConnectionId(value);
    }
}
