package dev.tributary.spacetimedb;

import dev.tributary.conformance.TransportDriver;
import dev.tributary.conformance.TransportSimulation;

/** SpacetimeDB in the protocol V2, over very many steps. */
class SpacetimeDbV2SimulationTest implements TransportSimulation {

    @Override
    public TransportDriver driver() {
        return SpacetimeDbDriver.simulated(ProtocolVersion.V2_BSATN);
    }
}
