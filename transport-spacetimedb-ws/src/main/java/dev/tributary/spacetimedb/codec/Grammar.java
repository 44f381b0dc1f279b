package dev.tributary.spacetimedb.codec;

import dev.tributary.spacetimedb.ConnectionId;
import dev.tributary.spacetimedb.codec.RowPlace.Effect;
import dev.tributary.spacetimedb.codec.ServerMessage.Outcome;
import dev.tributary.spacetimedb.codec.Shape.Field;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The server's messages, in the order of their tags (specification 3.4 and 3.5). */
final class Grammar {

    /** Of {@code v1.json} and {@code v1.bsatn}. */
    static final List<Message> V1;

    /** Of {@code v2.bsatn} and {@code v3.bsatn}. */
    static final List<Message> V2;

    private static final List<Outcome> V1_STATUS = List.of(Outcome.COMMITTED, Outcome.FAILED, Outcome.OUT_OF_ENERGY);
    private static final List<Outcome> V1_PROCEDURE =
            List.of(Outcome.COMMITTED, Outcome.OUT_OF_ENERGY, Outcome.INTERNAL_ERROR);
    private static final List<Outcome> V2_OUTCOME =
            List.of(Outcome.COMMITTED, Outcome.COMMITTED, Outcome.FAILED, Outcome.INTERNAL_ERROR);
    private static final List<Outcome> V2_PROCEDURE = List.of(Outcome.COMMITTED, Outcome.INTERNAL_ERROR);

    private static final List<Slot> ANSWERED = List.of(Slot.REQUEST_ID, Slot.QUERY_SET);

    private Grammar() {}

