package dev.tributary.testkit.driftdb;

import java.math.BigInteger;
import java.util.List;

/**
 * A value as the server keeps it: with the order of members, with repeated members, and with the difference between a
 * whole number and a float that is whole. Compared by content.
 */
public sealed interface DriftValue {

    /** {@code null}. */
    DriftValue NULL = new Null();

    /** The value of a JSON text. */
    static DriftValue json(String text) {
        try {
            return JsonReader.value(text);
        } catch (BadMessageException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * The text that the server writes for it on a JSON connection.
     *
     * @throws IllegalStateException for a value that JSON cannot carry
     */
    default String json() {
        StringBuilder text = new StringBuilder();
        if (!JsonWriter.write(this, text)) {
            throw new IllegalStateException("a map has a key that cannot be a text");
        }
        return text.toString();
    }

    /** {@code null}, or {@code undefined} of CBOR. */
    record Null() implements DriftValue {}

    /** A truth value. */
    record Bool(boolean value) implements DriftValue {}

    /** A whole number from −2⁶³ to 2⁶⁴−1. */
    record Int(BigInteger value) implements DriftValue {}

    /** A float, also when it is whole. Two NaN are equal, zero and minus zero are not. */
    record Float(double value) implements DriftValue {}

    /** A text. */
    record Text(String value) implements DriftValue {}

    /** A byte string, which only CBOR can push. Each element of the list is one byte. */
    record Bytes(List<Byte> value) implements DriftValue {

        /** Keeps a copy. */
        public Bytes {
            value = List.copyOf(value);
        }
    }

    /** A list. */
    record Array(List<DriftValue> items) implements DriftValue {

        /** Keeps a copy. */
        public Array {
            items = List.copyOf(items);
        }
    }

    /** An object, or a map of CBOR with keys of any kind. */
    record Map(List<Member> members) implements DriftValue {

        /** Keeps a copy. */
        public Map {
            members = List.copyOf(members);
        }
    }

    /** A member of a map. */
    record Member(DriftValue key, DriftValue value) {}
}
