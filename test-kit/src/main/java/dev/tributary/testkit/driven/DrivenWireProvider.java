package dev.tributary.testkit.driven;

import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.spi.Environment;
import dev.tributary.spi.WireProvider;
import dev.tributary.spi.Wires;
import java.util.List;
import java.util.Set;

/** Real wires that are kept in a ledger. */
public final class DrivenWireProvider implements WireProvider {

    private final WireProvider real;
    private final WireLedger ledger;

    /**
     * @param real makes the wires
     * @param ledger of the environment that the source is given
     */
    public DrivenWireProvider(WireProvider real, WireLedger ledger) {
        this.real = real;
        this.ledger = ledger;
    }

    @Override
    public Set<String> schemes() {
        return real.schemes();
    }

    @Override
    public List<Option<?>> options() {
        return real.options();
    }

    @Override
    public Wires wires(Options options, Environment environment) {
        return new DrivenWires(real.wires(options, new WiresEnvironment(environment, ledger)), ledger);
    }
}
