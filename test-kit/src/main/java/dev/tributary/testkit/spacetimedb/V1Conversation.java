package dev.tributary.testkit.spacetimedb;

import static dev.tributary.testkit.spacetimedb.SpacetimeType.field;
import static dev.tributary.testkit.spacetimedb.SpacetimeType.product;
import static dev.tributary.testkit.spacetimedb.SpacetimeType.sum;

import dev.tributary.testkit.spacetimedb.SpacetimeType.Scalar;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The first version of the protocol: updates do not say which query they belong to. */
final class V1Conversation implements Conversation {

    private static final String REFUSED_EVENTS = "Subscribing to event tables requires WebSocket v2."
            + " Please upgrade your client SDK and regenerate your module bindings.";

    private static final SpacetimeType QUERY_ID = product(field("id", Scalar.U32));
    private static final SpacetimeType QUERIES = SpacetimeType.array(Scalar.STRING);

    /** Client messages as a type: JSON ones become bytes by it, and are then read like binary ones. */
    private static final SpacetimeType MESSAGE = sum(
            field(
                    "CallReducer",
                    product(
                            field("reducer", Scalar.STRING),
                            field("args", Scalar.STRING),
                            field("request_id", Scalar.U32),
                            field("flags", Scalar.U8))),
            field("Subscribe", product(field("query_strings", QUERIES), field("request_id", Scalar.U32))),
            field(
                    "OneOffQuery",
                    product(field("message_id", SpacetimeType.bytes()), field("query_string", Scalar.STRING))),
            field(
                    "SubscribeSingle",
                    product(
                            field("query", Scalar.STRING),
                            field("request_id", Scalar.U32),
                            field("query_id", QUERY_ID))),
            field(
                    "SubscribeMulti",
                    product(
                            field("query_strings", QUERIES),
                            field("request_id", Scalar.U32),
                            field("query_id", QUERY_ID))),
            field("Unsubscribe", product(field("request_id", Scalar.U32), field("query_id", QUERY_ID))),
            field("UnsubscribeMulti", product(field("request_id", Scalar.U32), field("query_id", QUERY_ID))),
            field(
                    "CallProcedure",
                    product(
                            field("procedure", Scalar.STRING),
                            field("args", Scalar.STRING),
                            field("request_id", Scalar.U32),
                            field("flags", Scalar.U8))));

    private final SpacetimeDbModel model;
    private final SpacetimeDbSession session;
    private final Map<String, Query> legacy = new LinkedHashMap<>();
    private final Map<Long, Map<String, Query>> sets = new LinkedHashMap<>();

    V1Conversation(SpacetimeDbModel model, SpacetimeDbSession session) {
        this.model = model;
        this.session = session;
    }

    private void send(ServerMessageKind kind, boolean ofState, Function<V1Writer, byte[]> content) {
        Database database = model.database();
        session.send(new OutMessage(
                kind,
                ofState ? database.commits() : 0,
                damage -> content.apply(
                        session.subprotocol() == Subprotocol.V1_JSON
                                ? new V1JsonWriter(database)
                                : new V1BsatnWriter(database, damage, session.compressionInside()))));
    }

    @Override
    public void greet() {
        send(
                ServerMessageKind.IDENTITY,
                false,
                w -> w.identityToken(session.identity(), session.token(), session.connectionId()));
    }

    @Override
    public int liveSets() {
        return sets.size() + (legacy.isEmpty() ? 0 : 1);
    }

    // ---- from the client ----

    @Override
    public void receive(byte[] message, boolean text) throws BsatnException, JsonException {
        byte[] bytes = text
                ? JsonValues.value(Typespace.EMPTY, MESSAGE, new String(message, StandardCharsets.UTF_8))
                : message;
        BsatnReader in = new BsatnReader(bytes);
        int tag = in.u8("tag");
        switch (tag) {
            case 0 -> {
                String reducer = in.string("string");
                byte[] arguments = in.bytes("[u8]");
                long request = in.u32("u32");
                int flags = in.u8("u8");
                if (flags > 1) {
                    throw new BsatnException("invalid call reducer flag");
                }
                model.reducerCalls().call(session, reducer, arguments, text, request, flags == 1);
            }
            case 1 -> {
                List<String> queries = strings(in);
                long request = in.u32("u32");
                model.work().add(session, 0, () -> subscribe(queries, request));
            }
            case 2 -> {
                byte[] id = in.bytes("[u8]");
                String query = in.string("string");
                model.work().add(session, 0, () -> oneOff(id, query));
            }
            case 3 -> {
                String query = in.string("string");
                long request = in.u32("u32");
                long id = in.u32("u32");
                model.work().add(session, 0, () -> subscribeSet(List.of(query), request, id, true));
            }
            case 4 -> {
                List<String> queries = strings(in);
                long request = in.u32("u32");
                long id = in.u32("u32");
                model.work().add(session, 0, () -> subscribeSet(queries, request, id, false));
            }
            case 5, 6 -> {
                long request = in.u32("u32");
                long id = in.u32("u32");
                model.work().add(session, 0, () -> unsubscribe(request, id, tag == 5));
            }
            case 7 -> {
                if (!model.options().atLeast(1, 8, 0)) {
                    throw new BsatnException("unknown tag 0x07 for sum type ClientMessage");
                }
                String procedure = in.string("string");
                byte[] arguments = in.bytes("[u8]");
                long request = in.u32("u32");
                if (in.u8("u8") != 0) {
                    throw new BsatnException("invalid call procedure flag");
                }
                model.procedureCalls().call(session, procedure, arguments, text, request);
            }
            default -> throw new BsatnException("unknown tag 0x%02x for sum type ClientMessage".formatted(tag));
        }
    }

