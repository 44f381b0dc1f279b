package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.socket.HttpResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The script of faults, used up one by one. Rules are tried in the order they were added. */
public final class SpacetimeDbFaults {

    private final List<Rule> rules = new ArrayList<>();
    private final Deque<SpacetimeDbAnswer> refusals = new ArrayDeque<>();
    private int refusedByModule;
    private long struck;

    SpacetimeDbFaults() {}

    private static final class Rule {

        private final Predicate<SpacetimeDbEvent> matching;
        private final SpacetimeDbFault fault;
        private int skip;
        private int times;

        Rule(Predicate<SpacetimeDbEvent> matching, int skip, int times, SpacetimeDbFault fault) {
            this.matching = matching;
            this.skip = skip;
            this.times = times;
            this.fault = fault;
        }

        boolean takes(SpacetimeDbEvent event) {
            if (times == 0 || !matching.test(event)) {
                return false;
            }
            if (skip > 0) {
                skip--;
                return false;
            }
            times--;
            return true;
        }
    }

    /** The next message to any client meets the fault. */
    public SpacetimeDbFaults next(SpacetimeDbFault fault) {
        return when(event -> true, 1, fault);
    }

    /** The n-th message of this kind from now on (1 is the next) meets the fault. */
    public SpacetimeDbFaults nth(int n, ServerMessageKind kind, SpacetimeDbFault fault) {
        rules.add(new Rule(event -> event.kind() == kind, n - 1, 1, fault));
        return this;
    }

    /** The next {@code times} matching messages meet the fault. */
    public SpacetimeDbFaults when(Predicate<SpacetimeDbEvent> matching, int times, SpacetimeDbFault fault) {
        rules.add(new Rule(matching, 0, times, fault));
        return this;
    }

    /** The next handshake is answered by this. */
    public SpacetimeDbFaults refuseHandshake(int status, String body) {
        refusals.add(new SpacetimeDbAnswer.Response(HttpResponse.of(status, "text/plain; charset=utf-8", body)));
        return this;
    }

    /** The next handshake gets no answer but the end of the connection. */
    public SpacetimeDbFaults cutHandshake() {
        refusals.add(new SpacetimeDbAnswer.Cut());
        return this;
    }

    /** So many of the next connections are refused by the module, after 101. */
    public SpacetimeDbFaults refuseByModule(int times) {
        refusedByModule += times;
        return this;
    }

    /** Rules and refusals that are not used up. */
    public int pending() {
        rules.removeIf(rule -> rule.times == 0);
        return rules.size() + refusals.size() + refusedByModule;
    }

    /** How many times a fault has struck. */
    public long struck() {
        return struck;
    }

    /** Forgets all rules and refusals. */
    public void clear() {
        rules.clear();
        refusals.clear();
        refusedByModule = 0;
    }

    @Nullable
    SpacetimeDbAnswer nextRefusal() {
        SpacetimeDbAnswer refusal = refusals.poll();
        struck += refusal == null ? 0 : 1;
        return refusal;
    }

    boolean takeModuleRefusal() {
        if (refusedByModule == 0) {
            return false;
        }
        refusedByModule--;
        struck++;
        return true;
    }

    @Nullable
    SpacetimeDbFault strike(SpacetimeDbEvent event) {
        for (Rule rule : rules) {
            if (rule.takes(event)) {
                struck++;
                return rule.fault;
            }
        }
        return null;
    }
}
