package dev.tributary.conformance;

import dev.tributary.Capability;
import java.util.Set;

/** What the laws need of a transport: a server that can be written to and that can fail. */
public interface TransportDriver {

    /** What the transport declares. */
    Set<Capability> capabilities();

    /** The faults that worlds of this driver have. */
    Set<Fault> faults();

    /** A new world whose randomness comes from the seed alone: the same seed gives the same run. */
    World newWorld(long seed);

    /** Whether clients write in random programs, beside the situations that are looked at one by one. */
    default boolean programsWrite() {
        return capabilities().contains(Capability.WRITES);
    }

    /** How many random programs are run where so many are wanted: fewer where each takes real time. */
    default int programs(int wanted) {
        return wanted;
    }
}
