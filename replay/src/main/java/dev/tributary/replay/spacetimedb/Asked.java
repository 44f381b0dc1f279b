package dev.tributary.replay.spacetimedb;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A call, a procedure or a one-off query that was recorded, asked for through our API. */
final class Asked {

    private final Request request;
    private final Entry entry;
    private @Nullable String ours;
    private @Nullable CompletableFuture<?> future;

    Asked(Request request, Entry entry) {
        this.request = request;
        this.entry = entry;
    }

    Request request() {
        return request;
    }

    Entry entry() {
        return entry;
    }

    void future(CompletableFuture<?> answer) {
        future = answer;
    }

    /** Our client sent it, and calls it so. */
    void sent(Request as) {
        ours = as instanceof Request.OneOff query && query.messageId() != null
                ? query.messageId()
                : String.valueOf(as.requestId());
    }

    /** What our client calls it; null until it was sent. */
    @Nullable
    String ours() {
        return ours;
    }

    /** Whether our client has done its part: sent it, or refused to. */
    boolean isReady() {
        return ours != null || (future != null && future.isDone());
    }

    /** Whether a request of ours is this one. */
    boolean isSame(Request sent) {
        if (request instanceof Request.Call a && sent instanceof Request.Call b) {
            return a.reducer().equals(b.reducer()) && fits(a.arguments(), b.arguments()) && a.silent() == b.silent();
        }
        if (request instanceof Request.Procedure a && sent instanceof Request.Procedure b) {
            return a.procedure().equals(b.procedure()) && fits(a.arguments(), b.arguments());
        }
        return request instanceof Request.OneOff a
                && sent instanceof Request.OneOff b
                && a.query().equals(b.query());
    }

    /** A client of v1 may send arguments in the other form than the one agreed on; ours never does. */
    private static boolean fits(Object recorded, Object ours) {
        return recorded.getClass() != ours.getClass() || recorded.equals(ours);
    }

    /** Whether an answer, in the numbers of the recording, is for it. */
    boolean isAnsweredBy(About about) {
        if (request instanceof Request.Call call) {
            return about.kind() == About.Kind.CALLED
                    && (about.request() == 0 && !about.reducer().isEmpty()
                            ? call.reducer().equals(about.reducer())
                            : call.requestId() == about.request());
        }
        if (request instanceof Request.Procedure call) {
            return about.kind() == About.Kind.RETURNED && call.requestId() == about.request();
        }
        return request instanceof Request.OneOff query
                && about.kind() == About.Kind.QUERIED
                && about.query()
                        .equals(query.messageId() != null ? query.messageId() : String.valueOf(query.requestId()));
    }
}