    static {
        Shape update = repeated("table", tableUpdate());
        Shape oneTable = product(
                u32("table_id", Slot.IGNORED), text("table_name", Slot.IGNORED), field("table_rows", tableUpdate()));
        V1 = List.of(
                message(
                        "InitialSubscription",
                        MessageKind.INITIAL_SUBSCRIPTION,
                        List.of(),
                        (c, to) -> to.initialSubscription(new ServerMessage.InitialSubscription(
                                c.number(Slot.REQUEST_ID), c.number(Slot.DURATION))),
                        databaseUpdate("database_update", update),
                        u32("request_id", Slot.REQUEST_ID),
                        duration()),
                message(
                        "TransactionUpdate",
                        MessageKind.TRANSACTION_UPDATE,
                        List.of(),
                        (c, to) -> to.transactionUpdate(new ServerMessage.TransactionUpdate(null, reducerEvent(c))),
                        field(
                                "status",
                                choice(
                                        databaseUpdate("Committed", update),
                                        text("Failed", Slot.ERROR),
                                        unit("OutOfEnergy"))),
                        timestamp(),
                        identity("caller_identity"),
                        connectionId("caller_connection_id"),
                        field(
                                "reducer_call",
                                product(
                                        text("reducer_name", Slot.REDUCER),
                                        u32("reducer_id", Slot.REDUCER_ID),
                                        embedded("args", Slot.ARGS),
                                        u32("request_id", Slot.CALLERS_REQUEST_ID))),
                        field("energy_quanta_used", product(field("quanta", new Shape.Wide(16, Slot.ENERGY)))),
                        duration()),
                message(
                        "TransactionUpdateLight",
                        MessageKind.TRANSACTION_UPDATE,
                        List.of(),
                        (c, to) -> to.transactionUpdate(
                                new ServerMessage.TransactionUpdate(c.number(Slot.REQUEST_ID), null)),
                        u32("request_id", Slot.REQUEST_ID),
                        databaseUpdate("update", update)),
                message(
                        "IdentityToken",
                        MessageKind.CONNECTED,
                        List.of(),
                        Grammar::connected,
                        identity("identity"),
                        text("token", Slot.TOKEN),
                        connectionId("connection_id")),
                message(
                        "OneOffQueryResponse",
                        MessageKind.ONE_OFF_RESULT,
                        List.of(Slot.MESSAGE_ID),
                        (c, to) -> to.oneOffResult(new ServerMessage.OneOffResult(
                                c.requestOfMessageId(),
                                c.payload(Slot.MESSAGE_ID),
                                c.textOrNull(Slot.ERROR),
                                c.number(Slot.DURATION))),
                        field("message_id", new Shape.Bytes(Slot.MESSAGE_ID)),
                        optional("error", new Shape.Text(Slot.ERROR)),
                        field(
                                "tables",
                                repeated(
                                        "table", product(text("table_name", Slot.TABLE), rows("rows", Effect.INSERT)))),
                        duration()),
                message(
                        "SubscribeApplied",
                        MessageKind.SUBSCRIBE_APPLIED,
                        ANSWERED,
                        Grammar::subscribed,
                        u32("request_id", Slot.REQUEST_ID),
                        hostMicros(),
                        queryId(),
                        field("rows", oneTable)),
                message(
                        "UnsubscribeApplied",
                        MessageKind.UNSUBSCRIBE_APPLIED,
                        ANSWERED,
                        (c, to) -> unsubscribed(c, true, to),
                        u32("request_id", Slot.REQUEST_ID),
                        hostMicros(),
                        queryId(),
                        field("rows", oneTable)),
                message(
                        "SubscriptionError",
                        MessageKind.SUBSCRIPTION_ERROR,
                        List.of(),
                        Grammar::subscriptionError,
                        hostMicros(),
                        optional("request_id", new Shape.Whole(4, false, Slot.REQUEST_ID)),
                        optional("query_id", new Shape.Whole(4, false, Slot.QUERY_SET)),
                        optional("table_id", new Shape.Whole(4, false, Slot.TABLE_ID)),
                        text("error", Slot.ERROR)),
                message(
                        "SubscribeMultiApplied",
                        MessageKind.SUBSCRIBE_APPLIED,
                        ANSWERED,
                        Grammar::subscribed,
                        u32("request_id", Slot.REQUEST_ID),
                        hostMicros(),
                        queryId(),
                        databaseUpdate("update", update)),
                message(
                        "UnsubscribeMultiApplied",
                        MessageKind.UNSUBSCRIBE_APPLIED,
                        ANSWERED,
                        (c, to) -> unsubscribed(c, true, to),
                        u32("request_id", Slot.REQUEST_ID),
                        hostMicros(),
                        queryId(),
                        databaseUpdate("update", update)),
                message(
                        "ProcedureResult",
                        MessageKind.PROCEDURE_RESULT,
                        List.of(),
                        (c, to) -> procedure(c, V1_PROCEDURE, to),
                        field(
                                "status",
                                choice(
                                        embedded("Returned", Slot.VALUE),
                                        unit("OutOfEnergy"),
                                        text("InternalError", Slot.ERROR))),
                        timestamp(),
                        duration(),
                        u32("request_id", Slot.REQUEST_ID)));
    }

