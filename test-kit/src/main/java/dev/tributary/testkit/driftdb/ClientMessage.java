package dev.tributary.testkit.driftdb;

import org.jspecify.annotations.Nullable;

/** What a client says. Numbers are unsigned. */
public sealed interface ClientMessage {

    /** The key it is about, or null. */
    default @Nullable String key() {
        return null;
    }

    /** What a push does. */
    enum Action {
        /** Broadcast, kept by nobody. */
        RELAY,
        /** Kept behind what there is. */
        APPEND,
        /** Kept in place of what there is. */
        REPLACE,
        /** Takes the place of what is numbered up to {@code seq}; broadcast to nobody. */
        COMPACT
    }

    /**
     * A write.
     *
     * @param seq of a compact
     */
    record Push(String key, DriftValue value, Action action, long seq) implements ClientMessage {}

    /**
     * A subscription, with a read unless the number is null.
     *
     * @param seq entries above this number are wanted
     */
    record Get(String key, @Nullable Long seq) implements ClientMessage {}

    /** A question for a pong. */
    record Ping(@Nullable Long nonce) implements ClientMessage {}
}
