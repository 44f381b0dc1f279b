package dev.tributary.spacetimedb;

import dev.tributary.ConnectionException;
import dev.tributary.LimitExceededException;
import dev.tributary.ProtocolException;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.SyncException;
import dev.tributary.spacetimedb.QuerySet.State;
import dev.tributary.spacetimedb.SpacetimeDbNotice.TableChanges;
import dev.tributary.spacetimedb.codec.RowPlace;
import dev.tributary.spacetimedb.codec.RowSink;
import dev.tributary.spacetimedb.codec.ServerMessage;
import dev.tributary.spacetimedb.types.DatabaseSchema;
import dev.tributary.spacetimedb.types.RowDecoder;
import dev.tributary.spacetimedb.types.TableSchema;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Output;
import dev.tributary.spi.Subscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The queries of one connection: asks for them, takes their rows, and makes each transaction of the server one commit over
 * all of them. Rows are counted per query set; what is visible is decided by the engine's drafts.
 *
 * <p>Views that hold the rows of an earlier connection change to the new ones together, in one commit, once the rows of all
 * of them are here. So whoever reads several views at one instant never sees one of before and one of after.
 */
@SuppressWarnings("ReferenceEquality") // subscriptions are compared by identity
final class QuerySets {

    /** A load says how far it is each time so many bytes came, not with each of the server's small fragments. */
    private static final long PROGRESS_BYTES = 1L << 20;

    private static final String INTERNAL_ERROR = "Internal error";

    /** Bytes of rows that one update may hold before it is whole: as much as the engine lets a transaction have. */
    static final long MOST_BYTES = Runtime.getRuntime().maxMemory() / 4;

    private final SourceMemory memory;
    private final Host host;
    private final long mostBytes;

    /** All that are wanted, in the order in which they were asked for. */
    private final Map<Subscription, QuerySet> wanted = new LinkedHashMap<>();
    /** All whose id the server may know. */
    private final Map<Long, QuerySet> byId = new HashMap<>();

    private final Map<Long, QuerySet> byRequest = new HashMap<>();

    private @Nullable Link link;
    private @Nullable DatabaseSchema schema;
    private @Nullable ConnectionInfo info;

    /** Those that the message that is being read has changed. */
    private final Set<QuerySet> touched = new LinkedHashSet<>();

    /** Bytes of the rows that they hold. */
    private long held;

    private @Nullable QuerySet filling;
    private @Nullable RowTaker first;
    private long nextProgress;
    private @Nullable Draft draft;

    /** What only the whole connection can do. */
    interface Host {

        /** Fetches the schema again; {@link #schema} is called then. */
        void fetchSchema(Output out);

        /** A query was sent to another connection. */
        void divided(Output out);
    }

    /** @param mostBytes of the rows of one update, see {@link #MOST_BYTES} */
    QuerySets(SourceMemory memory, Host host, long mostBytes) {
        this.memory = memory;
        this.host = host;
        this.mostBytes = mostBytes;
    }

    // ---- what the engine wants ----

    void subscribe(Subscription subscription, Output out) {
        boolean hadContent = out.draft(subscription).schema() != null;
        QuerySet set = new QuerySet(subscription, SqlQuery.of(subscription.query()), hadContent);
        wanted.put(subscription, set);
        if (hadContent && info != null) {
            out.behind(subscription, new ConnectionException("its rows are asked for anew"));
            dropForeign(set, info.identity(), out);
        }
        pump(out);
    }

    void unsubscribe(Subscription subscription, Output out) {
        QuerySet set = wanted.remove(subscription);
        if (set == null) {
            return;
        }
        leave(set);
        out.notice(new SpacetimeDbNotice.SubscriptionEnded(subscription.query(), null));
        out.end(subscription, Ending.closed(), null);
        showFirst(out);
    }

    /** The server is told, unless it never heard of it. */
    private void leave(QuerySet set) {
        Link to = link;
        if (to != null && (set.state == State.ASKED || set.state == State.APPLIED)) {
            set.requestId = to.nextId();
            byRequest.put(set.requestId, set);
            to.request(to.messages().unsubscribe(set.requestId, set.id, false));
        }
        set.state = State.LEAVING;
        set.clearMessage();
        touched.remove(set);
        if (filling == set) {
            endFirst();
        }
    }

    // ---- the connection ----

    /** The first message came: who we are is known. What waits is asked for with {@link #pump}. */
    void connected(Link to, ConnectionInfo known, Output out) {
        link = to;
        info = known;
        wanted.values().forEach(set -> dropForeign(set, known.identity(), out));
    }

