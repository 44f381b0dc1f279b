package dev.tributary.testkit.spacetimedb;

import java.math.BigInteger;
import java.util.random.RandomGenerator;

/** Procedures that clients call. They do not wait for their turn; what they write does so at once. */
final class ProcedureCalls {

    private static final String PANIC =
            "The module instance encountered a fatal error: error while executing at wasm backtrace:\n    0:  0x4db81";

    /** Hears how a procedure ended. */
    interface Listener {

        void returned(SpacetimeType type, byte[] value, long micros);

        void failed(String error);
    }

    private final SpacetimeDbModel model;
    private final RandomGenerator random;

    ProcedureCalls(SpacetimeDbModel model, RandomGenerator random) {
        this.model = model;
        this.random = random;
    }

    /** Over a connection. */
    void call(SpacetimeDbSession session, String name, byte[] given, boolean json, long requestId) {
        call(name, given, json, session.identity(), session.connectionId(), new Listener() {
            @Override
            public void returned(SpacetimeType type, byte[] value, long micros) {
                session.conversation().procedureResult(requestId, type, value, micros);
                model.clients().haveNews();
            }

            @Override
            public void failed(String error) {
                session.conversation().procedureError(requestId, error);
                model.clients().haveNews();
            }
        });
    }

    void call(String name, byte[] given, boolean json, BigInteger identity, BigInteger connection, Listener listener) {
        FunctionSpec procedure = model.module().procedures().get(name);
        if (procedure == null) {
            listener.failed("No such procedure");
            return;
        }
        byte[] arguments;
        try {
            arguments = procedure.arguments(model.module().types(), "procedure", given, json, false);
        } catch (JsonException e) {
            listener.failed(String.valueOf(e.getMessage()));
            return;
        }
        Runnable run = () -> run(procedure, arguments, identity, connection, listener);
        if (procedure.millis() == 0) {
            run.run();
        } else {
            model.later(procedure.millis(), run);
        }
    }

    private void run(
            FunctionSpec procedure, byte[] arguments, BigInteger identity, BigInteger connection, Listener listener) {
        long micros = model.transactions().micros();
        CallCause none = CallCause.none(identity, model.options().noReducerName(), CallCause.NO_REDUCER);
        ModuleContext context = new ModuleContext(
                model.database(),
                null,
                part -> {
                    Outcome outcome = model.transactions().run(part, none);
                    if (outcome instanceof Outcome.Failed failed) {
                        throw new ReducerException(failed.error());
                    } else if (!(outcome instanceof Outcome.Committed)) {
                        throw new IllegalStateException("a transaction of a procedure panicked");
                    }
                },
                identity,
                connection,
                micros,
                random,
                ValueReader.row(model.module().types(), procedure.parameters(), arguments));
        byte[] value;
        try {
            value = ValueWriter.bytes(
                    model.module().types(), procedure.result(), procedure.body().run(context));
        } catch (ReducerException | RuntimeException e) {
            listener.failed(PANIC);
            return;
        }
        listener.returned(procedure.result(), value, micros);
    }
}
