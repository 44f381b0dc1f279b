/** Replays of SODP. */
@NullMarked
package dev.tributary.replay.sodp;

import org.jspecify.annotations.NullMarked;
