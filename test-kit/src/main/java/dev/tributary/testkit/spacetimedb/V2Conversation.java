package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.spacetimedb.V2Writer.SetDelta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The second version of the protocol, and the third, which only bundles messages. */
final class V2Conversation implements Conversation {

    private final SpacetimeDbModel model;
    private final SpacetimeDbSession session;
    private final Map<Long, Map<String, Query>> sets = new LinkedHashMap<>();

    V2Conversation(SpacetimeDbModel model, SpacetimeDbSession session) {
        this.model = model;
        this.session = session;
    }

    private void send(ServerMessageKind kind, boolean ofState, Function<V2Writer, byte[]> content) {
        Database database = model.database();
        session.send(new OutMessage(
                kind, ofState ? database.commits() : 0, damage -> content.apply(new V2Writer(database, damage))));
    }

    @Override
    public void greet() {
        send(
                ServerMessageKind.IDENTITY,
                false,
                w -> w.initialConnection(session.identity(), session.connectionId(), session.token()));
    }

    @Override
    public int liveSets() {
        return sets.size();
    }

    // ---- from the client ----

    @Override
    public void receive(byte[] message, boolean text) throws BsatnException {
        boolean bundles = session.subprotocol() == Subprotocol.V3;
        if (text) {
            throw new BsatnException((bundles ? "v3" : "v2") + " websocket does not support text messages");
        }
        if (bundles && message.length == 0) {
            throw new BsatnException("v3 websocket binary payload must contain at least one v2 client message");
        }
        BsatnReader in = new BsatnReader(message);
        do {
            one(in);
        } while (bundles && in.hasMore());
    }

    private void one(BsatnReader in) throws BsatnException {
        int tag = in.u8("tag");
        long request;
        switch (tag) {
            case 0 -> {
                request = in.u32("u32");
                long set = in.u32("u32");
                long count = in.u32("array");
                List<String> queries = new ArrayList<>();
                for (long i = 0; i < count; i++) {
                    queries.add(in.string("string"));
                }
                model.work().add(session, 0, () -> subscribe(queries, request, set));
            }
            case 1 -> {
                request = in.u32("u32");
                long set = in.u32("u32");
                int flags = in.u8("tag");
                if (flags > 1) {
                    throw new BsatnException("unknown tag 0x%02x for sum type UnsubscribeFlags".formatted(flags));
                }
                model.work().add(session, 0, () -> unsubscribe(request, set, flags == 1));
            }
            case 2 -> {
                request = in.u32("u32");
                String query = in.string("string");
                model.work().add(session, 0, () -> oneOff(request, query));
            }
            case 3, 4 -> {
                request = in.u32("u32");
                if (in.u8("u8") != 0) {
                    throw new BsatnException("invalid call flag");
                }
                String name = in.string("string");
                byte[] arguments = in.bytes("[u8]");
                if (tag == 3) {
                    model.reducerCalls().call(session, name, arguments, false, request, false);
                } else {
                    model.procedureCalls().call(session, name, arguments, false, request);
                }
            }
            default -> throw new BsatnException("unknown tag 0x%02x for sum type ClientMessage".formatted(tag));
        }
    }

    private void subscribe(List<String> texts, long request, long id) {
        Map<String, Query> set = new LinkedHashMap<>();
        try {
            for (String text : texts) {
                for (Query query : model.queries().subscription(session, text, true)) {
                    set.put(query.key(), query);
                }
            }
        } catch (SqlException e) {
            String error = String.valueOf(e.getMessage());
            send(ServerMessageKind.SUBSCRIPTION_ERROR, false, w -> w.subscriptionError(request, id, error));
            return;
        }
        if (sets.containsKey(id)) {
            refuse(
                    request,
                    id,
                    "Subscription with id QuerySetId { id: " + id + " } already exists for client: "
                            + session.printed());
            return;
        }
        sets.put(id, set);
        List<QueryDelta> rows = new ArrayList<>();
        for (Query query : set.values()) {
            RowBag bag = query.rows(model.database(), session.identity(), true);
            rows.add(new QueryDelta(query, RowBag.EMPTY, bag));
        }
        rows.removeIf(each -> each.isEmpty() && each.query().isOverNothing(model.database()));
        send(ServerMessageKind.SUBSCRIBED, true, w -> w.subscribeApplied(request, id, rows));
    }

