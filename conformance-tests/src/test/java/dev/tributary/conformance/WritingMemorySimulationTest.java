package dev.tributary.conformance;

import dev.tributary.testkit.MemoryBackend;

/** The engine and the in-memory backend with writes, over very many steps. */
class WritingMemorySimulationTest implements TransportSimulation {

    @Override
    public TransportDriver driver() {
        return MemoryDriver.of(false, () -> new WritingMemory(MemoryBackend.transport()), right -> right);
    }
}
