package dev.tributary.testkit.spacetimedb;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reducers that clients call over their connections. */
final class ReducerCalls {

    private final SpacetimeDbModel model;

    ReducerCalls(SpacetimeDbModel model) {
        this.model = model;
    }

    /** What a call by a client cannot run for, or null. */
    @Nullable
    String whyNot(String name) {
        FunctionSpec reducer = model.module().reducers().get(name);
        if (reducer == null) {
            return "no such reducer";
        }
        return reducer.lifecycle() == null
                ? null
                : "can't directly call special " + reducer.lifecycle() + " lifecycle reducer";
    }

    void call(SpacetimeDbSession session, String name, byte[] given, boolean json, long requestId, boolean quiet) {
        CallCause cause = new CallCause(
                session.identity(),
                session.connectionId(),
                name,
                model.module().reducerId(name),
                json ? new String(given, StandardCharsets.UTF_8) : "[]",
                new byte[0],
                requestId,
                session,
                quiet);
        String reason = whyNot(name);
        FunctionSpec reducer = model.module().reducers().get(name);
        if (reason != null || reducer == null) {
            refuse(session, cause, reason == null ? "no such reducer" : reason);
            return;
        }
        byte[] arguments;
        try {
            arguments = reducer.arguments(
                    model.module().types(),
                    "reducer",
                    given,
                    json,
                    session.subprotocol().isVersion1());
        } catch (JsonException e) {
            refuse(session, cause, String.valueOf(e.getMessage()));
            return;
        }
        CallCause full = model.transactions()
                .cause(reducer, session.identity(), session.connectionId(), arguments, requestId, session, quiet);
        CallCause said = json
                ? new CallCause(
                        full.identity(),
                        full.connection(),
                        name,
                        full.reducerId(),
                        cause.jsonArguments(),
                        arguments,
                        requestId,
                        session,
                        quiet)
                : full;
        model.work().add(session, reducer.millis(), () -> model.transactions().run(reducer, arguments, said));
    }

    private void refuse(SpacetimeDbSession session, CallCause cause, String reason) {
        session.conversation().refuse(cause, reason);
        model.clients().haveNews();
    }
}
