package dev.tributary.replay.recording;

import dev.tributary.testkit.simulation.SimulatedEnvironment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a recording, done in the order of the file as far as our client lets them: a frame that answers what it
 * has not asked yet waits, frames of other lanes pass it, and nothing else does.
 */
public final class Script {

    /** So long a step waits for our client, which may be in the midst of its longest pause. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final int MOST_TURNS = 2_000_000;

    private final LinkedList<Step> steps;
    private final List<Step> skipped = new ArrayList<>();
    private Duration lastProgress = Duration.ZERO;
    private @Nullable Step abandoned;
    private boolean stopped;

    public Script(List<Step> steps) {
        this.steps = new LinkedList<>(steps);
    }

    /** Does all steps in virtual time, each once our client has come to rest after the one before. */
    public void play(SimulatedEnvironment environment) {
        for (int turn = 0; turn < MOST_TURNS; turn++) {
            environment.run();
            if (stopped || steps.isEmpty()) {
                return;
            }
            Duration now = environment.elapsed();
            if (next(now)) {
                lastProgress = now;
                continue;
            }
            Duration left = wake(now).minus(now);
            if (left.isZero() || left.isNegative()) {
                giveUp(now);
            } else if (!environment.step(left)) {
                environment.advance(left);
            }
        }
        throw new IllegalStateException("no end after " + MOST_TURNS + " turns, at " + environment.elapsed());
    }

    /** Does nothing more. */
    public void stop() {
        stopped = true;
    }

    /** Does the first step that can be done; false when there is none. */
    private boolean next(Duration now) {
        Set<String> taken = new HashSet<>();
        List<Step> waiting = new ArrayList<>();
        for (Iterator<Step> all = steps.iterator(); all.hasNext(); ) {
            Step step = all.next();
            if (step.time().compareTo(now) > 0) {
                return false;
            }
            if (step.moot().getAsBoolean()) {
                all.remove();
                skipped.add(step);
                return true;
            }
            boolean free = step.needs().stream().noneMatch(taken::contains)
                    && waiting.stream().noneMatch(step.waitsFor());
            if (free && step.ready().getAsBoolean()) {
                all.remove();
                step.action().run();
                return true;
            }
            if (step.isPlace()) {
                return false;
            }
            taken.add(String.valueOf(step.lane()));
            waiting.add(step);
        }
        return false;
    }

    /** When to look again at the latest: something recorded is due, or patience is at its end. */
    private Duration wake(Duration now) {
        Duration patience = steps.getFirst().time().compareTo(lastProgress) > 0
                ? steps.getFirst().time().plus(PATIENCE)
                : lastProgress.plus(PATIENCE);
        for (Step step : steps) {
            if (step.time().compareTo(now) > 0) {
                return step.time().compareTo(patience) < 0 ? step.time() : patience;
            }
        }
        return patience;
    }

    private void giveUp(Duration now) {
        Step step = steps.removeFirst();
        skipped.add(step);
        if (abandoned == null) {
            abandoned = step;
        }
        lastProgress = now;
    }

    /** The first step that our client never came to; null when it came to all. */
    public @Nullable Step abandoned() {
        return abandoned;
    }

    /** Steps that did not happen. */
    public List<Step> skipped() {
        return skipped;
    }

    /** Whether, of the steps up to a line, one of this connection is still to be done. */
    public boolean isPending(String connection, int upToLine) {
        for (Step step : steps) {
            if (step.line() > upToLine) {
                return false;
            }
            if (connection.equals(step.connection())) {
                return true;
            }
        }
        return false;
    }

    /** The next step of a lane that is still to be done; null when there is none. */
    public @Nullable Step following(String lane) {
        for (Step step : steps) {
            if (lane.equals(step.lane())) {
                return step;
            }
        }
        return null;
    }
}