    /** What another identity read is not for this one to see. */
    private void dropForeign(QuerySet set, Identity identity, Output out) {
        Subscription subscription = set.subscription();
        Identity before = memory.readAs(subscription.query());
        Draft held = out.draft(subscription);
        if (set.hadContent() && before != null && !before.equals(identity) && held.schema() != null) {
            held.replaceAll(held.schema());
            out.commit(List.of(subscription), null);
            out.fault(subscription, "the identity changed from " + before + " to " + identity, "connection");
        }
    }

    void schema(DatabaseSchema known, Output out) {
        schema = known;
        pump(out);
    }

    /** Asks for what waits. */
    void pump(Output out) {
        Link to = link;
        DatabaseSchema known = schema;
        if (to == null || known == null) {
            return;
        }
        for (QuerySet set : List.copyOf(wanted.values())) {
            if (set.state == State.WAITING && to.hasRoom()) {
                ask(set, to, known, out);
            }
        }
    }

    private void ask(QuerySet set, Link to, DatabaseSchema known, Output out) {
        set.table(known.table(set.sql().table()), known.isRaw());
        if (set.table() == null && !set.soughtTable) {
            set.soughtTable = true;
            schema = null;
            host.fetchSchema(out);
            return;
        }
        QuerySet other = to.subprotocol().isFirst() ? otherOfTable(set) : null;
        if (other != null) {
            wanted.remove(set.subscription());
            host.divided(out);
            out.end(
                    set.subscription(),
                    Ending.elsewhere(new SyncException("updates of " + to.subprotocol()
                            + " do not say which query they are of, and another one has table '" + set.name() + "'")),
                    null);
            showFirst(out);
            return;
        }
        long id = to.nextId();
        long request = to.nextId();
        byte[] message;
        try {
            message = Link.checked(
                    "the query", to.messages().subscribe(request, id, set.sql().statements()));
        } catch (LimitExceededException e) {
            refuse(set, e, out);
            return;
        }
        set.id = id;
        set.requestId = request;
        set.state = State.ASKED;
        byId.put(id, set);
        byRequest.put(request, set);
        to.request(message);
    }

    private @Nullable QuerySet otherOfTable(QuerySet set) {
        for (QuerySet other : wanted.values()) {
            if (other != set && other.state != State.WAITING && other.name().equals(set.name())) {
                return other;
            }
        }
        return null;
    }

    // ---- rows ----

    private void endFirst() {
        filling = null;
        first = null;
        draft = null;
    }

    /** Who takes the rows of a place; null when nobody wants them. */
    @Nullable
    RowSink rows(RowPlace place, Output out) {
        return switch (place.message()) {
            case SUBSCRIBE_APPLIED -> firstRows(place, out);
            case TRANSACTION_UPDATE, REDUCER_RESULT -> changes(place);
            default -> null;
        };
    }

    private @Nullable RowSink firstRows(RowPlace place, Output out) {
        QuerySet set = place.requestId() == null ? null : byRequest.get(place.requestId());
        if (set == null || set.state == State.LEAVING) {
            return null;
        }
        RowDecoder decoder = set.decoderOf(place);
        if (filling != set || draft == null) {
            startFirst(set, decoder, out);
        }
        return place.effect() == RowPlace.Effect.EVENT ? null : first;
    }

    private void startFirst(QuerySet set, RowDecoder decoder, Output out) {
        if (set.state != State.ASKED) {
            throw new ProtocolException("the first rows of table '" + set.name() + "' came a second time");
        }
        Draft begun = out.draft(set.subscription());
        begun.replaceAll(decoder.layout().schema());
        boolean counted = set.mayRepeat(isJson());
        filling = set;
        nextProgress = 0;
        draft = begun;
        first = new RowTaker(decoder, row -> {
            Draft to = draft;
            if (to == null) {
                return;
            }
            if (counted) {
                to.add(row, 1);
            } else {
                to.put(row);
            }
        });
    }

