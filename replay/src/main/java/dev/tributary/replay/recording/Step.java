package dev.tributary.replay.recording;

import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a recording has the replayer do, at its place in the file.
 *
 * @param line in the file
 * @param time before which it does not happen
 * @param connection that it belongs to; null for none
 * @param needs lanes that must be free of earlier steps
 * @param lane that is not free until this is done; null for a place, which nothing overtakes
 * @param waitsFor earlier steps, still to be done, that keep this from happening
 * @param ready whether our client has done its part
 * @param moot whether it can never happen any more
 * @param action what to do
 */
public record Step(
        int line,
        Duration time,
        @Nullable String connection,
        Set<String> needs,
        @Nullable String lane,
        Predicate<Step> waitsFor,
        BooleanSupplier ready,
        BooleanSupplier moot,
        Runnable action) {

    /** A frame for our client: it waits for those of its lanes, and frames of other lanes may overtake it. */
    public static Step frame(
            int line,
            Duration time,
            String connection,
            String lane,
            BooleanSupplier ready,
            BooleanSupplier moot,
            Runnable action) {
        return new Step(
                line,
                time,
                connection,
                lane.equals(connection) ? Set.of(lane) : Set.of(connection, lane),
                lane,
                earlier -> false,
                ready,
                moot,
                action);
    }

    /** Something that comes after all that stands before it. */
    public static Step place(int line, Duration time, Runnable action) {
        return place(line, time, earlier -> true, action);
    }

    /** Something that comes after those before it for which this holds. */
    public static Step place(int line, Duration time, Predicate<Step> waitsFor, Runnable action) {
        return new Step(line, time, null, Set.of(), null, waitsFor, () -> true, () -> false, action);
    }

    boolean isPlace() {
        return lane == null;
    }
}
