package dev.tributary.sodp;

import dev.tributary.conformance.TransportConformance;
import dev.tributary.conformance.TransportDriver;
import net.jqwik.api.Group;
import net.jqwik.api.Tag;

/**
 * The laws again, over WebSockets through real sockets and the threads of the wires, for each server. Virtual time moves on
 * only when all is quiet, so nothing here waits for time to go by.
 */
@Tag("S50")
class SodpSocketConformanceTest {

    @Group
    class TypeScript implements TransportConformance {

        @Override
        public TransportDriver driver() {
            return driverOf(dev.tributary.testkit.sodp.SodpDialect.TYPESCRIPT);
        }
    }

    @Group
    class Rust implements TransportConformance {

        @Override
        public TransportDriver driver() {
            return driverOf(dev.tributary.testkit.sodp.SodpDialect.RUST);
        }
    }

    @Group
    class Go implements TransportConformance {

        @Override
        public TransportDriver driver() {
            return driverOf(dev.tributary.testkit.sodp.SodpDialect.GO);
        }
    }

    private TransportDriver driverOf(dev.tributary.testkit.sodp.SodpDialect dialect) {
        return SodpDriver.overSockets(dialect);
    }
}
