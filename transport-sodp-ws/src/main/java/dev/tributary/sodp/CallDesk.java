package dev.tributary.sodp;

import dev.tributary.ConfigurationException;
import dev.tributary.LimitExceededException;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.spi.Call;
import dev.tributary.spi.Output;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends calls no faster than the server takes them, and finds the call that an answer is about. */
@SuppressWarnings("ReferenceEquality") // identity is what is asked for
final class CallDesk {

    /** So many may wait to be sent. */
    static final int MOST_WAITING = 10_000;

    private final Counters counters;
    private final String idPrefix;
    private final Deque<Outgoing> waiting = new ArrayDeque<>();
    private final Unanswered unanswered = new Unanswered();
    private long ids;
    /** Refusals for speed that are not matched with their calls yet. */
    private int unmatched;

    /** Null before the connection can be used. */
    private @Nullable Line line;

    private boolean held;

    /**
     * What calls leave by.
     *
     * @param most how many requests may be unanswered
     * @param mostBytes the longest frame that the server takes
     * @param known what a key holds, as far as we know
     */
    record Line(
            Link link,
            SodpDialect dialect,
            Pacer pacer,
            int most,
            long mostBytes,
            Function<String, @Nullable Object> known) {}

    CallDesk(Counters counters, String idPrefix) {
        this.counters = counters;
        this.idPrefix = idPrefix;
    }

    /** What the server owes an answer to, requests for keys among it. */
    Unanswered unanswered() {
        return unanswered;
    }

    int waiting() {
        return waiting.size();
    }

    void connected(Line by, Output out) {
        line = by;
        pump(out);
    }

    /** Sends no more: what waits is for the next connection. */
    void hold() {
        held = true;
    }

    void add(Outgoing outgoing, Output out) {
        if (waiting.size() >= MOST_WAITING) {
            outgoing.refuse(new LimitExceededException(MOST_WAITING + " calls wait already to be sent"), out);
            return;
        }
        waiting.add(outgoing);
        pump(out);
    }

    /** Nobody waits for it any more: it is not sent, or its answer is nobody's. */
    void cancel(Call call) {
        for (Iterator<Outgoing> all = waiting.iterator(); all.hasNext(); ) {
            Outgoing outgoing = all.next();
            if (outgoing.call() == call) {
                outgoing.abandon();
                all.remove();
            }
        }
        for (Request request : unanswered.calls()) {
            Outgoing outgoing = request.call();
            if (outgoing != null && outgoing.call() == call) {
                outgoing.abandon();
            }
        }
    }

    /** Sends what may be sent now. */
    void pump(Output out) {
        Line by = line;
        while (by != null && !held && !waiting.isEmpty() && !by.link().isFull() && unanswered.size() < by.most()) {
            long wait = by.pacer().waitNanos(out.nanos());
            if (wait > 0) {
                out.timer(Timers.CALLS, Duration.ofNanos(wait), Duration.ofNanos(wait));
                return;
            }
            next(waiting.remove(), by, out);
        }
    }

    /** Sends it, or the first of the calls that it takes here. */
    private void next(Outgoing outgoing, Line by, Output out) {
        if (outgoing.isAbandoned()) {
            return;
        }
        List<Invocation> steps;
        try {
            steps = outgoing.invocation().steps(by.dialect());
        } catch (ConfigurationException e) {
            outgoing.refuse(e, out);
            return;
        }
        if (steps.size() == 1 && steps.get(0).equals(outgoing.invocation())) {
            send(outgoing, by, out);
            return;
        }
        List<Outgoing> all = Several.of(outgoing, steps);
        for (int i = all.size() - 1; i >= 0; i--) {
            waiting.addFirst(all.get(i));
        }
    }

