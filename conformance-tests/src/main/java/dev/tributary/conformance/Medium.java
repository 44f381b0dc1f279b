package dev.tributary.conformance;

import dev.tributary.spi.WireProvider;
import dev.tributary.testkit.driven.DrivenServer;
import dev.tributary.testkit.driven.WireLedger;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.testkit.simulation.SimulatedServer;
import dev.tributary.testkit.simulation.SimulatedWireProvider;
import java.util.List;
import java.util.Set;

/**
 * What lies between the sources of a world and its server. The same server stands behind simulated wires and behind real
 * ones, so a driver that takes a medium is one for both.
 */
public interface Medium extends AutoCloseable {

    /** Host and port, as they stand in the address of a source. */
    String authority();

    /** The wires of a source. */
    WireProvider wires();

    /** Whether nobody listens at the port. Simulated servers refuse by themselves. */
    void refuse(boolean now);

    /** Whether nothing answers for the server, not even to a ping. */
    void silent(boolean now);

    /** What the wires left behind once all sources are closed; empty when there is nothing. */
    String leftovers();

    @Override
    void close();

    /** Makes the medium of one world. */
    @FunctionalInterface
    interface Factory {

        Medium to(SimulatedServer server, SimulatedEnvironment environment);
    }

    /** Simulated wires. */
    static Factory simulated(Set<String> schemes, SimulatedNetwork network) {
        return (server, environment) -> new Simulated(new SimulatedWireProvider(schemes, server, network));
    }

    /**
     * Real wires to a real port of this machine, in virtual time.
     *
     * @param mostPiece the server writes at most so many bytes at once
     */
    static Factory sockets(WireProvider real, int mostPiece) {
        return (server, environment) -> {
            WireLedger ledger = WireLedger.of(environment);
            DrivenServer sockets = DrivenServer.start(environment, ledger, server, mostPiece);
            return new Sockets(sockets, ledger, real, environment);
        };
    }

    /** Wires that exist in virtual time alone. */
    record Simulated(WireProvider wires) implements Medium {

        @Override
        public String authority() {
            return "model";
        }

        @Override
        public void refuse(boolean now) {}

        @Override
        public void silent(boolean now) {}

        @Override
        public String leftovers() {
            return "";
        }

        @Override
        public void close() {}
    }

    /** Sockets. */
    record Sockets(DrivenServer server, WireLedger ledger, WireProvider real, SimulatedEnvironment environment)
            implements Medium {

        @Override
        public String authority() {
            return "127.0.0.1:" + server.port();
        }

        @Override
        public WireProvider wires() {
            return server.wires(real);
        }

        @Override
        public void refuse(boolean now) {
            server.refuse(now);
        }

        @Override
        public void silent(boolean now) {
            server.silent(now);
        }

        @Override
        public String leftovers() {
            List<String> threads = ledger.threadsLeft();
            return threads.isEmpty() ? "" : "threads " + threads;
        }

        @Override
        public void close() {
            // A source that was just closed has yet to close its wires, and these their threads.
            try {
                environment.run();
            } finally {
                server.close();
            }
        }
    }
}
