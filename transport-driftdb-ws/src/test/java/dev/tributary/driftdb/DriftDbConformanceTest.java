package dev.tributary.driftdb;

import dev.tributary.conformance.TransportConformance;
import dev.tributary.conformance.TransportDriver;

/** The laws, over the model of a DriftDB server at the other end of simulated wires. */
class DriftDbConformanceTest implements TransportConformance {

    @Override
    public TransportDriver driver() {
        return new DriftDbDriver();
    }
}
