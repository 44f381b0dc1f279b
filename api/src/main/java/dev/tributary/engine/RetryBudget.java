package dev.tributary.engine;

import dev.tributary.spi.Environment;
import java.time.Duration;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * How many new sessions all sources of one environment, which is a process, may begin in a time: a bucket of tokens. A
 * process that lost thousands of queries at once comes back steadily instead of all at once.
 */
final class RetryBudget {

    static final int BURST = 200;
    static final int PER_SECOND = 100;

    private static final Map<Environment, RetryBudget> BY_ENVIRONMENT = new WeakHashMap<>();

    private double tokens = BURST;
    private long filledAt;

    private RetryBudget(Environment environment) {
        this.filledAt = environment.nanoTime();
    }

    static RetryBudget of(Environment environment) {
        synchronized (BY_ENVIRONMENT) {
            return BY_ENVIRONMENT.computeIfAbsent(environment, RetryBudget::new);
        }
    }

    /**
     * Takes a token for an attempt that would come after this wait.
     *
     * @return the wait, longer when tokens are short
     */
    synchronized Duration take(Duration wait, long now) {
        tokens = Math.min(BURST, tokens + (now - filledAt) / 1e9 * PER_SECOND);
        filledAt = now;
        tokens -= 1;
        if (tokens >= 0) {
            return wait;
        }
        return wait.plusNanos((long) (-tokens / PER_SECOND * 1e9));
    }
}
