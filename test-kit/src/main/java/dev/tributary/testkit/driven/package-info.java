/**
 * Real wires and real sockets under a driven clock: a server of the simulator listens at a port of 127.0.0.1, the wires
 * run on their own threads, and virtual time moves on only when a {@link dev.tributary.testkit.driven.WireLedger} says
 * that whatever one side said was heard by the other.
 */
@NullMarked
package dev.tributary.testkit.driven;

import org.jspecify.annotations.NullMarked;
