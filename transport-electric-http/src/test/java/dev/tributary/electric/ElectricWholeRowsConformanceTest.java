package dev.tributary.electric;

import dev.tributary.conformance.TransportConformance;
import dev.tributary.conformance.TransportDriver;

/** The laws, with queries that ask for whole rows ({@code replica=full}). */
class ElectricWholeRowsConformanceTest implements TransportConformance {

    @Override
    public TransportDriver driver() {
        return ElectricDriver.ofWholeRows();
    }
}
