package dev.tributary.electric;

import dev.tributary.conformance.TransportConformance;
import dev.tributary.conformance.TransportDriver;

/** The laws, over the model of an Electric server at the other end of simulated wires. */
class ElectricConformanceTest implements TransportConformance {

    @Override
    public TransportDriver driver() {
        return ElectricDriver.simulated();
    }
}
