package dev.tributary.driftdb;

import dev.tributary.LimitExceededException;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.ProtocolException;
import dev.tributary.SyncException;
import dev.tributary.spi.Call;
import dev.tributary.spi.Output;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Messages over HTTP, one at a time for each key, so that their order is kept. */
final class HttpMessages {

    /** What the server takes as a body. */
    static final int MOST_BODY = 2_000_000;

    /** Makes the result of the answer; null when the answer is none to that. */
    @FunctionalInterface
    interface Meaning {
        @Nullable
        Object of(@Nullable ServerMessage answer);
    }

    private record Asked(Call call, byte[] body, boolean writes, Meaning meaning) {}

    private final Targets targets;
    private final Exchanges exchanges;
    /** By key what waits, the one that is under way included. */
    private final Map<String, Deque<Asked>> lanes = new HashMap<>();

    HttpMessages(Targets targets, Exchanges exchanges) {
        this.targets = targets;
        this.exchanges = exchanges;
    }

    void write(Call call, Request.Write write, Room room, Output out) {
        Push push = write.push;
        if (!Values.fitsJson(push.value())) {
            out.refuse(
                    call,
                    new dev.tributary.ConfigurationException(
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
        if (!write.leave()) {
            return;
        }
        add(push.key(), new Asked(call, body, true, HttpMessages::pushed), room, out);
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
        add(
                read.key(),
                new Asked(
                        call, body, false, answer -> answer instanceof ServerMessage.Init init ? init.entries() : null),
                room,
                out);
    }

    void ping(Call call, long nonce, Room room, Output out) {
        Meaning meaning =
                answer -> answer instanceof ServerMessage.Pong pong && pong.nonce() != null && pong.nonce() == nonce
                        ? Boolean.TRUE
                        : null;
        send(new Asked(call, MessageWriter.ping(Encoding.JSON, nonce), false, meaning), null, room, out);
    }

    private void add(String key, Asked asked, Room room, Output out) {
        Deque<Asked> lane = lanes.computeIfAbsent(key, unknown -> new ArrayDeque<>());
        lane.add(asked);
        if (lane.size() == 1) {
            send(asked, key, room, out);
        }
    }

    void cancel(Call call) {
        for (Deque<Asked> lane : lanes.values()) {
            Asked underWay = lane.peek();
            lane.removeIf(asked -> !asked.equals(underWay) && asked.call().equals(call));
        }
    }

    private void next(@Nullable String key, Room room, Output out) {
        Deque<Asked> lane = key == null ? null : lanes.get(key);
        if (key == null || lane == null) {
            return;
        }
        lane.poll();
        Asked following = lane.peek();
        if (following == null) {
            lanes.remove(key);
        } else {
            send(following, key, room, out);
        }
    }

    private void send(Asked asked, @Nullable String key, Room room, Output out) {
        out.sent(asked.call());
        exchanges.begin(
                targets.message(room, asked.body()),
                new Exchanges.Answer() {
                    @Override
                    public void answered(int status, byte[] body, Output then) {
                        answer(asked, status, body, then);
                        next(key, room, then);
                    }

                    @Override
                    public void failed(SyncException reason, Output then) {
                        then.refuse(
                                asked.call(),
                                asked.writes()
                                        ? new OutcomeUnknownException(
                                                "the exchange ended before an answer; the outcome is unknown", reason)
                                        : reason);
                        next(key, room, then);
                    }
                },
                out);
    }

    private static void answer(Asked asked, int status, byte[] body, Output out) {
        if (!Statuses.isGood(status)) {
            out.refuse(asked.call(), Statuses.refusal(status, body));
            return;
        }
        Object result;
        try {
            result = asked.meaning().of(MessageReader.answer(body));
        } catch (ProtocolException e) {
            out.refuse(asked.call(), asked.writes() ? new OutcomeUnknownException("the answer is unusable", e) : e);
            return;
        }
        if (result == null) {
            out.refuse(asked.call(), new ProtocolException("answer: it is no answer to what was asked"));
        } else {
            out.reply(asked.call(), result);
        }
    }
}
