package dev.tributary.conformance;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run of a law's body. It has a thread of its own, so that a driver that blocks breaks a law instead of stopping the
 * suite, and so that threads which are left can be told from those of others. The system property
 * {@code tributary.patience} says after how many seconds of real time it is given up.
 */
final class Trial {

    private static final int PATIENCE_SECONDS = 120;

    /** What a law does with a driver. */
    @FunctionalInterface
    interface Body {

        void run(TransportDriver driver) throws Exception;
    }

    private final TransportDriver driver;
    private final Body body;
    private @Nullable Throwable thrown;

    private Trial(TransportDriver driver, Body body) {
        this.driver = driver;
        this.body = body;
    }

    /** Runs it to its end, or until patience is over; throws what it threw. */
    static void run(TransportDriver driver, Body body) {
        if (driver instanceof GuardedDriver) {
            throw new IllegalStateException("a trial within a trial");
        }
        new Trial(driver, body).run();
    }

    private void run() {
        LawThreads threads = new LawThreads();
        Thread thread = threads.newThread(this::runBody);
        thread.start();
        Duration patience = patience();
        try {
            thread.join(patience.toMillis());
            if (thread.isAlive()) {
                StackTraceElement[] stack = thread.getStackTrace();
                thread.interrupt();
                throw Law.DRIVER_RETURNS.brokenBy("nothing came back within " + patience.toSeconds() + " s, from "
                        + callOf(stack) + "\n    at " + place(stack));
            }
            rethrow(thrown);
            List<String> left = threads.left(thread);
            Law.NO_THREAD_IS_LEFT.holdsIf(left.isEmpty(), "left are the threads " + left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a law ran", e);
        }
    }

    /** How much real time is given. */
    static Duration patience() {
        return Duration.ofSeconds(Integer.getInteger("tributary.patience", PATIENCE_SECONDS));
    }

    @SuppressWarnings("CatchThrowable")
    private void runBody() {
        try {
            body.run(GuardedDriver.of(driver));
        } catch (Throwable t) {
            thrown = t;
        }
    }

    private static void rethrow(@Nullable Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw Law.NOTHING_IS_THROWN.brokenBy("a call threw " + thrown, thrown);
        }
    }

    /** The innermost call of a driver or its world that is under way. */
    private static String callOf(StackTraceElement[] stack) {
        Optional<StackTraceElement> call = Arrays.stream(stack)
                .filter(frame -> frame.getClassName().equals(GuardedWorld.class.getName())
                        || frame.getClassName().equals(GuardedDriver.class.getName()))
                .filter(frame -> !frame.getMethodName().startsWith("lambda$")
                        && !frame.getMethodName().startsWith("guard"))
                .findFirst();
        return call.map(frame -> (frame.getClassName().endsWith("World") ? "World." : "TransportDriver.")
                        + frame.getMethodName())
                .orElse("no method of the driver");
    }

    private static String place(StackTraceElement[] stack) {
        return String.join(
                "\n    at ",
                Arrays.stream(stack).limit(12).map(StackTraceElement::toString).toList());
    }
}
