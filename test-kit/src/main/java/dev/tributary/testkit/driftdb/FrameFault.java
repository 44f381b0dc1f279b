package dev.tributary.testkit.driftdb;

import dev.tributary.testkit.driftdb.DriftValue.Member;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** What goes wrong with a message of the server to one connection. */
public sealed interface FrameFault {

    /** It gets lost, as with a full queue. */
    record Lose() implements FrameFault {}

    /** The connection ends in its place. */
    record Cut() implements FrameFault {}

    /** It comes later, and with it all that follows. */
    record Delay(long millis) implements FrameFault {}

    /** Others come in its place. */
    record Replace(Function<ServerMessage, List<ServerMessage>> change) implements FrameFault {}

    /** Half of it comes, as malformed JSON or CBOR. */
    static FrameFault truncated() {
        return new Replace(message -> List.of(new ServerMessage.Truncated(message)));
    }

    /** A message of a type nobody knows comes before it. */
    static FrameFault unknownTypeBefore() {
        return new Replace(message -> List.of(
                new ServerMessage.Other(DriftValue.json("{\"type\":\"greeting\",\"text\":\"hello\"}")), message));
    }

    /** An error comes before it. */
    static FrameFault errorBefore(String text) {
        return new Replace(message -> List.of(new ServerMessage.Error(text), message));
    }

    /** One of its members has another value, of whatever type. */
    static FrameFault member(String name, String json) {
        return new Replace(message -> List.of(new ServerMessage.Other(changed(message.value(), name, json))));
    }

    /** The number of a push is lower than it should be. */
    static FrameFault seqBack(long by) {
        return new Replace(message -> message instanceof ServerMessage.Push push
                ? List.of(new ServerMessage.Push(push.key(), push.pushed(), push.seq() - by))
                : List.of(message));
    }

    /** It comes so many times. */
    static FrameFault repeated(int times) {
        return new Replace(message -> Collections.nCopies(times, message));
    }

    private static DriftValue changed(DriftValue message, String name, String json) {
        if (!(message instanceof DriftValue.Map map)) {
            return message;
        }
        DriftValue.Text key = new DriftValue.Text(name);
        return new DriftValue.Map(map.members().stream()
                .map(member -> member.key().equals(key) ? new Member(key, DriftValue.json(json)) : member)
                .toList());
    }
}
