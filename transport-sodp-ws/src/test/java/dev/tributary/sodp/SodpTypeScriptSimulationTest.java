package dev.tributary.sodp;

import dev.tributary.conformance.TransportDriver;
import dev.tributary.conformance.TransportSimulation;

/** SODP as the TypeScript server speaks it, over very many steps. */
class SodpTypeScriptSimulationTest implements TransportSimulation {

    @Override
    public TransportDriver driver() {
        return SodpDriver.simulated(dev.tributary.testkit.sodp.SodpDialect.TYPESCRIPT);
    }
}
