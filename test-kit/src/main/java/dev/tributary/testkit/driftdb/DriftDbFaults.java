package dev.tributary.testkit.driftdb;

import dev.tributary.testkit.socket.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The script of faults, used up one by one. Rules of a kind are tried in the order they were added. */
public final class DriftDbFaults {

    private final List<Rule<HttpRequest, AnswerFault>> requests = new ArrayList<>();
    private final List<Rule<ClientMessage, MessageFault>> messages = new ArrayList<>();
    private final List<Rule<ServerMessage, FrameFault>> frames = new ArrayList<>();
    private long struck;

    DriftDbFaults() {}

    /** The next upgrades. */
    public DriftDbFaults upgrade(int times, AnswerFault fault) {
        return request(HttpRequest::isUpgrade, times, fault);
    }

    /** The next requests that are no upgrades. */
    public DriftDbFaults http(int times, AnswerFault fault) {
        return request(request -> !request.isUpgrade(), times, fault);
    }

    /** The next such requests. */
    public DriftDbFaults request(Predicate<HttpRequest> when, int times, AnswerFault fault) {
        requests.add(new Rule<>(when, times, fault));
        return this;
    }

    /** The next such messages of clients over WebSockets. */
    public DriftDbFaults message(Predicate<ClientMessage> when, int times, MessageFault fault) {
        messages.add(new Rule<>(when, times, fault));
        return this;
    }

    /** The next such messages of the server, each to one connection. */
    public DriftDbFaults frame(Predicate<ServerMessage> when, int times, FrameFault fault) {
        frames.add(new Rule<>(when, times, fault));
        return this;
    }

    /** Rules that have not been used up. */
    public int pending() {
        return requests.size() + messages.size() + frames.size();
    }

    /** How many times a fault has struck. */
    public long struck() {
        return struck;
    }

    /** Forgets all rules. */
    public void clear() {
        requests.clear();
        messages.clear();
        frames.clear();
    }

    @Nullable
    AnswerFault request(HttpRequest request) {
        return take(requests, request);
    }

    @Nullable
    MessageFault message(ClientMessage message) {
        return take(messages, message);
    }

    @Nullable
    FrameFault frame(ServerMessage message) {
        return take(frames, message);
    }

    private <T, F> @Nullable F take(List<Rule<T, F>> rules, T subject) {
        for (Rule<T, F> rule : rules) {
            if (rule.times > 0 && rule.when.test(subject)) {
                rule.times--;
                struck++;
                rules.removeIf(one -> one.times <= 0);
                return rule.fault;
            }
        }
        return null;
    }

    private static final class Rule<T, F> {

        private final Predicate<T> when;
        private final F fault;
        private int times;

        Rule(Predicate<T> when, int times, F fault) {
            this.when = when;
            this.times = times;
            this.fault = fault;
        }
    }
}
