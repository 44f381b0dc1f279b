package dev.tributary.spacetimedb;

import dev.tributary.LimitExceededException;
import dev.tributary.spacetimedb.types.DatabaseSchema;
import dev.tributary.spi.Call;
import dev.tributary.spi.Output;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls that wait for the connection, for the schema, or for room; sent in their order. */
final class WaitingCalls {

    private static final int MOST = 100_000;

    private final CallDesk calls;
    private final Questions questions;
    private final Deque<Call> waiting = new ArrayDeque<>();
    /** Functions that the schema did not have before it was fetched again for them. */
    private final Set<String> sought = new HashSet<>();

    WaitingCalls(CallDesk calls, Questions questions) {
        this.calls = calls;
        this.questions = questions;
    }

    void add(Call call, Output out) {
        if (waiting.size() >= MOST) {
            out.refuse(call, new LimitExceededException("more than " + MOST + " calls wait to be sent"));
        } else {
            waiting.add(call);
        }
    }

    void forget(Call call) {
        waiting.remove(call);
    }

    /** Sends what can be sent. */
    void pump(
            Link link, ConnectionInfo info, @Nullable DatabaseSchema schema, Consumer<Output> fetchSchema, Output out) {
        while (!waiting.isEmpty() && link.hasRoom()) {
            Call call = waiting.peek();
            Wish wish = (Wish) call.request();
            if (wish instanceof Wish.Connect) {
                waiting.remove();
                out.sent(call);
                out.reply(call, info);
            } else if (schema == null) {
                return;
            } else if (isUnknown(wish, schema) && sought.add(nameOf(wish))) {
                fetchSchema.accept(out);
                return;
            } else {
                waiting.remove();
                send(call, wish, link, schema, out);
            }
        }
    }

    private void send(Call call, Wish wish, Link link, DatabaseSchema schema, Output out) {
        if (wish instanceof Wish.Reducer reducer) {
            calls.sendReducer(call, reducer, link, schema, out);
        } else if (wish instanceof Wish.Procedure procedure) {
            calls.sendProcedure(call, procedure, link, schema, out);
        } else if (wish instanceof Wish.OneOff question) {
            questions.send(call, question, link, out);
        }
    }

    private static boolean isUnknown(Wish wish, DatabaseSchema schema) {
        return (wish instanceof Wish.Reducer reducer && schema.reducer(reducer.name()) == null)
                || (wish instanceof Wish.Procedure procedure && schema.procedure(procedure.name()) == null);
    }

    private static String nameOf(Wish wish) {
        return wish instanceof Wish.Reducer reducer
                ? "reducer " + reducer.name()
                : wish instanceof Wish.Procedure procedure ? "procedure " + procedure.name() : "";
    }
}