    private @Nullable RowSink changes(RowPlace place) {
        QuerySet set = place.querySet() == null ? ofTable(place.table()) : byId.get(place.querySet());
        if (set == null) {
            if (place.querySet() == null) {
                return null;
            }
            throw new ProtocolException("rows of table '" + place.table() + "' came for query set " + place.querySet()
                    + ", which is not known");
        }
        if (set.state == State.LEAVING) {
            return null;
        }
        RowDecoder decoder = set.decoderOf(place);
        if (set.state != State.APPLIED) {
            throw new ProtocolException("changes of table '" + place.table() + "' came before its first rows");
        }
        touched.add(set);
        List<Row> list = listOf(set, place.effect());
        return new RowTaker(decoder, row -> {
            held += row.sizeInBytes();
            if (held > mostBytes) {
                throw new LimitExceededException("one update has rows of more than " + mostBytes + " bytes");
            }
            list.add(row);
        });
    }

    private static List<Row> listOf(QuerySet set, RowPlace.Effect effect) {
        return switch (effect) {
            case INSERT -> set.inserts;
            case DELETE -> set.deletes;
            case EVENT -> set.events;
        };
    }

    /** Of v1, where at most one query of a table is live. */
    private @Nullable QuerySet ofTable(String table) {
        for (QuerySet set : byId.values()) {
            if (set.state == State.APPLIED && set.name().equals(table)) {
                return set;
            }
        }
        return null;
    }

    /** How far a load is whose message goes on. */
    void progress(Output out) {
        QuerySet set = filling;
        RowTaker taken = first;
        if (set != null && taken != null && taken.bytes() >= nextProgress) {
            nextProgress = taken.bytes() + PROGRESS_BYTES;
            out.progress(set.subscription(), taken.rows(), taken.bytes(), Double.NaN);
        }
    }

    // ---- messages ----

    void applied(ServerMessage.SubscribeApplied message, Output out) {
        QuerySet set = byRequest.remove(message.requestId());
        if (set == null || (set.isWanted() && set.id != message.querySet())) {
            throw new ProtocolException("query set " + message.querySet() + " was applied for request "
                    + message.requestId() + ", which did not ask for it");
        }
        answered();
        if (!set.isWanted()) {
            return;
        }
        TableSchema table = set.table();
        if (table == null) {
            refuse(set, new SyncException("the schema of the module has no table '" + set.name() + "'"), out);
            return;
        }
        if (filling != set) {
            startFirst(set, table.layout().decoder(), out);
        }
        long rows = first == null ? 0 : first.rows();
        endFirst();
        set.state = State.APPLIED;
        out.notice(new SpacetimeDbNotice.SubscriptionApplied(set.subscription().query(), set.name(), rows));
        showFirst(out);
    }

    /** Shows first rows, those that replace others only when nothing else that is to be replaced is missing. */
    private void showFirst(Output out) {
        List<QuerySet> ready = new ArrayList<>();
        for (QuerySet set : wanted.values()) {
            if (set.isLoading() && set.hadContent()) {
                return;
            }
            if (set.state == State.APPLIED && !set.shown) {
                ready.add(set);
            }
        }
        ConnectionInfo known = info;
        if (ready.isEmpty() || known == null) {
            return;
        }
        out.commit(ready.stream().map(QuerySet::subscription).toList(), null);
        for (QuerySet set : ready) {
            set.shown = true;
            memory.readAs(set.subscription().query(), known.identity());
            out.upToDate(set.subscription());
        }
    }

    void unsubscribed(ServerMessage.UnsubscribeApplied message) {
        QuerySet set = byRequest.remove(message.requestId());
        if (set == null || set.isWanted()) {
            throw new ProtocolException("query set " + message.querySet() + " was let go of for request "
                    + message.requestId() + ", which did not ask for that");
        }
        answered();
        byId.remove(set.id);
    }

    private void answered() {
        if (link != null) {
            link.answered();
        }
    }

    /** See the specification, 4.8. */
    void error(ServerMessage.SubscriptionError message, Output out) {
        Long request = message.requestId();
        if (request != null) {
            QuerySet set = byRequest.remove(request);
            if (set != null) {
                answered();
                failed(set, request, message.error(), out);
            } else {
                fault("the server refused a request that was not made: " + message.error(), out);
            }
            return;
        }
        Long id = message.querySet();
        if (id == null) {
            for (QuerySet set : wanted.values()) {
                out.notice(new SpacetimeDbNotice.SubscriptionEnded(
                        set.subscription().query(), message.error()));
            }
            throw SpacetimeDbException.ofText("the server dropped all queries of the connection", message.error());
        }
        QuerySet set = byId.remove(id);
        if (set == null || !set.isWanted()) {
            return;
        }
        wanted.remove(set.subscription());
        byRequest.remove(set.requestId, set);
        out.notice(new SpacetimeDbNotice.SubscriptionEnded(set.subscription().query(), message.error()));
        out.end(
                set.subscription(),
                Ending.retry(SpacetimeDbException.ofText("the server ended the query", message.error())),
                null);
        showFirst(out);
    }

