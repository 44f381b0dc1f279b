package dev.tributary.testkit.driven;

import dev.tributary.spi.Environment;
import dev.tributary.testkit.simulation.ForwardingEnvironment;
import java.util.concurrent.atomic.AtomicBoolean;

/** The environment as wires see it: what they hold of it is entered into the ledger. */
final class WiresEnvironment extends ForwardingEnvironment {

    private final WireLedger ledger;

    WiresEnvironment(Environment real, WireLedger ledger) {
        super(real);
        this.ledger = ledger;
    }

    @Override
    public Hold hold() {
        Hold hold = super.hold();
        AtomicBoolean closed = new AtomicBoolean();
        ledger.holdTaken();
        return () -> {
            if (closed.compareAndSet(false, true)) {
                hold.close();
                ledger.holdClosed();
            }
        };
    }
}
