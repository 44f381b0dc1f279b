package dev.tributary.testkit.simulation;

import dev.tributary.spi.Target;
import dev.tributary.spi.Wires;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Wires in virtual time whose far end is a {@link SimulatedServer}. */
public final class SimulatedWires implements Wires {

    private final SimulatedEnvironment environment;
    private final SimulatedServer server;
    private final SimulatedNetwork network;
    private final Set<VirtualConnection> open = new LinkedHashSet<>();
    private int opened;
    private boolean closed;

    public SimulatedWires(SimulatedEnvironment environment, SimulatedServer server) {
        this(environment, server, SimulatedNetwork.PERFECT);
    }

    public SimulatedWires(SimulatedEnvironment environment, SimulatedServer server, SimulatedNetwork network) {
        this.environment = environment;
        this.server = server;
        this.network = network;
    }

    /** @throws IllegalStateException after {@link #close} */
    @Override
    public Connection open(Target target, Listener listener) {
        if (closed) {
            throw new IllegalStateException("these wires are closed");
        }
        VirtualConnection connection =
                new VirtualConnection(++opened, target, listener, environment, network, open::remove);
        open.add(connection);
        connection.connect(server);
        return connection.clientSide();
    }

    /** How many wires were opened so far. */
    public int openedWires() {
        return opened;
    }

    /** How many wires are open: no end was delivered and the client did not close them. */
    public int openWires() {
        return open.size();
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        for (VirtualConnection connection : List.copyOf(open)) {
            connection.clientSide().close(0, "all wires are closed");
        }
    }
}
