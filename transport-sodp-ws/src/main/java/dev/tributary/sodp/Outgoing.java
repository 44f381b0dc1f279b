package dev.tributary.sodp;

import dev.tributary.spi.Call;
import dev.tributary.spi.Output;
import org.jspecify.annotations.Nullable;

/** A call of the server on its way, and who hears what became of it. Compared by identity. */
final class Outgoing {

    private final Invocation invocation;
    private final @Nullable Call call;
    private final Answer answer;
    private String id = "";
    private boolean abandoned;

    /** Hears what became of a call. */
    interface Answer {

        void result(CallResult result, Output out);

        void refused(Throwable reason, Output out);
    }

    /** @param call the engine's, which hears when it is sent; null for one of our own */
    Outgoing(Invocation invocation, @Nullable Call call, Answer answer) {
        this.invocation = invocation;
        this.call = call;
        this.answer = answer;
    }

    Invocation invocation() {
        return invocation;
    }

    @Nullable
    Call call() {
        return call;
    }

    /** The id of the last attempt. */
    String id() {
        return id;
    }

    void id(String next) {
        id = next;
    }

    /** Nobody waits any more; its answer still counts as one. */
    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    void result(CallResult result, Output out) {
        if (!abandoned) {
            answer.result(result, out);
        }
    }

    void refuse(Throwable reason, Output out) {
        if (!abandoned) {
            answer.refused(reason, out);
        }
    }
}
