package dev.tributary.electric;

import dev.tributary.ConfigurationException;
import dev.tributary.MaterializedView;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Delivery;
import java.math.BigInteger;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Hands the wishes of an application to the protocol. A new session may be asked again: nothing is written. */
final class ElectricCalls implements Electric {

    private final Calls calls;

    ElectricCalls(Calls calls) {
        this.calls = calls;
    }

    @Override
    public CompletableFuture<Void> awaitTxId(MaterializedView<?> view, long txId, Duration deadline) {
        return await(view, new Awaited.Transaction(txId), deadline);
    }

    @Override
    public CompletableFuture<Void> awaitLsn(MaterializedView<?> view, String lsn, Duration deadline) {
        BigInteger position = Lsn.parse(lsn);
        if (position == null) {
            throw new ConfigurationException("expected a position such as 0/16B3748 or 23803720, got '" + lsn + "'");
        }
        return awaitLsn(view, position, deadline);
    }

    @Override
    public CompletableFuture<Void> awaitLsn(MaterializedView<?> view, BigInteger lsn, Duration deadline) {
        return await(view, new Awaited.Position(lsn), deadline);
    }

    private CompletableFuture<Void> await(MaterializedView<?> view, Awaited awaited, Duration deadline) {
        return calls.call(view, awaited, deadline, Delivery.REPEATABLE).thenAccept(nothing -> {});
    }
}
