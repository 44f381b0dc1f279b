package dev.tributary.sodp;

import dev.tributary.conformance.TransportConformance;
import dev.tributary.conformance.TransportDriver;
import net.jqwik.api.Tag;

/** The laws, over the model of the TypeScript server at the other end of simulated wires. */
@Tag("S50")
class SodpTypeScriptConformanceTest implements TransportConformance {

    @Override
    public TransportDriver driver() {
        return SodpDriver.simulated(dev.tributary.testkit.sodp.SodpDialect.TYPESCRIPT);
    }
}
