package dev.tributary.testkit.electric;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The script of faults, used up one by one. Rules are tried in the order they were added. */
public final class Faults {

    private final List<FaultRule> rules = new ArrayList<>();
    private long struck;

    Faults() {}

    /** The next shape request meets the fault. */
    public Faults next(Fault fault) {
        return add(new FaultRule(ModelRequest::isShape, 0, 1, fault));
    }

    /** The n-th shape request from now (1 is the next) meets the fault. */
    public Faults nth(int n, Fault fault) {
        return add(new FaultRule(ModelRequest::isShape, n - 1, 1, fault));
    }

    /** The next {@code times} matching requests meet the fault. */
    public Faults when(Predicate<ModelRequest> matching, int times, Fault fault) {
        return add(new FaultRule(matching, 0, times, fault));
    }

    /** Adds any rule. */
    public Faults add(FaultRule rule) {
        rules.add(rule);
        return this;
    }

    /** Rules that have not been used up. */
    public int pending() {
        rules.removeIf(FaultRule::isSpent);
        return rules.size();
    }

    /** How many times a fault has struck. */
    public long struck() {
        return struck;
    }

    /** Forgets all rules. */
    public void clear() {
        rules.clear();
    }

    @Nullable
    FaultRule select(ModelRequest request) {
        rules.removeIf(FaultRule::isSpent);
        for (FaultRule rule : rules) {
            if (rule.selects(request)) {
                return rule;
            }
        }
        return null;
    }

    /** Lets a rule strike; null when the fault does not fit or the rule has been used up meanwhile. */
    @Nullable
    ModelResponse strike(FaultRule rule, FaultContext context) {
        ModelResponse spoiled = rule.isSpent() ? null : rule.fault().apply(context);
        if (spoiled == null || !rule.strike()) {
            return null;
        }
        struck++;
        return spoiled;
    }
}
