package com.example.line;

import dev.tributary.conformance.TransportConformance;
import dev.tributary.conformance.TransportDriver;

/** The laws. */
class LineConformanceTest implements TransportConformance {

    @Override
    public TransportDriver driver() {
        return new LineDriver();
    }
}