    private void unsubscribe(long request, long id, boolean withRows) {
        int before = sets.size();
        Map<String, Query> set = sets.remove(id);
        if (set == null) {
            refuse(
                    request,
                    id,
                    before == 0
                            ? "Client not found: " + session.printed()
                            : "Subscription not found: (" + session.printed() + ", QuerySetId { id: " + id + " })");
            return;
        }
        if (!withRows) {
            send(ServerMessageKind.UNSUBSCRIBED, false, w -> w.unsubscribeApplied(request, id, null));
            return;
        }
        List<QueryDelta> rows = new ArrayList<>();
        for (Query query : set.values()) {
            rows.add(new QueryDelta(query, query.rows(model.database(), session.identity(), true), RowBag.EMPTY));
        }
        rows.removeIf(each -> each.isEmpty() && each.query().isOverNothing(model.database()));
        send(ServerMessageKind.UNSUBSCRIBED, true, w -> w.unsubscribeApplied(request, id, rows));
    }

    /** What older servers have no message for ends the connection. */
    private void refuse(long request, long id, String error) {
        if (model.options().reportsInternalFailures()) {
            send(ServerMessageKind.SUBSCRIPTION_ERROR, false, w -> w.subscriptionError(request, id, error));
        } else {
            session.closeByServer(SpacetimeDbSession.INTERNAL_ERROR, error);
        }
    }

    private void oneOff(long request, String text) {
        try {
            Query query = model.queries().oneOff(session, text);
            QueryDelta rows =
                    new QueryDelta(query, RowBag.EMPTY, query.rows(model.database(), session.identity(), false));
            send(ServerMessageKind.QUERY_RESULT, true, w -> w.oneOffResult(request, rows, ""));
        } catch (SqlException e) {
            String error = String.valueOf(e.getMessage());
            send(ServerMessageKind.QUERY_RESULT, false, w -> w.oneOffResult(request, null, error));
        }
    }

    // ---- what happened ----

    private List<SetDelta> deltas(Commit commit) {
        List<SetDelta> deltas = new ArrayList<>();
        sets.forEach((id, set) -> {
            Map<String, List<QueryDelta>> byTable = new LinkedHashMap<>();
            for (Query query : set.values()) {
                QueryDelta delta = query.delta(model.database(), commit, session.identity());
                if (!delta.isEmpty()) {
                    byTable.computeIfAbsent(query.relation(), r -> new ArrayList<>())
                            .add(delta);
                }
            }
            if (!byTable.isEmpty()) {
                deltas.add(new SetDelta(id, new ArrayList<>(byTable.values())));
            }
        });
        return deltas;
    }

    @Override
    public void changed(Commit commit, CallCause cause) {
        List<SetDelta> deltas = deltas(commit);
        if (!deltas.isEmpty()) {
            send(ServerMessageKind.UPDATE, true, w -> w.transactionUpdate(deltas));
        }
    }

    @Override
    public void answer(CallCause cause, Outcome outcome, long micros) {
        long request = cause.requestId();
        if (outcome instanceof Outcome.Committed committed) {
            List<SetDelta> deltas = deltas(committed.commit());
            send(ServerMessageKind.CALL_RESULT, true, w -> w.reducerOk(request, micros, deltas));
        } else if (outcome instanceof Outcome.Failed failed) {
            send(ServerMessageKind.CALL_RESULT, false, w -> w.reducerErr(request, micros, failed.error()));
        } else {
            String error =
                    outcome instanceof Outcome.Panicked ? Outcome.Panicked.TEXT : "The transaction ran out of energy.";
            send(ServerMessageKind.CALL_RESULT, false, w -> w.reducerInternalError(request, micros, error));
        }
    }

    @Override
    public void refuse(CallCause cause, String error) {
        long micros = model.transactions().micros();
        send(ServerMessageKind.CALL_RESULT, false, w -> w.reducerInternalError(cause.requestId(), micros, error));
    }

    @Override
    public void procedureResult(long requestId, SpacetimeType type, byte[] returned, long micros) {
        send(ServerMessageKind.PROCEDURE_RESULT, true, w -> w.procedureResult(returned, "", micros, requestId));
    }

    @Override
    public void procedureError(long requestId, String error) {
        send(ServerMessageKind.PROCEDURE_RESULT, false, w -> w.procedureResult(null, error, 0, requestId));
    }

    @Override
    public void endSet(long id, String error) {
        sets.remove(id);
        send(ServerMessageKind.SUBSCRIPTION_ERROR, false, w -> w.subscriptionError(null, id, error));
    }

    @Override
    public void sendDelete(String table, Row row) {
        RowBag deletes = new RowBag();
        deletes.add(row, false);
        Query query = model.queries().wholeTable(table);
        long id = 0;
        for (Map.Entry<Long, Map<String, Query>> set : sets.entrySet()) {
            if (set.getValue().values().stream()
                    .anyMatch(each -> each.relation().equals(table))) {
                id = set.getKey();
            }
        }
        List<SetDelta> update =
                List.of(new SetDelta(id, List.of(List.of(new QueryDelta(query, deletes, RowBag.EMPTY)))));
        send(ServerMessageKind.UPDATE, true, w -> w.transactionUpdate(update));
    }
}
