package dev.tributary.spacetimedb;

import dev.tributary.conformance.TransportConformance;
import dev.tributary.conformance.TransportDriver;
import net.jqwik.api.Group;
import net.jqwik.api.Tag;

/**
 * The laws again, through real sockets and the threads of the wires. Virtual time moves on only when all is quiet, so
 * nothing here waits for time to go by.
 */
@Tag("T55")
class SpacetimeDbSocketConformanceTest {

    @Group
    class V1Json implements TransportConformance {

        @Override
        public TransportDriver driver() {
            return driverOf(ProtocolVersion.V1_JSON);
        }
    }

    @Group
    class V1Bsatn implements TransportConformance {

        @Override
        public TransportDriver driver() {
            return driverOf(ProtocolVersion.V1_BSATN);
        }
    }

    @Group
    class V2 implements TransportConformance {

        @Override
        public TransportDriver driver() {
            return driverOf(ProtocolVersion.V2_BSATN);
        }
    }

    @Group
    class V3 implements TransportConformance {

        @Override
        public TransportDriver driver() {
            return driverOf(ProtocolVersion.V3_BSATN);
        }
    }

    private TransportDriver driverOf(ProtocolVersion version) {
        return SpacetimeDbDriver.overSockets(version);
    }
}
