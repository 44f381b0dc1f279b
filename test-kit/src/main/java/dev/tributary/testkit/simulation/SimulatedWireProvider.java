package dev.tributary.testkit.simulation;

import dev.tributary.ConfigurationException;
import dev.tributary.Options;
import dev.tributary.spi.Environment;
import dev.tributary.spi.WireProvider;
import dev.tributary.spi.Wires;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Makes {@link SimulatedWires} for sources that live in a {@link SimulatedEnvironment}. */
public final class SimulatedWireProvider implements WireProvider {

    private final Set<String> schemes;
    private final SimulatedServer server;
    private final SimulatedNetwork network;
    private final List<SimulatedWires> made = new ArrayList<>();

    /**
     * @param schemes the URI schemes to stand in for, for example {@code http}
     * @param server the far end of every wire
     */
    public SimulatedWireProvider(Set<String> schemes, SimulatedServer server, SimulatedNetwork network) {
        this.schemes = Set.copyOf(schemes);
        this.server = server;
        this.network = network;
    }

    @Override
    public Set<String> schemes() {
        return schemes;
    }

    @Override
    public Wires wires(Options options, Environment environment) {
        if (!(environment instanceof SimulatedEnvironment simulated)) {
            throw new ConfigurationException("simulated wires need a SimulatedEnvironment, set on the builder");
        }
        SimulatedWires wires = new SimulatedWires(simulated, server, network);
        made.add(wires);
        return wires;
    }

    /** The wires of all sources so far, in the order of opening. */
    public List<SimulatedWires> made() {
        return Collections.unmodifiableList(made);
    }

    /** How many wires are open in all sources. */
    public int openWires() {
        return made.stream().mapToInt(SimulatedWires::openWires).sum();
    }
}
