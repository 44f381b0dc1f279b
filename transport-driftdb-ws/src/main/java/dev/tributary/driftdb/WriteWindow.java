package dev.tributary.driftdb;

import dev.tributary.ConfigurationException;
import dev.tributary.ConnectionException;
import dev.tributary.LimitExceededException;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.SyncException;
import dev.tributary.spi.Call;
import dev.tributary.spi.Output;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes of one connection, in order. The server has no acknowledgement and drops what it cannot forward at once: so at most
 * twelve writes are under way that no fence has confirmed. A fence is a ping behind them; when it comes back, all before it
 * were processed.
 */
final class WriteWindow {

    static final int MOST_UNCONFIRMED = 12;

    /** The server ends a connection on a larger frame. */
    static final int MOST_MESSAGE = (16 << 20) - 1024;

    private static final Duration FENCE_AFTER = Duration.ofMillis(20);
    private static final Duration FENCE_PATIENCE = Duration.ofSeconds(1);
    private static final int MOST_FENCES = 3;

    /** What the window needs to know of the session that it is a part of. */
    interface Surroundings {

        @Nullable
        KeyStream stream(String key);

        /** An echo is missing: what the key retains should be read. */
        void suspect(KeyStream stream, Output out);

        /** Nothing answers any more. */
        void dead(SyncException reason, Output out);

        Truths truths();
    }

    /** A write that waits; without a call nobody wants to know of its outcome. */
    private static final class Waiting {

        private final @Nullable Call call;
        private final Request.Write write;
        private boolean mayLeave;

        Waiting(@Nullable Call call, Request.Write write) {
            this.call = call;
            this.write = write;
            this.mayLeave = !write.hasLeft();
        }
    }

    /** A write that left and is not confirmed. */
    private static final class Under {

        private final @Nullable Call call;
        private final Push push;
        private final long order;
        private final boolean echoes;
        private boolean answered;
        private OptionalLong size = OptionalLong.empty();

        Under(@Nullable Call call, Push push, long order, boolean echoes) {
            this.call = call;
            this.push = push;
            this.order = order;
            this.echoes = echoes;
        }
    }

    /** A push of ours that came back, and who waits to hear of it. */
    record Echo(Action action, @Nullable Call call) {}

    private final Surroundings surroundings;
    private final Pings pings;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Deque<Under> unconfirmed = new ArrayDeque<>();
    private final Tick fenceIsDue = this::fence;
    private final Tick fenceIsLate = this::fenceIsLate;
    private final Tick goOn = this::goOn;
    private @Nullable Link link;
    private long lastOrder;
    /** What the last fence is behind. */
    private long fencedTo;

    private int lateFences;
    /** What is looked for, or will be when the server wants; nothing leaves meanwhile. */
    private @Nullable Waiting sought;

    WriteWindow(Surroundings surroundings, Pings pings) {
        this.surroundings = surroundings;
        this.pings = pings;
    }

    void add(Call call, Request.Write write, Output out) {
        Waiting next = new Waiting(call, write);
        if (write.way == Request.Way.AHEAD) {
            waiting.addFirst(next);
        } else {
            waiting.add(next);
        }
        pump(out);
    }

    /** Sends something whose outcome is of no interest. */
    void addUnheard(Push push, Output out) {
        waiting.add(new Waiting(null, new Request.Write(push, Request.Way.DEFAULT)));
        pump(out);
    }

    void cancel(Call call, Output out) {
        waiting.removeIf(one -> call.equals(one.call));
        if (sought != null && call.equals(sought.call)) {
            goOn(out);
        }
    }

    /** The connection is ready for writes. */
    void open(Link ready, Output out) {
        link = ready;
        pump(out);
    }

    int unconfirmed() {
        return unconfirmed.size();
    }

    void pump(Output out) {
        Link to = link;
        while (to != null
                && sought == null
                && !to.isFull()
                && unconfirmed.size() < MOST_UNCONFIRMED
                && !waiting.isEmpty()) {
            Waiting next = waiting.element();
            if (!next.mayLeave && next.call != null) {
                lookFor(next, next.call, to, out);
                return;
            }
            waiting.remove();
            send(next, to, out);
        }
    }

    private void send(Waiting next, Link to, Output out) {
        Push push = next.write.push;
        SyncException problem = problem(push, to);
        byte[] message = problem == null ? MessageWriter.push(to.encoding(), push) : new byte[0];
        if (message.length > MOST_MESSAGE) {
            problem = new LimitExceededException(push + ": it has " + message.length
                    + " bytes; the server takes no message of more than " + MOST_MESSAGE);
        }
        if (problem != null) {
            if (next.call != null) {
                out.refuse(next.call, problem);
            }
            return;
        }
        KeyStream stream = surroundings.stream(push.key());
        Entry newest = stream == null ? null : stream.newest();
        next.write.leftAfter = newest == null ? 0 : newest.number();
        if (!next.write.leave()) {
            return;
        }
        if (next.call != null) {
            out.sent(next.call);
        }
        boolean echoes = stream != null && stream.state() != KeyStream.State.UNASKED && push.action() != Action.COMPACT;
        unconfirmed.add(new Under(next.call, push, ++lastOrder, echoes));
        to.send(message, out);
        if (unconfirmed.size() == MOST_UNCONFIRMED) {
            fence(out);
        } else {
            out.timer(fenceIsDue, FENCE_AFTER, FENCE_AFTER);
        }
    }

