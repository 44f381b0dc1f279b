package dev.tributary.spacetimedb;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a reducer call ended. In each case but the first the call changed nothing. */
public sealed interface ReducerOutcome {

    /** Whether its transaction was committed. */
    default boolean isCommitted() {
        return this instanceof Committed;
    }

    /**
     * It ran, and what it did is committed. The views of this source that it changed show that already.
     *
     * @param timestamp when the server ran it; null where the call was not to be answered
     * @param value what it returned, by its return type; null for nothing, which is what reducers return
     */
    record Committed(@Nullable Instant timestamp, @Nullable Object value) implements ReducerOutcome {}

    /**
     * It refused, or it never ran: there is no such reducer, or its arguments do not fit. With v1 also a panic.
     *
     * @param reason as the server says it
     * @param error the value of the reducer's error type, where the protocol tells it; else the reason
     */
    record Failed(String reason, @Nullable Object error) implements ReducerOutcome {}

    /** The energy of the database is used up. */
    record OutOfEnergy() implements ReducerOutcome {}

    /**
     * It panicked or could not be run.
     *
     * @param reason as the server says it
     */
    record InternalError(String reason) implements ReducerOutcome {}
}
