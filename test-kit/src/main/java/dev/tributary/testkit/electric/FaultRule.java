package dev.tributary.testkit.electric;

import java.util.function.Predicate;

/** A fault together with the requests it is meant for. */
public final class FaultRule {

    private final Predicate<ModelRequest> when;
    private final Fault fault;
    private int skip;
    private int times;

    /**
     * A rule.
     *
     * @param when which requests
     * @param skip how many of them pass before
     * @param times how often it strikes
     * @param fault what happens
     */
    public FaultRule(Predicate<ModelRequest> when, int skip, int times, Fault fault) {
        this.when = when;
        this.skip = skip;
        this.times = times;
        this.fault = fault;
    }

    Fault fault() {
        return fault;
    }

    /** Whether it is this request's turn; counts the requests that pass. */
    boolean selects(ModelRequest request) {
        if (times == 0 || !when.test(request)) {
            return false;
        }
        if (skip > 0) {
            skip--;
            return false;
        }
        return true;
    }

    /** Counts a strike and says whether the rule may strike at all. */
    boolean strike() {
        if (times == 0) {
            return false;
        }
        times--;
        return true;
    }

    boolean isSpent() {
        return times == 0;
    }
}
