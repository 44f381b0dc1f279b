package dev.tributary.replay.spacetimedb;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was asked for on one connection and is not answered yet, in the order in which it was asked. */
final class Requests {

    /**
     * A request and where its end is written down.
     *
     * @param entry null where nobody asks how it ended
     */
    record Asked(Request request, @Nullable Entry entry) {

        void end(String outcome, @Nullable String error) {
            if (entry != null) {
                entry.end(outcome, error);
            }
        }
    }

    /** A call of that reducer never ran. */
    private record Named(String reducer, String error) {}

    private final String connection;
    private final Book book;
    private final List<Asked> sets = new ArrayList<>();
    private final List<Asked> calls = new ArrayList<>();

    /** Answers of v1 that name no request but a reducer alone. */
    private final List<Named> named = new ArrayList<>();

    private final List<Entry> procedures = new ArrayList<>();
    private final List<Entry> queries = new ArrayList<>();

    Requests(String connection, Book book) {
        this.connection = connection;
        this.book = book;
    }

    void add(Request request) {
        Entry entry = new Entry(connection);
        if (request instanceof Request.Call call) {
            entry.with("request_id", call.requestId()).with("reducer", call.reducer());
            book.calls.add(entry);
            if (call.silent()) {
                entry.end("sent", null);
            }
            // Nobody waits for a silent one; v1 answers it all the same when it never ran.
            calls.add(new Asked(call, call.silent() ? null : entry));
        } else if (request instanceof Request.Procedure call) {
            entry.with("request_id", call.requestId()).with("procedure", call.procedure());
            book.procedures.add(entry);
            procedures.add(entry);
        } else if (request instanceof Request.OneOff query) {
            if (query.messageId() == null) {
                entry.with("request_id", query.requestId());
            } else {
                entry.with("message_id", query.messageId());
            }
            entry.with("query", query.query());
            book.queries.add(entry);
            queries.add(entry);
        } else if (request instanceof Request.Subscribe set) {
            entry.with("request_id", set.requestId()).with("id", set.querySet());
            book.subscriptions.add(entry);
            sets.add(new Asked(set, entry));
        } else {
            sets.add(new Asked(request, null));
        }
    }

    /** The oldest request about a query set of this number. */
    @Nullable
    Asked takeSet(long requestId) {
        for (Iterator<Asked> all = sets.iterator(); all.hasNext(); ) {
            Asked asked = all.next();
            if (asked.request().requestId() == requestId) {
                all.remove();
                return asked;
            }
        }
        return null;
    }

    /** As {@link #takeSet}, where only the request counts. */
    @Nullable
    Request answerSet(long requestId) {
        Asked asked = takeSet(requestId);
        return asked == null ? null : asked.request();
    }

    /** Answers keep the order of requests, so the oldest one is meant. */
    void refuseOldestSet(String error) {
        if (!sets.isEmpty()) {
            sets.remove(0).end("failed", error);
        }
    }

    /** The reducer of a call that waits for its answer. */
    @Nullable
    String reducer(long requestId) {
        return calls.stream()
                .map(Asked::request)
                .filter(request -> request.requestId() == requestId)
                .map(request -> ((Request.Call) request).reducer())
                .findFirst()
                .orElse(null);
    }

    /** Whether there was such a call. */
    boolean answerCall(long requestId, String outcome, @Nullable String error) {
        for (Iterator<Asked> all = calls.iterator(); all.hasNext(); ) {
            Asked asked = all.next();
            if (asked.request().requestId() == requestId) {
                all.remove();
                asked.end(outcome, error);
                return true;
            }
        }
        return false;
    }

    /** A call of that name never ran. Which one shows when all others are answered. */
    void answerNamed(String reducer, String error) {
        named.add(new Named(reducer, error));
    }

    /** Nothing more comes: what was answered by its name alone are the calls that are left, the oldest first. */
    void close() {
        List<String> reducers = named.stream().map(Named::reducer).distinct().toList();
        for (String reducer : reducers) {
            List<Named> answers = new ArrayList<>(named);
            answers.removeIf(answer -> !answer.reducer().equals(reducer));
            List<Asked> left = new ArrayList<>(calls);
            left.removeIf(asked -> !((Request.Call) asked.request()).reducer().equals(reducer));
            long waiting = left.stream().filter(asked -> asked.entry() != null).count();
            for (Asked asked : left) {
                boolean isSpare = answers.size() > waiting;
                if (!answers.isEmpty() && (asked.entry() != null || isSpare)) {
                    asked.end("failed", answers.remove(0).error());
                    waiting -= asked.entry() == null ? 0 : 1;
                }
            }
        }
        named.clear();
    }

    @Nullable
    Entry takeProcedure(long requestId) {
        return take(procedures, "request_id", BigDecimal.valueOf(requestId));
    }

    /** The query of this number, or in v1 of this message id. */
    @Nullable
    Entry takeQuery(String name, Object id) {
        return take(queries, name, id);
    }

    private static @Nullable Entry take(List<Entry> entries, String name, Object id) {
        for (Iterator<Entry> all = entries.iterator(); all.hasNext(); ) {
            Entry entry = all.next();
            if (id.equals(entry.get(name))) {
                all.remove();
                return entry;
            }
        }
        return null;
    }
}
