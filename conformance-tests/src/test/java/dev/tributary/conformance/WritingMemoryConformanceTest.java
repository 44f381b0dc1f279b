package dev.tributary.conformance;

import dev.tributary.testkit.MemoryBackend;

/** The laws of writes, over the in-memory backend with writes. */
class WritingMemoryConformanceTest implements TransportConformance {

    @Override
    public TransportDriver driver() {
        return MemoryDriver.of(false, () -> new WritingMemory(MemoryBackend.transport()), right -> right);
    }
}
