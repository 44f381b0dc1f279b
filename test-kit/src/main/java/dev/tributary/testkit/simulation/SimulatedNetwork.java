package dev.tributary.testkit.simulation;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * What lies between client and server. Immutable.
 *
 * @param leastLatency one way
 * @param mostLatency one way; drawn anew for each thing that is sent, which never overtakes what was sent before it
 * @param mostPiece bodies arrive in pieces of 1 to so many bytes, drawn; 0 leaves them as the server sent them
 */
public record SimulatedNetwork(Duration leastLatency, Duration mostLatency, int mostPiece) {

    /** No latency, and bodies as they were sent. */
    public static final SimulatedNetwork PERFECT = new SimulatedNetwork(Duration.ZERO, Duration.ZERO, 0);

    public SimulatedNetwork {
        if (leastLatency.isNegative() || leastLatency.compareTo(mostLatency) > 0) {
            throw new IllegalArgumentException("latency from " + leastLatency + " to " + mostLatency);
        }
        if (mostPiece < 0) {
            throw new IllegalArgumentException("pieces of at most " + mostPiece + " bytes");
        }
    }

    /** This network with this latency each way. */
    public SimulatedNetwork latency(Duration least, Duration most) {
        return new SimulatedNetwork(least, most, mostPiece);
    }

    /** This network with bodies cut into pieces of 1 to so many bytes. */
    public SimulatedNetwork pieces(int most) {
        return new SimulatedNetwork(leastLatency, mostLatency, most);
    }

    long drawLatencyNanos(RandomGenerator random) {
        long least = leastLatency.toNanos();
        long spread = mostLatency.toNanos() - least;
        return spread == 0 ? least : least + random.nextLong(spread + 1);
    }
}
