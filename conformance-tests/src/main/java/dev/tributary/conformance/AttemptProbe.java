package dev.tributary.conformance;

import dev.tributary.Backoff;
import dev.tributary.Query;
import dev.tributary.SourceListener;
import dev.tributary.spi.Environment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Watches when a source tries again. */
final class AttemptProbe implements SourceListener {

    /** A wait that was announced. */
    record Wait(long announcedAt, int attempt, Duration delay, Throwable reason) {}

    private final Environment environment;
    private final Backoff backoff;
    private final Patience patience;
    private final Map<Query, Wait> waiting = new HashMap<>();
    private final List<Wait> waits = new ArrayList<>();
    private final Map<Query, Integer> attempts = new HashMap<>();
    private final Map<Query, Integer> commits = new HashMap<>();
    private final List<Throwable> ends = new ArrayList<>();
    private final List<Throwable> listenerFailures = new ArrayList<>();
    private @Nullable AssertionError broken;
    private int faults;
    private final List<String> told = new ArrayList<>();
    private Runnable reader = () -> {};

    AttemptProbe(Environment environment, Backoff backoff, Patience patience) {
        this.environment = environment;
        this.backoff = backoff;
        this.patience = patience;
    }

    /** Somebody who reads the views between any two pieces that arrive: what a server sends as one may come in many. */
    void readEachTime(Runnable look) {
        reader = look;
    }

    /** The application cuts waits short: the next attempts may come at once. */
    void cutShort() {
        waiting.clear();
        patience.cutShort();
    }

    @Override
    public void onAttempt(Query query, int attempt) {
        attempts.merge(query, 1, Integer::sum);
        Wait wait = waiting.remove(query);
        if (wait != null) {
            long waited = environment.nanoTime() - wait.announcedAt();
            hold(
                    Law.ANNOUNCED_WAITS,
                    waited >= wait.delay().toNanos(),
                    "attempt " + attempt + " of " + query + " came after " + Duration.ofNanos(waited)
                            + ", announced were " + wait.delay());
        }
    }

    @Override
    public void onRetry(Query query, int attempt, Duration delay, Throwable reason) {
        Wait wait = new Wait(environment.nanoTime(), attempt, delay, reason);
        waiting.put(query, wait);
        waits.add(wait);
        hold(
                Law.WAITS_IN_BOUNDS,
                delay.compareTo(Duration.ZERO) > 0,
                "attempt " + attempt + " of " + query + " comes at once");
        boolean isAsked = delay.compareTo(patience.longest()) <= 0;
        hold(
                Law.WAITS_IN_BOUNDS,
                isAsked || delay.compareTo(backoff.bound(attempt)) <= 0,
                "the wait after failure " + attempt + " of " + query + " is " + delay + ", the bound is "
                        + backoff.bound(attempt));
    }

    /** Kept for {@link #check}: what is thrown here would hit the engine. */
    private void hold(Law law, boolean condition, String otherwise) {
        if (!condition && broken == null) {
            broken = law.brokenBy(otherwise);
        }
    }

    /** Throws what was found broken so far, here and in listeners. */
    void check() {
        if (broken != null) {
            throw broken;
        }
        patience.check();
        for (Throwable failure : listenerFailures) {
            if (failure instanceof AssertionError error) {
                throw error;
            }
        }
    }

    @Override
    public void onWireOpened(Query query, String address) {
        told.add(address);
    }

    @Override
    public void onBytes(Query query, long count) {
        look();
    }

    /** The views are read now. */
    void look() {
        try {
            reader.run();
        } catch (AssertionError e) {
            // Kept for check().
            broken = broken == null ? e : broken;
        }
    }

    /** The commit of several views becomes visible at once, before anybody is told. */
    @Override
    public void onCommit(Query query, long version, int changes) {
        commits.merge(query, 1, Integer::sum);
        look();
    }

    @Override
    public void onEnded(Query query, String ending, Throwable reason) {
        ends.add(reason);
        look();
    }

    @Override
    public void onFault(Query query, String what, String where) {
        faults++;
        told.add(what + " at " + where);
    }

    @Override
    public void onListenerFailed(Query query, Throwable reason) {
        listenerFailures.add(reason);
    }

    int attempts(Query query) {
        return attempts.getOrDefault(query, 0);
    }

    /** How many commits of a query became visible. */
    int commits(Query query) {
        return commits.getOrDefault(query, 0);
    }

    int allAttempts() {
        return attempts.values().stream().mapToInt(Integer::intValue).sum();
    }

    List<Wait> waits() {
        return waits;
    }

    List<Throwable> ends() {
        return ends;
    }

    List<Throwable> listenerFailures() {
        return listenerFailures;
    }

    /** All that was told in words. */
    List<String> told() {
        return told;
    }

    int faults() {
        return faults;
    }
}
