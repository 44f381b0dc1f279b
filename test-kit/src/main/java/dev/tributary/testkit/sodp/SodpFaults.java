package dev.tributary.testkit.sodp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The script of faults, used up one by one. Rules are tried in the order they were added. */
public final class SodpFaults {

    private final List<SodpFaultRule> rules = new ArrayList<>();
    private final Deque<SodpAdmission> refusals = new ArrayDeque<>();
    private long struck;

    SodpFaults() {}

    /** The next frame that the server sends meets the fault. */
    public SodpFaults next(SodpFault fault) {
        return add(new SodpFaultRule(event -> !event.fromClient(), 0, 1, fault));
    }

    /** The n-th frame of this type that the server sends from now on (1 is the next) meets the fault. */
    public SodpFaults nth(int n, int type, SodpFault fault) {
        return add(new SodpFaultRule(event -> event.isSent(type), n - 1, 1, fault));
    }

    /** The next {@code times} matching frames, of either side, meet the fault. */
    public SodpFaults when(Predicate<SodpEvent> matching, int times, SodpFault fault) {
        return add(new SodpFaultRule(matching, 0, times, fault));
    }

    /** Adds any rule. */
    public SodpFaults add(SodpFaultRule rule) {
        rules.add(rule);
        return this;
    }

    /** The next upgrade is answered by this status. */
    public SodpFaults refuseUpgrade(int status) {
        refusals.add(new SodpAdmission(status));
        return this;
    }

    /** The next upgrade gets no answer but the end of the connection. */
    public SodpFaults resetUpgrade() {
        refusals.add(SodpAdmission.RESET);
        return this;
    }

    /** Rules and refusals that have not been used up. */
    public int pending() {
        rules.removeIf(SodpFaultRule::isSpent);
        return rules.size() + refusals.size();
    }

    /** How many times a fault has struck. */
    public long struck() {
        return struck;
    }

    /** Forgets all rules and refusals. */
    public void clear() {
        rules.clear();
        refusals.clear();
    }

    @Nullable
    SodpAdmission nextRefusal() {
        SodpAdmission refusal = refusals.poll();
        struck += refusal == null ? 0 : 1;
        return refusal;
    }

    /** Whether a fault took the frame's place. */
    boolean strike(SodpEvent event, SodpSession session) {
        for (SodpFaultRule rule : List.copyOf(rules)) {
            if (rule.strike(event, session)) {
                struck++;
                rules.removeIf(SodpFaultRule::isSpent);
                return true;
            }
        }
        return false;
    }
}
