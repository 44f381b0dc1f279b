package dev.tributary.replay.recording;

import dev.tributary.testkit.simulation.SimulatedEnvironment;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Drives virtual time from one thing to do to the next, and never for ever. */
public final class ReplayClock {

    /** How long a client may go on by itself after the last thing that was recorded: several waits at their bound. */
    private static final Duration AFTERMATH = Duration.ofMinutes(15);

    private static final int MOST_STEPS = 2_000_000;

    private static final Instant UNKNOWN_START = Instant.parse("2026-01-01T00:00:00Z");

    private ReplayClock() {}

    /** When the conversation began, as far as the recorded answers tell: dates in headers are relative to it. */
    public static Instant start(List<RecordedExchange> exchanges) {
        for (RecordedExchange exchange : exchanges) {
            RecordedResponse response = exchange.response();
            String date = response == null ? null : response.header("date");
            if (response != null && date != null) {
                try {
                    Instant answered = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
                    return answered.minus(response.headTime());
                } catch (DateTimeException e) {
                    return UNKNOWN_START;
                }
            }
        }
        return UNKNOWN_START;
    }

    /**
     * Runs the simulation until this says that it is over, or nothing more can happen.
     *
     * @param recordedEnd when the last recorded thing happened
     * @throws IllegalStateException when it does not come to an end
     */
    public static void drive(SimulatedEnvironment environment, Duration recordedEnd, BooleanSupplier isOver) {
        Duration end = recordedEnd.plus(AFTERMATH);
        for (int steps = 0; steps < MOST_STEPS; steps++) {
            environment.run();
            Duration left = end.minus(environment.elapsed());
            if (isOver.getAsBoolean() || left.isNegative() || !environment.step(left)) {
                return;
            }
        }
        throw new IllegalStateException("no end after " + MOST_STEPS + " steps, at " + environment.elapsed());
    }
}