    static {
        Field transaction = field(
                "query_sets",
                repeated(
                        "query_set",
                        product(u32("query_set_id", Slot.QUERY_SET), field("tables", repeated("table", setUpdate())))));
        V2 = List.of(
                message(
                        "InitialConnection",
                        MessageKind.CONNECTED,
                        List.of(),
                        Grammar::connected,
                        identity("identity"),
                        connectionId("connection_id"),
                        text("token", Slot.TOKEN)),
                message(
                        "SubscribeApplied",
                        MessageKind.SUBSCRIBE_APPLIED,
                        ANSWERED,
                        Grammar::subscribed,
                        u32("request_id", Slot.REQUEST_ID),
                        u32("query_set_id", Slot.QUERY_SET),
                        field("rows", queryRows(Effect.INSERT))),
                message(
                        "UnsubscribeApplied",
                        MessageKind.UNSUBSCRIBE_APPLIED,
                        ANSWERED,
                        (c, to) -> unsubscribed(c, c.has(Slot.WITH_ROWS), to),
                        u32("request_id", Slot.REQUEST_ID),
                        u32("query_set_id", Slot.QUERY_SET),
                        field("rows", new Shape.Optional(Slot.WITH_ROWS, field("rows", queryRows(Effect.DELETE))))),
                message(
                        "SubscriptionError",
                        MessageKind.SUBSCRIPTION_ERROR,
                        List.of(),
                        Grammar::subscriptionError,
                        optional("request_id", new Shape.Whole(4, false, Slot.REQUEST_ID)),
                        u32("query_set_id", Slot.QUERY_SET),
                        text("error", Slot.ERROR)),
                message(
                        "TransactionUpdate",
                        MessageKind.TRANSACTION_UPDATE,
                        List.of(),
                        (c, to) -> to.transactionUpdate(new ServerMessage.TransactionUpdate(null, null)),
                        transaction),
                message(
                        "OneOffQueryResult",
                        MessageKind.ONE_OFF_RESULT,
                        List.of(Slot.REQUEST_ID),
                        (c, to) -> to.oneOffResult(new ServerMessage.OneOffResult(
                                c.number(Slot.REQUEST_ID), null, c.textOrNull(Slot.ERROR), null)),
                        u32("request_id", Slot.REQUEST_ID),
                        field("result", choice(field("ok", queryRows(Effect.INSERT)), text("err", Slot.ERROR)))),
                message(
                        "ReducerResult",
                        MessageKind.REDUCER_RESULT,
                        List.of(Slot.REQUEST_ID),
                        (c, to) -> to.reducerResult(new ServerMessage.ReducerResult(
                                c.number(Slot.REQUEST_ID),
                                c.number(Slot.TIMESTAMP),
                                V2_OUTCOME.get(c.choice(Slot.STATUS)),
                                c.payloadOrNull(Slot.VALUE),
                                c.textOrNull(Slot.ERROR))),
                        u32("request_id", Slot.REQUEST_ID),
                        timestamp(),
                        field(
                                "outcome",
                                choice(
                                        field("Ok", product(embedded("ret_value", Slot.VALUE), transaction)),
                                        unit("OkEmpty"),
                                        embedded("Err", Slot.VALUE),
                                        text("InternalError", Slot.ERROR)))),
                message(
                        "ProcedureResult",
                        MessageKind.PROCEDURE_RESULT,
                        List.of(),
                        (c, to) -> procedure(c, V2_PROCEDURE, to),
                        field("status", choice(embedded("Returned", Slot.VALUE), text("InternalError", Slot.ERROR))),
                        timestamp(),
                        duration(),
                        u32("request_id", Slot.REQUEST_ID)));
    }

    private static Message message(
            String name,
            MessageKind kind,
            List<Slot> needed,
            BiConsumer<Collected, ServerMessages> tell,
            Field... fields) {
        return new Message(name, kind, needed, product(fields), tell);
    }

    private static void connected(Collected c, ServerMessages to) {
        to.connected(new ServerMessage.Connected(c.identity(), c.connection(), c.text(Slot.TOKEN)));
    }

    private static void subscribed(Collected c, ServerMessages to) {
        to.subscribeApplied(new ServerMessage.SubscribeApplied(
                c.number(Slot.REQUEST_ID), c.number(Slot.QUERY_SET), c.numberOrNull(Slot.DURATION)));
    }

    private static void unsubscribed(Collected c, boolean withRows, ServerMessages to) {
        to.unsubscribeApplied(new ServerMessage.UnsubscribeApplied(
                c.number(Slot.REQUEST_ID), c.number(Slot.QUERY_SET), withRows, c.numberOrNull(Slot.DURATION)));
    }

    private static void subscriptionError(Collected c, ServerMessages to) {
        to.subscriptionError(new ServerMessage.SubscriptionError(
                c.numberOrNull(Slot.REQUEST_ID),
                c.numberOrNull(Slot.QUERY_SET),
                c.numberOrNull(Slot.TABLE_ID),
                c.text(Slot.ERROR),
                c.numberOrNull(Slot.DURATION)));
    }

    private static void procedure(Collected c, List<Outcome> outcomes, ServerMessages to) {
        to.procedureResult(new ServerMessage.ProcedureResult(
                c.number(Slot.REQUEST_ID),
                outcomes.get(c.choice(Slot.STATUS)),
                c.payloadOrNull(Slot.VALUE),
                c.textOrNull(Slot.ERROR),
                c.number(Slot.TIMESTAMP),
                c.number(Slot.DURATION)));
    }

