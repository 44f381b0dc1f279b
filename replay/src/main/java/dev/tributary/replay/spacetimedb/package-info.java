/** Replays of SpacetimeDB. */
@NullMarked
package dev.tributary.replay.spacetimedb;

import org.jspecify.annotations.NullMarked;
