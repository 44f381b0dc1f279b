/** Replays of the Electric HTTP protocol. */
@NullMarked
package dev.tributary.replay.electric;

import org.jspecify.annotations.NullMarked;
