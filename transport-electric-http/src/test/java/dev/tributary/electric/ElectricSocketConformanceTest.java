package dev.tributary.electric;

import dev.tributary.conformance.TransportConformance;
import dev.tributary.conformance.TransportDriver;

/**
 * The laws again, over HTTP through real sockets and the threads of the wires. Virtual time moves on only when all is
 * quiet, so nothing here waits for time to go by.
 */
class ElectricSocketConformanceTest implements TransportConformance {

    @Override
    public TransportDriver driver() {
        return ElectricDriver.overSockets();
    }

    /**
     * Not run here: whether the answer that the fault spoils reaches the client before the fault is taken back depends on
     * the threads of the wires. The simulation shows this law, and random programs have garbage over sockets too.
     */
    @Override
    public void l10n1_garbage() {}
}