    private static @Nullable SyncException problem(Push push, Link to) {
        return to.encoding() == Encoding.JSON && !Values.fitsJson(push.value())
                ? new ConfigurationException(push + ": JSON cannot carry bytes or a float that is no number; open the"
                        + " source with encoding=cbor")
                : null;
    }

    /** It left before, on a connection that was lost: it is sent again only if it is not in its stream. */
    private void lookFor(Waiting next, Call call, Link to, Output out) {
        sought = next;
        surroundings
                .truths()
                .read(
                        next.write.push.key(),
                        0,
                        to.encoding(),
                        new Truths.Reader() {
                            @Override
                            public void read(List<Entry> entries, Output then) {
                                if (sought != next) {
                                    return;
                                }
                                Pushed found = Sought.in(entries, next.write);
                                if (found == null) {
                                    next.mayLeave = true;
                                } else {
                                    waiting.remove(next);
                                    then.reply(call, found);
                                }
                                goOn(then);
                            }

                            @Override
                            public void failed(SyncException reason, Output then) {
                                if (sought != next) {
                                    return;
                                }
                                Duration wait = Statuses.retryAfter(reason);
                                if (Statuses.isPassing(reason) && !wait.isZero()) {
                                    then.timer(goOn, wait, wait);
                                    return;
                                }
                                waiting.remove(next);
                                then.refuse(
                                        call,
                                        new OutcomeUnknownException(
                                                "the connection was lost and the stream could not be read; the outcome"
                                                        + " is unknown",
                                                reason));
                                goOn(then);
                            }
                        },
                        out);
    }

    private void goOn(Output out) {
        sought = null;
        out.cancelTimer(goOn);
        pump(out);
    }

    /**
     * A message arrived that may be ours.
     *
     * @return what it is the echo of, when it is; to be answered when the message is visible
     */
    @Nullable
    Echo echo(String key, Entry entry) {
        for (Under one : unconfirmed) {
            if (one.echoes && !one.answered && one.push.key().equals(key) && isEcho(one.push, entry)) {
                one.answered = true;
                return new Echo(one.push.action(), one.call);
            }
        }
        return null;
    }

    /** @param before what was the newest entry of the key before it */
    static void answer(Echo echo, Entry entry, @Nullable Entry before, Output out) {
        if (echo.call() != null) {
            out.reply(echo.call(), numbered(entry.number(), before));
        }
    }

    private static boolean isEcho(Push push, Entry entry) {
        Boolean same = Envelopes.isSameMessage(push.value(), entry.value());
        return same == null ? Values.isEcho(push.value(), entry.value()) : same;
    }

    private static Pushed numbered(long number, @Nullable Entry before) {
        return new Pushed(OptionalLong.of(number), OptionalLong.empty(), Optional.ofNullable(before));
    }

    /**
     * A size notice. It comes behind the echo of its push and before that of the next, and there is none for a replace; where
     * no echo tells, it is taken to be of the first push that may have one.
     */
    void size(String key, long size) {
        Under echoed = null;
        Under next = null;
        for (Under one : unconfirmed) {
            if (!one.push.key().equals(key)) {
                continue;
            }
            if (one.answered) {
                echoed = one;
                next = null;
            } else if (next == null && mayBeSized(one)) {
                next = one;
            }
        }
        Under of = echoed != null && mayBeSized(echoed) ? echoed : next;
        if (of != null) {
            of.size = OptionalLong.of(size);
        }
    }

    private static boolean mayBeSized(Under one) {
        return one.size.isEmpty() && one.push.action() != Action.REPLACE;
    }

    private void fence(Output out) {
        Link to = link;
        if (to == null || unconfirmed.isEmpty()) {
            return;
        }
        long upTo = lastOrder;
        fencedTo = upTo;
        out.cancelTimer(fenceIsDue);
        pings.send(to, (way, then) -> confirmed(upTo, then), out);
        out.timer(fenceIsLate, FENCE_PATIENCE, FENCE_PATIENCE);
    }

    private void fenceIsLate(Output out) {
        if (unconfirmed.isEmpty()) {
            return;
        }
        if (++lateFences >= MOST_FENCES) {
            surroundings.dead(new ConnectionException("the server does not say any more what it processed"), out);
        } else {
            fence(out);
        }
    }

    private void confirmed(long upTo, Output out) {
        lateFences = 0;
        while (!unconfirmed.isEmpty() && unconfirmed.element().order <= upTo) {
            Under one = unconfirmed.remove();
            if (one.answered) {
                continue;
            }
            KeyStream stream = surroundings.stream(one.push.key());
            if (stream != null && (one.echoes || one.push.action() == Action.COMPACT)) {
                surroundings.suspect(stream, out);
            }
            if (one.call != null) {
                out.reply(one.call, new Pushed(OptionalLong.empty(), one.size, Optional.empty()));
            }
        }
        if (upTo >= fencedTo) {
            out.cancelTimer(fenceIsLate);
        }
        pump(out);
    }

    /** What left and is not confirmed, in order. */
    List<String> underWay() {
        return unconfirmed.stream()
                .filter(one -> !one.answered)
                .map(one -> one.push.toString())
                .toList();
    }

    /** The server could not use one of the messages that are under way. It does not say which. */
    void refused(String text, Output out) {
        for (Under one : unconfirmed) {
            if (!one.answered && one.call != null) {
                one.answered = true;
                out.refuse(
                        one.call,
                        new OutcomeUnknownException("the server reported an unusable message, perhaps this one: "
                                + DriftDbException.shortened(text)));
            }
        }
    }
}
