package dev.tributary.driftdb;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A push was applied.
 *
 * @param number that it was given; empty where its echo did not come: the key is not viewed here, the push was a compact
 *     or went over HTTP, or the server dropped the echo
 * @param size how many entries the key retains, where the server said so: two or more
 * @param before the newest entry of the key that was seen before the echo, so that an overwritten foreign write is noticed
 */
public record Pushed(OptionalLong number, OptionalLong size, Optional<Entry> before) {

    static final Pushed UNNUMBERED = new Pushed(OptionalLong.empty(), OptionalLong.empty(), Optional.empty());
}