    private static ServerMessage.ReducerEvent reducerEvent(Collected c) {
        return new ServerMessage.ReducerEvent(
                V1_STATUS.get(c.choice(Slot.STATUS)),
                c.textOrNull(Slot.ERROR),
                c.number(Slot.TIMESTAMP),
                c.identity(),
                someConnection(c.connection()),
                c.text(Slot.REDUCER),
                c.number(Slot.REDUCER_ID),
                c.payload(Slot.ARGS),
                c.number(Slot.CALLERS_REQUEST_ID),
                c.wide(Slot.ENERGY),
                c.number(Slot.DURATION));
    }

    private static @Nullable ConnectionId someConnection(ConnectionId id) {
        return id.value().signum() == 0 ? null : id;
    }

    private static Shape tableUpdate() {
        return product(
                u32("table_id", Slot.IGNORED),
                text("table_name", Slot.TABLE),
                field("num_rows", new Shape.Whole(8, false, Slot.IGNORED)),
                field(
                        "updates",
                        repeated(
                                "update",
                                new Shape.Squeezed(field(
                                        "update",
                                        product(rows("deletes", Effect.DELETE), rows("inserts", Effect.INSERT)))))));
    }

    private static Field databaseUpdate(String name, Shape tables) {
        return field(name, product(field("tables", tables)));
    }

    /** What a transaction changed in one table, for one query set. */
    private static Shape setUpdate() {
        return product(
                text("table_name", Slot.TABLE),
                field(
                        "rows",
                        repeated(
                                "update",
                                new Shape.Choice(
                                        Slot.IGNORED,
                                        List.of(
                                                field(
                                                        "PersistentTable",
                                                        product(
                                                                rows("inserts", Effect.INSERT),
                                                                rows("deletes", Effect.DELETE))),
                                                field("EventTable", product(rows("events", Effect.EVENT))))))));
    }

    private static Shape queryRows(Effect effect) {
        return repeated("table", product(text("table", Slot.TABLE), rows("rows", effect)));
    }

    private static Field field(String name, Shape shape) {
        return new Field(name, shape);
    }

    private static Shape.Product product(Field... fields) {
        return new Shape.Product(List.of(fields));
    }

    private static Field unit(String name) {
        return field(name, product());
    }

    private static Shape choice(Field... variants) {
        return new Shape.Choice(Slot.STATUS, List.of(variants));
    }

    private static Shape repeated(String name, Shape element) {
        return new Shape.Repeated(field(name, element));
    }

    private static Field optional(String name, Shape some) {
        return field(name, new Shape.Optional(Slot.IGNORED, field(name, some)));
    }

    private static Field rows(String name, Effect effect) {
        return field(name, new Shape.RowList(effect));
    }

    private static Field u32(String name, Slot slot) {
        return field(name, new Shape.Whole(4, false, slot));
    }

    private static Field text(String name, Slot slot) {
        return field(name, new Shape.Text(slot));
    }

    private static Field embedded(String name, Slot slot) {
        return field(name, new Shape.Embedded(slot));
    }

    private static Field queryId() {
        return field("query_id", product(u32("id", Slot.QUERY_SET)));
    }

    private static Field hostMicros() {
        return field("total_host_execution_duration_micros", new Shape.Whole(8, false, Slot.DURATION));
    }

    private static Field duration() {
        return field(
                "total_host_execution_duration",
                product(field("__time_duration_micros__", new Shape.Whole(8, true, Slot.DURATION))));
    }

    private static Field timestamp() {
        return field(
                "timestamp",
                product(field("__timestamp_micros_since_unix_epoch__", new Shape.Whole(8, true, Slot.TIMESTAMP))));
    }

    private static Field identity(String name) {
        return field(name, product(field("__identity__", new Shape.Wide(32, Slot.IDENTITY))));
    }

    private static Field connectionId(String name) {
        return field(name, product(field("__connection_id__", new Shape.Wide(16, Slot.CONNECTION_ID))));
    }
}
