/** Replays of DriftDB. */
@NullMarked
package dev.tributary.replay.driftdb;

import org.jspecify.annotations.NullMarked;
