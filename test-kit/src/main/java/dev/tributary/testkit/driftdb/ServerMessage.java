package dev.tributary.testkit.driftdb;

import dev.tributary.testkit.driftdb.DriftValue.Member;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the server says. Numbers are unsigned. */
public sealed interface ServerMessage {

    /** The message as a value, its members in the real server's order. */
    DriftValue value();

    /** A relay, append or replace by anybody. */
    record Push(String key, DriftValue pushed, long seq) implements ServerMessage {

        @Override
        public DriftValue value() {
            return object("push", member("key", text(key)), member("value", pushed), member("seq", number(seq)));
        }
    }

    /** The retained entries above a number. */
    record Init(String key, List<DriftDbEntry> entries) implements ServerMessage {

        /** Keeps a copy. */
        public Init {
            entries = List.copyOf(entries);
        }

        @Override
        public DriftValue value() {
            List<DriftValue> data = new ArrayList<>(entries.size());
            for (DriftDbEntry entry : entries) {
                data.add(new DriftValue.Map(
                        List.of(member("value", entry.value()), member("seq", number(entry.seq())))));
            }
            return object("init", member("key", text(key)), member("data", new DriftValue.Array(data)));
        }
    }

    /** How many entries a key retains after a push. */
    record StreamSize(String key, long size) implements ServerMessage {

        @Override
        public DriftValue value() {
            return object("stream_size", member("key", text(key)), member("size", number(size)));
        }
    }

    /** The answer to a ping. */
    record Pong(@Nullable Long nonce) implements ServerMessage {

        @Override
        public DriftValue value() {
            return object("pong", member("nonce", nonce == null ? DriftValue.NULL : number(nonce)));
        }
    }

    /** A message could not be used. */
    record Error(String message) implements ServerMessage {

        @Override
        public DriftValue value() {
            return object("error", member("message", text(message)));
        }
    }

    /** Anything else, made by a fault. */
    record Other(DriftValue value) implements ServerMessage {}

    /** The first half of a message, made by a fault. */
    record Truncated(ServerMessage whole) implements ServerMessage {

        @Override
        public DriftValue value() {
            return whole.value();
        }
    }

    private static DriftValue object(String type, Member... members) {
        List<Member> all = new ArrayList<>();
        all.add(member("type", text(type)));
        all.addAll(List.of(members));
        return new DriftValue.Map(all);
    }

    private static Member member(String name, DriftValue value) {
        return new Member(text(name), value);
    }

    private static DriftValue text(String text) {
        return new DriftValue.Text(text);
    }

    private static DriftValue number(long unsigned) {
        return new DriftValue.Int(new BigInteger(Long.toUnsignedString(unsigned)));
    }
}
