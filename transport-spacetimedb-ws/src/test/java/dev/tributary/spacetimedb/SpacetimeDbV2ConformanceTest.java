package dev.tributary.spacetimedb;

import dev.tributary.conformance.TransportConformance;
import dev.tributary.conformance.TransportDriver;
import net.jqwik.api.Tag;

/** The laws, over the model of a server at the other end of simulated wires. */
@Tag("T55")
class SpacetimeDbV2ConformanceTest implements TransportConformance {

    @Override
    public TransportDriver driver() {
        return SpacetimeDbDriver.simulated(ProtocolVersion.V2_BSATN);
    }
}
