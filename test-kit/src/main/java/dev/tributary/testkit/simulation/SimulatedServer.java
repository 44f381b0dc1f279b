package dev.tributary.testkit.simulation;

/** The far end of simulated wires. Called by one thread at a time; it answers through the connection, now or later. */
@FunctionalInterface
public interface SimulatedServer {

    /** A wire arrived: an HTTP request, complete with its body, or a WebSocket handshake. */
    void accept(SimulatedConnection connection);

    /** A server that nothing listens at: every connection is refused. */
    static SimulatedServer refusing() {
        return connection -> connection.fail(dev.tributary.spi.WireEnd.Kind.REFUSED, "connection refused");
    }
}
