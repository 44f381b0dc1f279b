package dev.tributary.spacetimedb;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The call of a reducer that caused a transaction, as far as the server tells: v1 with modules of 1.x tells all of
 * everybody's calls, all other combinations tell of one's own alone.
 *
 * @param reducer its name; empty where no reducer was called, as for SQL
 * @param arguments by the names of the parameters; null where they are not known or not told
 * @param caller who called
 * @param connection over which connection; null for none, as of scheduled reducers
 * @param timestamp when it ran
 * @param energy what it used; null where it is not told
 * @param duration how long it ran; null where it is not told
 * @param outcome how it ended; others' calls are told of only when they were committed
 * @param own whether it was called by this connection
 */
public record ReducerEvent(
        String reducer,
        @Nullable Map<String, @Nullable Object> arguments,
        Identity caller,
        @Nullable ConnectionId connection,
        Instant timestamp,
        @Nullable BigInteger energy,
        @Nullable Duration duration,
        ReducerOutcome outcome,
        boolean own) {}
