/** Replays recorded sessions through the transports. */
@NullMarked
package dev.tributary.replay;

import org.jspecify.annotations.NullMarked;
