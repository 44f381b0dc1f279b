package dev.tributary.conformance;

/** The engine and an in-memory backend that loses commits, over very many steps. */
class LossyMemorySimulationTest implements TransportSimulation {

    @Override
    public TransportDriver driver() {
        return MemoryDriver.lossy(dev.tributary.testkit.MemoryBackend.lossyTransport());
    }
}
