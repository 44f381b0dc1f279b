package dev.tributary.spacetimedb;

import dev.tributary.conformance.TransportDriver;
import dev.tributary.conformance.TransportSimulation;

/** SpacetimeDB in the protocol V1Bsatn, over very many steps. */
class SpacetimeDbV1BsatnSimulationTest implements TransportSimulation {

    @Override
    public TransportDriver driver() {
        return SpacetimeDbDriver.simulated(ProtocolVersion.V1_BSATN);
    }
}
