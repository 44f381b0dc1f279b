package dev.tributary.replay.spacetimedb;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server message is about, in the numbers of the recording, whatever its protocol.
 *
 * @param kind what it says
 * @param request the number of the request that it answers; -1 for none, 0 where v1 names only the reducer
 * @param set the query set that ended by itself; -1 for none
 * @param query the query that it answers: its number, or its message id in v1; empty for none
 * @param reducer the reducer that it names; empty for none
 * @param error why something was refused; null for nothing
 * @param tables those whose changes it tells
 */
record About(
        Kind kind,
        long request,
        long set,
        String query,
        String reducer,
        @Nullable String error,
        Set<String> tables) {

    /** What messages can say. */
    enum Kind {
        /** Who we are. */
        CONNECTED,
        /** All that was asked for in the legacy way. */
        LEGACY,
        /** The first rows of a query set. */
        APPLIED,
        /** A query set is let go of. */
        RELEASED,
        /** A request about a query set is refused, or a set ended. */
        REFUSED,
        /** Changes, not caused by a call of this connection as far as it says. */
        CHANGES,
        /** A call of this connection is over; it may tell changes. */
        CALLED,
        /** The answer of a one-off query. */
        QUERIED,
        /** A procedure is over. */
        RETURNED,
        /** Something that is not known. */
        OTHER
    }

    static About of(Kind kind) {
        return new About(kind, -1, -1, "", "", null, Set.of());
    }

    static About answer(Kind kind, long request) {
        return new About(kind, request, -1, "", "", null, Set.of());
    }

    static About query(String query) {
        return new About(Kind.QUERIED, -1, -1, query, "", null, Set.of());
    }

    static About refusal(long request, long set, @Nullable String error) {
        return new About(Kind.REFUSED, request, set, "", "", error, Set.of());
    }

    static About changes(Set<String> tables) {
        return new About(Kind.CHANGES, -1, -1, "", "", null, tables);
    }

    static About call(long request, String reducer, Set<String> tables) {
        return new About(Kind.CALLED, request, -1, "", reducer, null, tables);
    }
}
