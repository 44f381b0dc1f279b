package dev.tributary.spacetimedb;

import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.WireEnd;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedServer;
import java.time.Duration;
import java.util.Map;

/** What the network does before a server is reached. */
final class FaultyServer implements SimulatedServer {

    private final SimulatedServer behind;
    private int refusals;
    /** What a handshake is refused with; 0 for no answer at all. */
    private int status;

    private Map<String, String> headers = Map.of();

    private boolean silent;

    FaultyServer(SimulatedServer behind) {
        this.behind = behind;
    }

    @Override
    public void accept(SimulatedConnection connection) {
        if (silent) {
            return;
        }
        if (refusals > 0 && !(connection.target() instanceof HttpTarget)) {
            refusals -= refusals == Integer.MAX_VALUE ? 0 : 1;
            if (status != 0) {
                connection.head(status, headers);
                connection.complete();
            } else {
                connection.fail(WireEnd.Kind.REFUSED, "connection refused");
            }
            return;
        }
        if (refusals == Integer.MAX_VALUE) {
            connection.fail(WireEnd.Kind.REFUSED, "connection refused");
            return;
        }
        behind.accept(connection);
    }

    /**
     * @param answer a status, or 0 for none
     */
    void refuse(int count, int answer) {
        refusals = count;
        status = answer;
        headers = Map.of();
    }

    /** The next handshake is refused, and the client asked to wait. */
    void comeLater(int answer, Duration wait) {
        refuse(1, answer);
        headers = Map.of("retry-after", Long.toString(wait.toSeconds()));
    }

    void silent(boolean now) {
        silent = now;
    }
}
