package dev.tributary.conformance;

/** The laws, over the in-memory backend. */
class MemoryConformanceTest implements TransportConformance {

    @Override
    public TransportDriver driver() {
        return MemoryDriver.simulated();
    }
}
