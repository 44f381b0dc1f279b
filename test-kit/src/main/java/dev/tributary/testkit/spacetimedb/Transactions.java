package dev.tributary.testkit.spacetimedb;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Runs reducers and other writes, each as one transaction, and tells everyone what came of it. */
final class Transactions {

    private final SpacetimeDbModel model;
    private final RandomGenerator random;
    private long lastMicros;

    Transactions(SpacetimeDbModel model, RandomGenerator random) {
        this.model = model;
        this.random = random;
    }

    /** The time of a transaction; no two are the same. */
    long micros() {
        lastMicros = Math.max(lastMicros + 1, model.now() * 1_000);
        return lastMicros;
    }

    /** What the module does by itself at such a moment, if anything. */
    Outcome lifecycle(String name, BigInteger identity, @Nullable BigInteger connection) {
        FunctionSpec reducer = model.module().lifecycle(name);
        if (reducer == null) {
            return new Outcome.Committed(new Commit(0, 0, Map.of(), Map.of()));
        }
        return run(reducer, new byte[0], cause(reducer, identity, connection, new byte[0], 0, null, false));
    }

    CallCause cause(
            FunctionSpec reducer,
            BigInteger identity,
            @Nullable BigInteger connection,
            byte[] arguments,
            long requestId,
            @Nullable SpacetimeDbSession caller,
            boolean quiet) {
        return new CallCause(
                identity,
                connection,
                reducer.name(),
                model.module().reducerId(reducer.name()),
                RowJson.text(model.module().types(), reducer.parameters(), arguments, false),
                arguments,
                requestId,
                caller,
                quiet);
    }

    /** Runs a reducer now. */
    Outcome run(FunctionSpec reducer, byte[] arguments, CallCause cause) {
        return run(
                context -> reducer.body().run(context),
                ValueReader.row(model.module().types(), reducer.parameters(), arguments),
                cause);
    }

    /** Writes now, without a reducer. */
    Outcome run(SpacetimeDbModule.Reducer body, CallCause cause) {
        return run(body, List.of(), cause);
    }

    private Outcome run(SpacetimeDbModule.Reducer body, List<Object> arguments, CallCause cause) {
        long micros = micros();
        Database database = model.database();
        Transaction transaction = new Transaction(database);
        ModuleContext context = new ModuleContext(
                database, transaction, null, cause.identity(), cause.connection(), micros, random, arguments);
        Outcome outcome;
        try {
            body.run(context);
            outcome = new Outcome.Committed(database.commit(transaction, micros));
        } catch (ReducerException e) {
            transaction.rollback();
            outcome = new Outcome.Failed(String.valueOf(e.getMessage()));
        } catch (OutOfEnergyException e) {
            transaction.rollback();
            outcome = new Outcome.OutOfEnergy();
        } catch (RuntimeException e) {
            transaction.rollback();
            outcome = new Outcome.Panicked();
        }
        tell(cause, outcome, micros);
        return outcome;
    }

    private void tell(CallCause cause, Outcome outcome, long micros) {
        SpacetimeDbSession caller = cause.caller();
        Commit commit = outcome instanceof Outcome.Committed committed ? committed.commit() : null;
        if (commit != null) {
            model.durability().committed(commit);
        }
        if (caller != null && caller.isOpen()) {
            caller.conversation().answer(cause, outcome, micros);
        }
        if (commit != null && !commit.isEmpty()) {
            for (SpacetimeDbSession session : model.sessions()) {
                if (!session.equals(caller)) {
                    session.conversation().changed(commit, cause);
                }
            }
            model.schedules().committed(commit);
        }
        model.clients().haveNews();
    }
}
