package dev.tributary.conformance;

/** The engine and the in-memory backend, over very many steps. */
class MemorySimulationTest implements TransportSimulation {

    @Override
    public TransportDriver driver() {
        return MemoryDriver.simulated();
    }
}
