/**
 * An embedded reference server of DriftDB: {@link dev.tributary.testkit.driftdb.DriftDbModel} is the pure, deterministic
 * behaviour; {@link dev.tributary.testkit.driftdb.DriftDbServer} puts it behind real sockets and
 * {@link dev.tributary.testkit.driftdb.DriftDbModelServer} behind simulated wires.
 */
@NullMarked
package dev.tributary.testkit.driftdb;

import org.jspecify.annotations.NullMarked;
