package dev.tributary.testkit.simulation;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What a network does to wires whatever their server does: it breaks them at any byte, lets them die without a word, and
 * takes its time. It is that of all wires of one {@link SimulatedEnvironment} in virtual time; real ones have their own.
 * Used between tasks of the simulation or in tasks of the world outside.
 */
public final class SimulatedWeather {

    private final SimulatedEnvironment environment;
    private final Set<VirtualConnection> open = new LinkedHashSet<>();
    private long mostLatencyNanos;
    private long breaks;

    SimulatedWeather(SimulatedEnvironment environment) {
        this.environment = environment;
    }

    /**
     * Each wire that is open now breaks once it has carried a drawn number of bytes more to its client, in the middle of
     * a message or of a body where that is so.
     *
     * @param mostBytes at most so many; with 0 all break at once
     */
    public void breakWithin(int mostBytes) {
        RandomGenerator random = environment.wireRandom();
        for (VirtualConnection connection : List.copyOf(open)) {
            connection.breakAfter(mostBytes == 0 ? 0 : random.nextInt(mostBytes + 1));
        }
    }

    /**
     * Wires that are open now die, each with a chance of one half but the oldest for sure: both ends think them open,
     * and nothing gets through any more, not even after {@link #clear}.
     *
     * @return how many died
     */
    public int halfOpen() {
        int died = 0;
        for (VirtualConnection connection : List.copyOf(open)) {
            if (died == 0 || environment.wireRandom().nextBoolean()) {
                connection.die();
                died++;
            }
        }
        return died;
    }

    /** From now on everything takes this much longer each way at most, drawn for each thing; nothing is overtaken. */
    public void latency(Duration most) {
        mostLatencyNanos = most.toNanos();
    }

    /** Ends what lasts, and spares the wires that were to break. Dead ones stay dead. */
    public void clear() {
        mostLatencyNanos = 0;
        open.forEach(VirtualConnection::spare);
    }

    /** How many wires broke in the middle of what they carried. */
    public long breaks() {
        return breaks;
    }

    long drawLatencyNanos() {
        return mostLatencyNanos == 0 ? 0 : environment.wireRandom().nextLong(mostLatencyNanos + 1);
    }

    int openWires() {
        return open.size();
    }

    void opened(VirtualConnection connection) {
        open.add(connection);
    }

    void closed(VirtualConnection connection) {
        open.remove(connection);
    }

    void struck() {
        breaks++;
    }
}
