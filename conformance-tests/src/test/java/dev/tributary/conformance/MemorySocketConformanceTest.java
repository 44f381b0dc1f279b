package dev.tributary.conformance;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Tag;

/** The laws, over the in-memory backend behind WebSockets through real sockets, in virtual time. */
class MemorySocketConformanceTest implements TransportConformance {

    @Override
    public TransportDriver driver() {
        return MemoryDriver.overSockets();
    }

    @Example
    @Tag("L1")
    @Label("a server that goes before it answered the handshake is heard to have gone")
    void closedBeforeTheHandshakeIsAnswered() {
        Simulation.run(
                driver(),
                new Program(
                        1,
                        List.of(
                                new Step.Break(Fault.SILENCE),
                                new Step.Break(Fault.EXPIRE_CREDENTIALS),
                                new Step.Advance(Duration.ofSeconds(5)))));
    }
}
