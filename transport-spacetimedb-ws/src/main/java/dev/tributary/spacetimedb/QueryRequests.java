package dev.tributary.spacetimedb;

import dev.tributary.LimitExceededException;
import dev.tributary.ProtocolException;
import dev.tributary.spacetimedb.QuerySet.State;
import dev.tributary.spacetimedb.codec.RowPlace;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests for query sets: which of them wait for an answer, and whom the server means by an id. From v2 on it names the
 * query set of each row; v1 names the table alone.
 */
final class QueryRequests {

    /** All whose id the server may know. */
    private final Map<Long, QuerySet> byId = new HashMap<>();

    private final Map<Long, QuerySet> byRequest = new HashMap<>();
    private @Nullable Link link;

    void connected(Link to) {
        link = to;
    }

    /** The connection; null while it has not begun. */
    @Nullable
    Link link() {
        return link;
    }

    /**
     * Asks for a query.
     *
     * @throws LimitExceededException when the server would not take it; then nothing was asked
     */
    void ask(QuerySet set, Link to) {
        long id = to.nextId();
        long request = to.nextId();
        byte[] message = Link.checked(
                "the query", to.messages().subscribe(request, id, set.sql().statements()));
        set.id = id;
        set.requestId = request;
        set.state = State.ASKED;
        byId.put(id, set);
        byRequest.put(request, set);
        to.request(message);
    }

    /** The server is told that nobody wants it any more, unless it never heard of it. */
    void leave(QuerySet set) {
        Link to = link;
        if (to != null && (set.state == State.ASKED || set.state == State.APPLIED)) {
            set.requestId = to.nextId();
            byRequest.put(set.requestId, set);
            to.request(to.messages().unsubscribe(set.requestId, set.id, false));
        }
        set.state = State.LEAVING;
    }

    /** Whose request that is which waits for its answer; null when it is none of these. */
    @Nullable
    QuerySet of(@Nullable Long request) {
        return request == null ? null : byRequest.get(request);
    }

    /** Whose request was answered; null when it is none of these. */
    @Nullable
    QuerySet answered(long request) {
        QuerySet set = byRequest.remove(request);
        if (set != null && link != null) {
            link.answered();
        }
        return set;
    }

    /** The server does not know its id any more. */
    void forget(QuerySet set) {
        byId.remove(set.id);
    }

    /** The server ended a query that it was not asked to end; null when that is none that is wanted. */
    @Nullable
    QuerySet ended(long id) {
        QuerySet set = byId.remove(id);
        if (set == null || !set.isWanted()) {
            return null;
        }
        byRequest.remove(set.requestId, set);
        return set;
    }

    /**
     * Whose changes stand in this place; null when nobody follows its table any more.
     *
     * @throws ProtocolException when it names a query set that is not known
     */
    @Nullable
    QuerySet changedIn(RowPlace place) {
        Long id = place.querySet();
        if (id == null) {
            return ofTable(place.table());
        }
        QuerySet set = byId.get(id);
        if (set == null) {
            throw new ProtocolException(
                    "rows of table '" + place.table() + "' came for query set " + id + ", which is not known");
        }
        return set;
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
}
