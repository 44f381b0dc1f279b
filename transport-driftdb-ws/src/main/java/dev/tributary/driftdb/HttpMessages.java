package dev.tributary.driftdb;

import dev.tributary.ConfigurationException;
import dev.tributary.LimitExceededException;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.ProtocolException;
import dev.tributary.RejectedException;
import dev.tributary.SyncException;
import dev.tributary.http.Exchanges;
import dev.tributary.spi.Call;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Messages over HTTP, one at a time for each key, so that their order is kept. A write whose answer did not come is looked
 * for in its stream and sent again when it is wanted at least once and can be recognised there; what follows it waits.
 */
final class HttpMessages {

    /** What the server takes as a body. */
    static final int MOST_BODY = 2_000_000;

    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final int MOST_DOUBLINGS = 7;

    /** Makes the result of the answer; null when the answer is none to that. */
    @FunctionalInterface
    interface Meaning {
        @Nullable
        Object of(@Nullable ServerMessage answer);
    }

    /** A message, until its call is answered. */
    private static final class Asked {

        private final Call call;
        private final byte[] body;
        private final Room room;
        private final @Nullable String key;
        private final Request.@Nullable Write write;
        private final Meaning meaning;
        /** Nobody waits for its result any more. */
        private boolean cancelled;

        private int failures;
        /** Set while it waits to be looked for. */
        private @Nullable Tick wait;

        Asked(Call call, byte[] body, Room room, @Nullable String key, Request.@Nullable Write write, Meaning meaning) {
            this.call = call;
            this.body = body;
            this.room = room;
            this.key = key;
            this.write = write;
            this.meaning = meaning;
        }
    }

    private final Targets targets;
    private final Exchanges exchanges;
    private final Truths truths;
    /** By key what waits, the one that is under way included. */
    private final Map<String, Deque<Asked>> lanes = new HashMap<>();

    HttpMessages(Targets targets, Exchanges exchanges, Truths truths) {
        this.targets = targets;
        this.exchanges = exchanges;
        this.truths = truths;
    }

    void write(Call call, Request.Write write, Room room, Output out) {
        Push push = write.push;
        if (!Values.fitsJson(push.value())) {
            out.refuse(
                    call,
                    new ConfigurationException(
                            push + ": over HTTP it is JSON, which cannot carry bytes or a float that is no number"));
            return;
        }
        byte[] body = MessageWriter.push(Encoding.JSON, push);
        if (body.length > MOST_BODY) {
            out.refuse(
                    call,
                    new LimitExceededException(push + ": it has " + body.length
                            + " bytes; over HTTP the server takes no more than " + MOST_BODY));
            return;
        }
        if (write.hasLeft() && !Sought.isRecognised(push)) {
            out.refuse(call, unknown("it left before the connection was lost", null));
            return;
        }
        add(new Asked(call, body, room, push.key(), write, HttpMessages::pushed), out);
    }

    private static @Nullable Object pushed(@Nullable ServerMessage answer) {
        if (answer == null) {
            return Pushed.UNNUMBERED;
        }
        return answer instanceof ServerMessage.Size size
                ? new Pushed(OptionalLong.empty(), OptionalLong.of(size.size()), Optional.empty())
                : null;
    }

    void read(Call call, Request.Read read, Room room, Output out) {
        byte[] body = MessageWriter.get(Encoding.JSON, read.key(), read.above());
        Meaning entries = answer -> answer instanceof ServerMessage.Init init ? init.entries() : null;
        add(new Asked(call, body, room, read.key(), null, entries), out);
    }

    void ping(Call call, long nonce, Room room, Output out) {
        Meaning meaning =
                answer -> answer instanceof ServerMessage.Pong pong && pong.nonce() != null && pong.nonce() == nonce
                        ? Boolean.TRUE
                        : null;
        send(new Asked(call, MessageWriter.ping(Encoding.JSON, nonce), room, null, null, meaning), out);
    }

    private void add(Asked asked, Output out) {
        Deque<Asked> lane = lanes.computeIfAbsent(String.valueOf(asked.key), unknown -> new ArrayDeque<>());
        lane.add(asked);
        if (lane.size() == 1) {
            begin(asked, out);
        }
    }

    /** What is under way keeps its place until its exchange ends. */
    void cancel(Call call, Output out) {
        for (Deque<Asked> lane : List.copyOf(lanes.values())) {
            Asked first = lane.peek();
            lane.removeIf(asked -> asked != first && asked.call.equals(call));
            if (first != null && first.call.equals(call)) {
                first.cancelled = true;
                Tick wait = first.wait;
                if (wait != null) {
                    out.cancelTimer(wait);
                    next(first, out);
                }
            }
        }
    }

