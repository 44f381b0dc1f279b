package dev.tributary.driftdb;

import dev.tributary.conformance.TransportDriver;
import dev.tributary.conformance.TransportSimulation;

/** DriftDB and the engine, over very many steps. */
class DriftDbSimulationTest implements TransportSimulation {

    @Override
    public TransportDriver driver() {
        return new DriftDbDriver();
    }
}
