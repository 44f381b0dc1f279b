package dev.tributary.electric;

import dev.tributary.conformance.TransportDriver;
import dev.tributary.conformance.TransportSimulation;

/** Electric and the engine, over very many steps. */
class ElectricSimulationTest implements TransportSimulation {

    @Override
    public TransportDriver driver() {
        return ElectricDriver.simulated();
    }
}
