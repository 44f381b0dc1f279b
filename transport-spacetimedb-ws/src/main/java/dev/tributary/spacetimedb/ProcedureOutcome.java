package dev.tributary.spacetimedb;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a procedure call ended. */
public sealed interface ProcedureOutcome {

    /**
     * It returned.
     *
     * @param value by its return type
     * @param timestamp when the server ran it
     * @param duration how long it took there
     */
    record Returned(@Nullable Object value, Instant timestamp, Duration duration) implements ProcedureOutcome {}

    /** The energy of the database is used up. */
    record OutOfEnergy() implements ProcedureOutcome {}

    /**
     * It panicked, or there is no such procedure, or its arguments do not fit.
     *
     * @param reason as the server says it
     */
    record InternalError(String reason) implements ProcedureOutcome {}
}