    private static List<String> strings(BsatnReader in) throws BsatnException {
        long count = in.u32("array");
        List<String> strings = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            strings.add(in.string("string"));
        }
        return strings;
    }

    private List<Query> parse(List<String> texts, boolean star) throws SqlException {
        List<Query> queries = new ArrayList<>();
        for (String text : texts) {
            queries.addAll(model.queries().subscription(session, text, star));
        }
        return queries;
    }

    private void subscribe(List<String> texts, long request) {
        List<Query> queries;
        try {
            queries = parse(texts, true);
        } catch (SqlException e) {
            failed(request, null, message(e));
            return;
        }
        legacy.clear();
        List<List<QueryDelta>> update = new ArrayList<>();
        for (Query query : queries) {
            legacy.put(query.key(), query);
            addRows(update, query, true);
        }
        send(ServerMessageKind.INITIAL_SUBSCRIPTION, true, w -> w.initialSubscription(update, request));
    }

    private void subscribeSet(List<String> texts, long request, long id, boolean single) {
        List<Query> queries;
        try {
            queries = parse(texts, !single);
        } catch (SqlException e) {
            failed(request, id, message(e));
            return;
        }
        if (queries.stream().anyMatch(Query::event)) {
            failed(request, id, REFUSED_EVENTS);
            return;
        }
        if (sets.containsKey(id)) {
            failed(
                    request,
                    id,
                    "Subscription with id QuerySetId { id: " + id + " } already exists for client: "
                            + session.printed());
            return;
        }
        Set<String> known = keysOfSets();
        Map<String, Query> set = new LinkedHashMap<>();
        List<List<QueryDelta>> update = new ArrayList<>();
        for (Query query : queries) {
            if (set.put(query.key(), query) == null && !single && !known.contains(query.key())) {
                addRows(update, query, true);
            }
        }
        sets.put(id, set);
        if (single) {
            Query only = queries.get(0);
            QueryDelta rows = rows(only, true);
            send(ServerMessageKind.SUBSCRIBED, true, w -> w.applied(true, request, id, rows));
        } else {
            send(ServerMessageKind.SUBSCRIBED, true, w -> w.multiApplied(true, request, id, update));
        }
    }

    /** Whether a single query can be taken back is found out too late: the set is gone all the same. */
    private void unsubscribe(long request, long id, boolean single) {
        Map<String, Query> set = sets.remove(id);
        if (set == null) {
            failed(
                    request,
                    id,
                    liveSets() == 0
                            ? "Client not found: " + session.printed()
                            : "Subscription not found: (" + session.printed() + ", QuerySetId { id: " + id + " })");
            return;
        }
        Set<String> kept = keysOfSets();
        if (single && (set.size() != 1 || kept.containsAll(set.keySet()))) {
            failed(request, id, "Internal error");
            return;
        }
        if (single) {
            QueryDelta rows = rows(set.values().iterator().next(), false);
            send(ServerMessageKind.UNSUBSCRIBED, true, w -> w.applied(false, request, id, rows));
            return;
        }
        List<List<QueryDelta>> update = new ArrayList<>();
        set.forEach((key, query) -> {
            if (!kept.contains(key)) {
                addRows(update, query, false);
            }
        });
        send(ServerMessageKind.UNSUBSCRIBED, true, w -> w.multiApplied(false, request, id, update));
    }

    private void oneOff(byte[] id, String text) {
        try {
            Query query = model.queries().oneOff(session, text);
            QueryDelta rows =
                    new QueryDelta(query, RowBag.EMPTY, query.rows(model.database(), session.identity(), false));
            send(ServerMessageKind.QUERY_RESULT, true, w -> w.oneOff(id, null, rows));
        } catch (SqlException e) {
            send(ServerMessageKind.QUERY_RESULT, false, w -> w.oneOff(id, message(e), null));
        }
    }

    private Set<String> keysOfSets() {
        Set<String> keys = new LinkedHashSet<>();
        sets.values().forEach(set -> keys.addAll(set.keySet()));
        return keys;
    }

    private QueryDelta rows(Query query, boolean asInserts) {
        RowBag rows = query.rows(model.database(), session.identity(), true);
        return asInserts ? new QueryDelta(query, RowBag.EMPTY, rows) : new QueryDelta(query, rows, RowBag.EMPTY);
    }

    private void addRows(List<List<QueryDelta>> update, Query query, boolean asInserts) {
        QueryDelta rows = rows(query, asInserts);
        if (!rows.isEmpty() || !query.isOverNothing(model.database())) {
            update.add(List.of(rows));
        }
    }

    private void failed(long request, @Nullable Long id, String error) {
        if (model.options().reportsInternalFailures() || id != null && !error.startsWith("Subscription with id")) {
            send(ServerMessageKind.SUBSCRIPTION_ERROR, false, w -> w.error(request, id, error));
        } else {
            CallCause cause = CallCause.none(session.identity(), model.options().noReducerName(), CallCause.NO_REDUCER);
            send(
                    ServerMessageKind.CALL_RESULT,
                    false,
                    w -> w.transactionUpdate(null, error, model.transactions().micros(), cause));
        }
    }

    private static String message(Exception e) {
        return String.valueOf(e.getMessage());
    }

    // ---- what happened ----

    private List<List<QueryDelta>> deltas(Commit commit) {
        Map<String, List<QueryDelta>> byTable = new LinkedHashMap<>();
        collect(byTable, legacy.values(), commit);
        Map<String, Query> distinct = new LinkedHashMap<>();
        sets.values().forEach(distinct::putAll);
        collect(byTable, distinct.values(), commit);
        return new ArrayList<>(byTable.values());
    }

    private void collect(Map<String, List<QueryDelta>> byTable, Collection<Query> queries, Commit commit) {
        for (Query query : queries) {
            QueryDelta delta = query.delta(model.database(), commit, session.identity());
            if (!delta.isEmpty()) {
                byTable.computeIfAbsent(query.relation(), r -> new ArrayList<>())
                        .add(delta);
            }
        }
    }

    @Override
    public void changed(Commit commit, CallCause cause) {
        List<List<QueryDelta>> update = deltas(commit);
        if (update.isEmpty()) {
            return;
        }
        if (model.module().oldLibraries() && !session.light()) {
            send(ServerMessageKind.UPDATE, true, w -> w.transactionUpdate(update, null, commit.micros(), cause));
        } else {
            send(ServerMessageKind.UPDATE, true, w -> w.light(cause.requestId(), update));
        }
    }

    @Override
    public void answer(CallCause cause, Outcome outcome, long micros) {
        if (outcome instanceof Outcome.Committed committed) {
            if (cause.quiet()) {
                changed(committed.commit(), cause);
            } else {
                List<List<QueryDelta>> update = deltas(committed.commit());
                send(ServerMessageKind.CALL_RESULT, true, w -> w.transactionUpdate(update, null, micros, cause));
            }
        } else if (!cause.quiet()) {
            String failure = outcome instanceof Outcome.Failed failed
                    ? failed.error()
                    : outcome instanceof Outcome.Panicked ? Outcome.Panicked.TEXT : null;
            send(ServerMessageKind.CALL_RESULT, false, w -> w.transactionUpdate(null, failure, micros, cause));
        }
    }

    @Override
    public void refuse(CallCause cause, String error) {
        CallCause unnumbered = new CallCause(
                cause.identity(),
                cause.connection(),
                cause.reducer(),
                cause.reducerId(),
                "[]",
                new byte[0],
                0,
                session,
                false);
        long micros = model.transactions().micros();
        send(ServerMessageKind.CALL_RESULT, false, w -> w.transactionUpdate(null, error, micros, unnumbered));
    }

    @Override
    public void procedureResult(long requestId, SpacetimeType type, byte[] returned, long micros) {
        send(ServerMessageKind.PROCEDURE_RESULT, true, w -> w.procedureResult(returned, type, "", micros, requestId));
    }

    @Override
    public void procedureError(long requestId, String error) {
        send(
                ServerMessageKind.PROCEDURE_RESULT,
                false,
                w -> w.procedureResult(null, SpacetimeType.unit(), error, 0, requestId));
    }

    @Override
    public void endSet(long id, String error) {
        legacy.clear();
        sets.clear();
        send(ServerMessageKind.SUBSCRIPTION_ERROR, false, w -> w.error(null, null, error));
    }

    @Override
    public void sendDelete(String table, Row row) {
        RowBag deletes = new RowBag();
        deletes.add(row, false);
        Query query = model.queries().wholeTable(table);
        List<List<QueryDelta>> update = List.of(List.of(new QueryDelta(query, deletes, RowBag.EMPTY)));
        send(ServerMessageKind.UPDATE, true, w -> w.light(0, update));
    }
}
