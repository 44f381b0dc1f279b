package dev.tributary.spacetimedb;

import dev.tributary.conformance.TransportDriver;
import dev.tributary.conformance.TransportSimulation;

/** SpacetimeDB in the protocol V3, over very many steps. */
class SpacetimeDbV3SimulationTest implements TransportSimulation {

    @Override
    public TransportDriver driver() {
        return SpacetimeDbDriver.simulated(ProtocolVersion.V3_BSATN);
    }
}
