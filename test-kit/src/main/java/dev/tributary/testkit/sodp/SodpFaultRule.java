package dev.tributary.testkit.sodp;

import java.util.function.Predicate;

/** A fault together with the frames it is meant for. */
public final class SodpFaultRule {

    private final Predicate<SodpEvent> when;
    private final SodpFault fault;
    private int skip;
    private int times;

    /**
     * A rule.
     *
     * @param when which frames
     * @param skip how many of them pass before
     * @param times how often it strikes
     * @param fault what happens
     */
    public SodpFaultRule(Predicate<SodpEvent> when, int skip, int times, SodpFault fault) {
        this.when = when;
        this.skip = skip;
        this.times = times;
        this.fault = fault;
    }

    /** Strikes if it is this frame's turn and the fault fits; counts the frames that pass. */
    boolean strike(SodpEvent event, SodpSession session) {
        if (times == 0 || !when.test(event)) {
            return false;
        }
        if (skip > 0) {
            skip--;
            return false;
        }
        if (!fault.strike(event, session)) {
            return false;
        }
        times--;
        return true;
    }

    boolean isSpent() {
        return times == 0;
    }
}
