package dev.tributary.spacetimedb;

import dev.tributary.ConnectionException;
import dev.tributary.LimitExceededException;
import dev.tributary.ProtocolException;
import dev.tributary.Query;
import dev.tributary.SyncException;
import dev.tributary.spacetimedb.QuerySet.State;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The queries of one connection: which are wanted, how far each is, and what becomes of it. {@link QueryRequests} asks for
 * them, {@link Load} and {@link OpenTransaction} take their rows. Rows are counted per query set; what is visible is decided
 * by the engine's drafts.
 *
 * <p>Views that hold the rows of an earlier connection change to the new ones together, in one commit, once the rows of all
 * of them are here. So whoever reads several views at one instant never sees one of before and one of after.
 */
@SuppressWarnings("ReferenceEquality") // subscriptions are compared by identity
final class QuerySets {

    private static final String INTERNAL_ERROR = "Internal error";

    private final SourceMemory memory;
    private final Host host;
    private final QueryRequests requests = new QueryRequests();
    private final OpenTransaction transaction;

    /** All that are wanted, in the order in which they were asked for. */
    private final Map<Subscription, QuerySet> wanted = new LinkedHashMap<>();

    private @Nullable DatabaseSchema schema;
    private @Nullable ConnectionInfo info;
    private @Nullable Load load;

    /** What only the whole connection can do. */
    interface Host {

        /** Fetches the schema again; {@link #schema} is called then. */
        void fetchSchema(Output out);

        /** A query was sent to another connection. */
        void divided(Output out);
    }

    /** @param mostBytes of the rows of one update, see {@link OpenTransaction#MOST_BYTES} */
    QuerySets(SourceMemory memory, Host host, long mostBytes) {
        this.memory = memory;
        this.host = host;
        this.transaction = new OpenTransaction(mostBytes);
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
        requests.leave(set);
        transaction.forget(set);
        if (load != null && load.set() == set) {
            endLoad(load);
        }
        out.notice(new SpacetimeDbNotice.SubscriptionEnded(subscription.query(), null));
        out.end(subscription, Ending.closed(), null);
        showFirst(out);
    }

    // ---- the connection ----

    /** The first message came: who we are is known. What waits is asked for with {@link #pump}. */
    void connected(Link to, ConnectionInfo known, Output out) {
        requests.connected(to);
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
        Link to = requests.link();
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
        try {
            requests.ask(set, to);
        } catch (LimitExceededException e) {
            refuse(set, e, out);
        }
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
        QuerySet set = requests.of(place.requestId());
        if (set == null || !set.isWanted()) {
            return null;
        }
        RowSink sink = load(set, set.decoderOf(place), out).sink();
        return place.effect() == RowPlace.Effect.EVENT ? null : sink;
    }

    /** The load of this set, which begins unless it has. */
    private Load load(QuerySet set, RowDecoder decoder, Output out) {
        Load running = load;
        if (running != null && running.set() == set) {
            return running;
        }
        if (set.state != State.ASKED) {
            throw new ProtocolException("the first rows of table '" + set.name() + "' came a second time");
        }
        Load begun = new Load(set, decoder, set.mayRepeat(isJson()), out);
        load = begun;
        return begun;
    }

    private void endLoad(Load over) {
        over.end();
        load = null;
    }

    private @Nullable RowSink changes(RowPlace place) {
        QuerySet set = requests.changedIn(place);
        if (set == null || !set.isWanted()) {
            return null;
        }
        RowDecoder decoder = set.decoderOf(place);
        if (set.state != State.APPLIED) {
            throw new ProtocolException("changes of table '" + place.table() + "' came before its first rows");
        }
        return transaction.rows(set, decoder, place.effect());
    }

    /** How far a load is whose message goes on. */
    void progress(Output out) {
        if (load != null) {
            load.progress(out);
        }
    }

    // ---- messages ----

    void applied(ServerMessage.SubscribeApplied message, Output out) {
        QuerySet set = requests.answered(message.requestId());
        if (set == null || (set.isWanted() && set.id != message.querySet())) {
            throw new ProtocolException("query set " + message.querySet() + " was applied for request "
                    + message.requestId() + ", which did not ask for it");
        }
        if (!set.isWanted()) {
            return;
        }
        TableSchema table = set.table();
        if (table == null) {
            refuse(set, new SyncException("the schema of the module has no table '" + set.name() + "'"), out);
            return;
        }
        Load whole = load(set, table.layout().decoder(), out);
        endLoad(whole);
        set.state = State.APPLIED;
        out.notice(new SpacetimeDbNotice.SubscriptionApplied(set.subscription().query(), set.name(), whole.rows()));
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
        QuerySet set = requests.answered(message.requestId());
        if (set == null || set.isWanted()) {
            throw new ProtocolException("query set " + message.querySet() + " was let go of for request "
                    + message.requestId() + ", which did not ask for that");
        }
        requests.forget(set);
    }

    /** See the specification, 4.8. */
    void error(ServerMessage.SubscriptionError message, Output out) {
        Long request = message.requestId();
        if (request != null) {
            QuerySet set = requests.answered(request);
            if (set != null) {
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
        QuerySet set = requests.ended(id);
        if (set == null) {
            return;
        }
        wanted.remove(set.subscription());
        out.notice(new SpacetimeDbNotice.SubscriptionEnded(set.subscription().query(), message.error()));
        out.end(
                set.subscription(),
                Ending.retry(SpacetimeDbException.ofText("the server ended the query", message.error())),
                null);
        showFirst(out);
    }

    private void failed(QuerySet set, long request, String error, Output out) {
        if (set.isWanted()) {
            requests.forget(set);
            refuse(set, SpacetimeDbException.ofText("the query was refused", error), out);
        } else if (request != set.requestId) {
            // A query that was let go of before the server refused it: what follows is the refusal to let it go.
            return;
        } else if (error.startsWith(INTERNAL_ERROR)) {
            throw SpacetimeDbException.ofText("the server let go of a query without saying so", error);
        } else {
            requests.forget(set);
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
        transaction.commit(reducer, isJson(), out);
    }

    private boolean isJson() {
        Link to = requests.link();
        return to != null && to.subprotocol().isJson();
    }

    /** Reports to whom it may concern. */
    void fault(String what, Output out) {
        wanted.keySet().stream().findFirst().ifPresent(one -> out.fault(one, what, "message"));
    }
}