    private void failed(QuerySet set, long request, String error, Output out) {
        if (set.isWanted()) {
            byId.remove(set.id);
            refuse(set, SpacetimeDbException.ofText("the query was refused", error), out);
        } else if (request != set.requestId) {
            // A query that was let go of before the server refused it: what follows is the refusal to let it go.
            return;
        } else if (error.startsWith(INTERNAL_ERROR)) {
            throw SpacetimeDbException.ofText("the server let go of a query without saying so", error);
        } else {
            byId.remove(set.id);
        }
    }

    private void refuse(QuerySet set, SyncException reason, Output out) {
        wanted.remove(set.subscription());
        Query query = set.subscription().query();
        out.notice(new SpacetimeDbNotice.SubscriptionRefused(query, String.valueOf(reason.getMessage())));
        out.end(set.subscription(), Ending.rejected(reason), null);
        showFirst(out);
    }

    /**
     * Makes what the message does visible.
     *
     * @param reducer what caused it; null when that is not known
     * @throws ProtocolException when it does not fit to what is held: then nothing of it is visible
     */
    void transaction(@Nullable ReducerEvent reducer, Output out) {
        List<Subscription> changed = new ArrayList<>();
        for (QuerySet set : touched) {
            if (!set.isTouched()) {
                continue;
            }
            apply(set, out);
            if (set.shown) {
                changed.add(set.subscription());
            }
        }
        if (!changed.isEmpty()) {
            out.commit(changed, reducer);
        }
        List<TableChanges> tables = tables();
        if (!tables.isEmpty() || reducer != null) {
            out.notice(new SpacetimeDbNotice.Transaction(tables, reducer));
        }
        touched.forEach(QuerySet::clearMessage);
        touched.clear();
        held = 0;
    }

    /**
     * Old rows first, so that a new row of the same key takes their place. In the end no count may be below zero, nor
     * above one where the query gives each row once.
     */
    private void apply(QuerySet set, Output out) {
        Draft to = out.draft(set.subscription());
        List<Row> doubtful = new ArrayList<>();
        for (Row row : set.deletes) {
            if (to.add(row, -1) < 0) {
                doubtful.add(row);
            }
        }
        int most = set.mayRepeat(isJson()) ? Integer.MAX_VALUE : 1;
        for (Row row : set.inserts) {
            if (to.add(row, 1) > most) {
                throw new ProtocolException(
                        "a row of table '" + set.name() + "' came that is there already, with key " + row.keyText());
            }
        }
        for (Row row : doubtful) {
            if (to.add(row, 0) < 0) {
                throw new ProtocolException(
                        "a row of table '" + set.name() + "' was deleted that is not there, with key " + row.keyText());
            }
        }
        new LinkedHashSet<>(set.events).forEach(row -> to.event(new EventRow(row)));
    }

    private boolean isJson() {
        return link != null && link.subprotocol().isJson();
    }

    private List<TableChanges> tables() {
        if (touched.size() == 1) {
            QuerySet only = touched.iterator().next();
            return only.isTouched() ? List.of(changesOf(only)) : List.of();
        }
        Map<String, TableChanges> tables = new LinkedHashMap<>();
        for (QuerySet set : touched) {
            if (set.isTouched()) {
                tables.merge(set.name(), changesOf(set), QuerySets::joined);
            }
        }
        return List.copyOf(tables.values());
    }

    private static TableChanges changesOf(QuerySet set) {
        return new TableChanges(set.name(), set.inserts, set.deletes, List.copyOf(new LinkedHashSet<>(set.events)));
    }

    private static TableChanges joined(TableChanges a, TableChanges b) {
        List<Row> inserts = new ArrayList<>(a.inserts());
        inserts.addAll(b.inserts());
        List<Row> deletes = new ArrayList<>(a.deletes());
        deletes.addAll(b.deletes());
        Set<Row> events = new LinkedHashSet<>(a.events());
        events.addAll(b.events());
        return new TableChanges(a.table(), inserts, deletes, List.copyOf(events));
    }

    /** Reports to whom it may concern. */
    void fault(String what, Output out) {
        wanted.keySet().stream().findFirst().ifPresent(one -> out.fault(one, what, "message"));
    }
}
