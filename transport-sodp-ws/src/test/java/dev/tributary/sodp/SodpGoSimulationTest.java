package dev.tributary.sodp;

import dev.tributary.conformance.TransportDriver;
import dev.tributary.conformance.TransportSimulation;

/** SODP as the Go server speaks it, over very many steps. */
class SodpGoSimulationTest implements TransportSimulation {

    @Override
    public TransportDriver driver() {
        return SodpDriver.simulated(dev.tributary.testkit.sodp.SodpDialect.GO);
    }
}
