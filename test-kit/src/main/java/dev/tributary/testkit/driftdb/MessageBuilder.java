package dev.tributary.testkit.driftdb;

import dev.tributary.testkit.driftdb.ClientMessage.Action;
import dev.tributary.testkit.driftdb.DriftValue.Member;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts a client message together from its members, and says what is wrong with them. */
final class MessageBuilder {

    private static final Set<String> TYPES = Set.of("push", "get", "ping");
    private static final Set<String> MEMBERS = Set.of("type", "key", "value", "action", "seq", "nonce");
    private static final Set<String> ACTIONS = Set.of("append", "relay", "replace", "compact");

    private final Map<String, DriftValue> members = new HashMap<>();
    private @Nullable String type;

    /** Takes a member; unknown ones are ignored. */
    void member(String name, DriftValue value, String position) throws BadMessageException {
        if (!MEMBERS.contains(name)) {
            return;
        }
        if (members.put(name, value) != null) {
            throw BadMessageException.shape("duplicate field `" + name + "`" + position);
        }
        if (name.equals("type")) {
            String word = text(value);
            if (word == null) {
                throw BadMessageException.shape(
                        "invalid type: " + described(value) + ", expected variant identifier" + position);
            }
            if (!TYPES.contains(word)) {
                throw BadMessageException.shape(
                        "unknown variant `" + word + "`, expected one of `push`, `get`, `ping`" + position);
            }
            type = word;
        }
    }

    ClientMessage build() throws BadMessageException {
        if (type == null) {
            throw missing("type");
        }
        return switch (type) {
            case "push" -> push();
            case "get" -> new ClientMessage.Get(key(), optional("seq", 0L));
            default -> new ClientMessage.Ping(optional("nonce", null));
        };
    }

    private ClientMessage push() throws BadMessageException {
        String key = key();
        DriftValue value = needed("value");
        DriftValue action = needed("action");
        if (!(action instanceof DriftValue.Map map)) {
            throw BadMessageException.shape(
                    "invalid type: " + described(action) + ", expected internally tagged enum Action");
        }
        DriftValue kind = last(map.members(), "type");
        if (kind == null) {
            throw missing("type");
        }
        String word = text(kind);
        if (word == null || !ACTIONS.contains(word)) {
            throw BadMessageException.shape(
                    "unknown variant `" + word + "`, expected one of `append`, `relay`, `replace`, `compact`");
        }
        Action parsed = Action.valueOf(word.toUpperCase(Locale.ROOT));
        long seq = 0;
        if (parsed == Action.COMPACT) {
            DriftValue number = last(map.members(), "seq");
            if (number == null) {
                throw missing("seq");
            }
            seq = unsigned(number);
        }
        return new ClientMessage.Push(key, value, parsed, seq);
    }

    private String key() throws BadMessageException {
        DriftValue key = needed("key");
        String text = text(key);
        if (text == null) {
            throw BadMessageException.shape("invalid type: " + described(key) + ", expected a string");
        }
        return text;
    }

    private DriftValue needed(String name) throws BadMessageException {
        DriftValue value = members.get(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    private @Nullable Long optional(String name, @Nullable Long absent) throws BadMessageException {
        DriftValue value = members.get(name);
        if (value == null) {
            return absent;
        }
        return value instanceof DriftValue.Null ? null : Long.valueOf(unsigned(value));
    }

    private static long unsigned(DriftValue value) throws BadMessageException {
        if (!(value instanceof DriftValue.Int number)) {
            throw BadMessageException.shape("invalid type: " + described(value) + ", expected u64");
        }
        BigInteger whole = number.value();
        if (whole.signum() < 0) {
            throw BadMessageException.shape("invalid value: integer `" + whole + "`, expected u64");
        }
        return whole.longValue();
    }

    /** A text, or a byte string that is one. */
    static @Nullable String text(DriftValue value) {
        if (value instanceof DriftValue.Text text) {
            return text.value();
        }
        if (value instanceof DriftValue.Bytes bytes) {
            byte[] raw = new byte[bytes.value().size()];
            for (int i = 0; i < raw.length; i++) {
                raw[i] = bytes.value().get(i);
            }
            return new String(raw, StandardCharsets.UTF_8);
        }
        return null;
    }

    private static @Nullable DriftValue last(List<Member> members, String name) {
        DriftValue found = null;
        for (Member member : members) {
            if (name.equals(text(member.key()))) {
                found = member.value();
            }
        }
        return found;
    }

    private static BadMessageException missing(String field) {
        return BadMessageException.shape("missing field `" + field + "`");
    }

    private static String described(DriftValue value) {
        if (value instanceof DriftValue.Null) {
            return "null";
        } else if (value instanceof DriftValue.Bool bool) {
            return "boolean `" + bool.value() + "`";
        } else if (value instanceof DriftValue.Int number) {
            return "integer `" + number.value() + "`";
        } else if (value instanceof DriftValue.Float number) {
            return "floating point `" + new DriftValue.Float(number.value()).json() + "`";
        } else if (value instanceof DriftValue.Text text) {
            return "string \"" + text.value() + "\"";
        } else if (value instanceof DriftValue.Bytes) {
            return "byte array";
        }
        return value instanceof DriftValue.Array ? "sequence" : "map";
    }
}
