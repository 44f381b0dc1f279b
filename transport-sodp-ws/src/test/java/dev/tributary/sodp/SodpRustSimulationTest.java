package dev.tributary.sodp;

import dev.tributary.conformance.TransportDriver;
import dev.tributary.conformance.TransportSimulation;

/** SODP as the Rust server speaks it, over very many steps. */
class SodpRustSimulationTest implements TransportSimulation {

    @Override
    public TransportDriver driver() {
        return SodpDriver.simulated(dev.tributary.testkit.sodp.SodpDialect.RUST);
    }
}
