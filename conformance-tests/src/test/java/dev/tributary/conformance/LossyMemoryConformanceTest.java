package dev.tributary.conformance;

import dev.tributary.testkit.MemoryBackend;

/** The laws for a transport without LOSSLESS, over the in-memory backend that may lose commits. */
class LossyMemoryConformanceTest implements TransportConformance {

    @Override
    public TransportDriver driver() {
        return MemoryDriver.lossy(MemoryBackend.lossyTransport());
    }
}
