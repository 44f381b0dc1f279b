package dev.tributary.conformance;

/** The laws, over the in-memory backend behind WebSockets through real sockets, in virtual time. */
class MemorySocketConformanceTest implements TransportConformance {

    @Override
    public TransportDriver driver() {
        return MemoryDriver.overSockets();
    }
}