    private void next(Asked done, Output out) {
        Deque<Asked> lane = done.key == null ? null : lanes.get(done.key);
        if (lane == null) {
            return;
        }
        lane.poll();
        Asked following = lane.peek();
        if (following == null) {
            lanes.remove(String.valueOf(done.key));
        } else {
            begin(following, out);
        }
    }

    private void begin(Asked asked, Output out) {
        Request.Write write = asked.write;
        if (write != null && write.hasLeft()) {
            lookFor(asked, write, out);
        } else if (write != null && !write.leave()) {
            next(asked, out);
        } else {
            send(asked, out);
        }
    }

    private void send(Asked asked, Output out) {
        out.sent(asked.call);
        exchanges.begin(
                targets.message(asked.room, asked.body),
                new Exchanges.Answer() {
                    @Override
                    public void answered(Head head, byte[] body, Output then) {
                        answer(asked, head, body, then);
                    }

                    @Override
                    public void failed(SyncException reason, Output then) {
                        lost(asked, "the exchange ended before an answer", reason, then);
                    }
                },
                out);
    }

    private void answer(Asked asked, Head head, byte[] body, Output out) {
        int status = head.status();
        if (!Statuses.isGood(status)) {
            SyncException refusal = Statuses.refusal(head, body, out.now());
            if (Statuses.isPassing(status) && isWantedAgain(asked)) {
                lost(asked, "the server answered " + status, refusal, out);
            } else {
                refuse(asked, refusal, out);
            }
            return;
        }
        Object result;
        try {
            result = asked.meaning.of(MessageReader.answer(body));
        } catch (ProtocolException e) {
            lost(asked, "the answer is unusable", e, out);
            return;
        }
        if (result == null) {
            refuse(asked, new ProtocolException("answer: it is no answer to what was asked"), out);
        } else {
            out.reply(asked.call, result);
            next(asked, out);
        }
    }

    private void refuse(Asked asked, SyncException reason, Output out) {
        out.refuse(asked.call, reason);
        next(asked, out);
    }

    private static SyncException unknown(String what, @Nullable SyncException reason) {
        return new OutcomeUnknownException(what + "; the outcome is unknown", reason);
    }

    private static boolean isWantedAgain(Asked asked) {
        Request.Write write = asked.write;
        return write != null
                && write.push.guarantee() == Guarantee.AT_LEAST_ONCE
                && Sought.isRecognised(write.push)
                && !asked.cancelled;
    }

    /** Nobody said whether it was done. */
    private void lost(Asked asked, String what, SyncException reason, Output out) {
        Request.Write write = asked.write;
        if (write == null) {
            refuse(asked, reason, out);
        } else if (isWantedAgain(asked)) {
            lookLater(asked, write, reason, out);
        } else {
            refuse(asked, unknown(what, reason), out);
        }
    }

    private void lookLater(Asked asked, Request.Write write, SyncException reason, Output out) {
        Tick wait = then -> {
            asked.wait = null;
            lookFor(asked, write, then);
        };
        asked.wait = wait;
        Duration most = FIRST_WAIT.multipliedBy(1L << Math.min(MOST_DOUBLINGS, asked.failures++));
        Duration least = Statuses.retryAfter(reason);
        out.timer(wait, least, least.compareTo(most) > 0 ? least : most);
    }

    private void lookFor(Asked asked, Request.Write write, Output out) {
        out.sent(asked.call);
        truths.read(
                write.push.key(),
                0,
                Encoding.JSON,
                new Truths.Reader() {
                    @Override
                    public void read(List<Entry> entries, Output then) {
                        Pushed found = Sought.in(entries, write);
                        if (asked.cancelled) {
                            next(asked, then);
                        } else if (found == null) {
                            send(asked, then);
                        } else {
                            then.reply(asked.call, found);
                            next(asked, then);
                        }
                    }

                    @Override
                    public void failed(SyncException reason, Output then) {
                        boolean refused = reason instanceof RejectedException && !Statuses.isPassing(reason);
                        if (asked.cancelled || refused) {
                            refuse(asked, unknown("its stream could not be read", reason), then);
                        } else {
                            lookLater(asked, write, reason, then);
                        }
                    }
                },
                out);
    }
}