    private void send(Outgoing outgoing, Line by, Output out) {
        Invocation invocation = outgoing.invocation();
        ByteBuffer frame;
        try {
            String key = invocation.key();
            invocation.check(by.dialect(), key == null ? null : by.known().apply(key));
            outgoing.id(idPrefix + ++ids);
            frame = by.link().encode(FrameType.CALL, 0, to -> invocation.write(outgoing.id(), by.dialect(), to));
            if (frame.remaining() > by.mostBytes()) {
                throw new ConfigurationException("the call needs a frame of " + frame.remaining()
                        + " bytes, and this server takes " + by.mostBytes() + "; the option '"
                        + SodpOptions.MAX_FRAME.name() + "' says otherwise");
            }
        } catch (ConfigurationException e) {
            outgoing.refuse(e, out);
            return;
        }
        Call call = outgoing.call();
        if (call != null) {
            out.sent(call);
        }
        unanswered.add(Request.forCall(outgoing, out.nanos()));
        by.link().pass(frame, out);
        by.pacer().sent(out.nanos());
    }

    // ---- answers ----

    void result(CallResult result, Output out) {
        Request request = unanswered.forCall(result.callId());
        Outgoing outgoing = request == null ? null : request.call();
        if (request == null || outgoing == null) {
            counters.droppedFrames++;
            return;
        }
        counters.roundTrip(out.nanos() - request.sentAt());
        unanswered.remove(request);
        lostBefore(request, out);
        if (result.success()) {
            outgoing.result(result, out);
        } else {
            outgoing.refuse(
                    new SodpException(
                            0,
                            String.valueOf(result.data()),
                            outgoing.invocation().toString()),
                    out);
        }
        match(request);
        pump(out);
    }

    /** Where answers come in order, a call before an answered one will have no answer: the server dropped it. */
    private void lostBefore(Request answered, Output out) {
        Line by = line;
        if (by == null || !by.dialect().dropsSilently()) {
            return;
        }
        for (Request request : unanswered.calls()) {
            Outgoing outgoing = request.call();
            if (outgoing != null && isBefore(request, answered)) {
                unanswered.remove(request);
                outgoing.refuse(
                        new OutcomeUnknownException(
                                "the server answered a later call and not this one; the outcome is unknown"),
                        out);
            }
        }
    }

    private boolean isBefore(Request one, Request other) {
        Outgoing first = one.call();
        Outgoing second = other.call();
        return first != null && second != null && number(first) < number(second);
    }

    private long number(Outgoing outgoing) {
        return Long.parseLong(outgoing.id(), idPrefix.length(), outgoing.id().length(), 10);
    }

    /** The call was refused: for its speed it is sent again, since nothing happened. */
    void refused(Request request, ServerError error, Output out) {
        Outgoing outgoing = request.call();
        unanswered.remove(request);
        if (outgoing == null) {
            return;
        }
        if (error.isRate()) {
            tooFast(out);
            if (!outgoing.isAbandoned()) {
                waiting.addFirst(outgoing);
            }
        } else {
            outgoing.refuse(error.asException(outgoing.invocation().toString()), out);
        }
        pump(out);
    }

    private void tooFast(Output out) {
        counters.rateRefusals++;
        if (line != null) {
            line.pacer().refused(out.nanos());
        }
    }

    /**
     * Some call was refused for its speed; which one may show later: the server's own methods are answered in order, so
     * one that is still unanswered when a later one is not is the one.
     */
    void someRefusedForSpeed(Output out) {
        tooFast(out);
        unmatched++;
        match(null);
        pump(out);
    }

    private void match(@Nullable Request answered) {
        while (unmatched > 0) {
            Request refused = refusedForSpeed(answered);
            if (refused == null) {
                return;
            }
            unmatched--;
            unanswered.remove(refused);
            Outgoing outgoing = refused.call();
            if (outgoing != null && !outgoing.isAbandoned()) {
                waiting.addFirst(outgoing);
            }
        }
    }

    private @Nullable Request refusedForSpeed(@Nullable Request answered) {
        List<Request> calls = unanswered.calls();
        if (calls.size() <= unmatched) {
            return calls.isEmpty() ? null : calls.get(calls.size() - 1);
        }
        if (answered == null || !isBuiltIn(answered)) {
            return null;
        }
        for (Request request : calls) {
            if (isBuiltIn(request) && isBefore(request, answered)) {
                return request;
            }
        }
        return null;
    }

    private static boolean isBuiltIn(Request request) {
        Outgoing outgoing = request.call();
        return outgoing != null && outgoing.invocation().isBuiltIn();
    }
}
