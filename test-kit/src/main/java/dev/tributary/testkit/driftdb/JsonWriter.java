package dev.tributary.testkit.driftdb;

import dev.tributary.testkit.driftdb.DriftValue.Member;
import dev.tributary.testkit.model.RustJson;

/** Writes JSON as the real server does, with what gets lost on the way from CBOR. */
final class JsonWriter {

    private JsonWriter() {}

    /** Writes a value; false if it cannot be written because of a key that cannot be a text. */
    static boolean write(DriftValue value, StringBuilder out) {
        if (value instanceof DriftValue.Null) {
            out.append("null");
        } else if (value instanceof DriftValue.Bool bool) {
            out.append(bool.value());
        } else if (value instanceof DriftValue.Int number) {
            out.append(number.value());
        } else if (value instanceof DriftValue.Float number) {
            out.append(number(number.value()));
        } else if (value instanceof DriftValue.Text text) {
            RustJson.quote(text.value(), out);
        } else if (value instanceof DriftValue.Bytes bytes) {
            bytes(bytes, out);
        } else if (value instanceof DriftValue.Array array) {
            return array(array, out);
        } else if (value instanceof DriftValue.Map map) {
            return map(map, out);
        }
        return true;
    }

    private static void bytes(DriftValue.Bytes bytes, StringBuilder out) {
        out.append('[');
        String comma = "";
        for (byte one : bytes.value()) {
            out.append(comma).append(one & 0xff);
            comma = ",";
        }
        out.append(']');
    }

    private static boolean array(DriftValue.Array array, StringBuilder out) {
        out.append('[');
        String comma = "";
        for (DriftValue item : array.items()) {
            out.append(comma);
            comma = ",";
            if (!write(item, out)) {
                return false;
            }
        }
        out.append(']');
        return true;
    }

    private static boolean map(DriftValue.Map map, StringBuilder out) {
        out.append('{');
        String comma = "";
        for (Member member : map.members()) {
            out.append(comma);
            comma = ",";
            if (!key(member.key(), out)) {
                return false;
            }
            out.append(':');
            if (!write(member.value(), out)) {
                return false;
            }
        }
        out.append('}');
        return true;
    }

    private static boolean key(DriftValue key, StringBuilder out) {
        if (key instanceof DriftValue.Text text) {
            RustJson.quote(text.value(), out);
            return true;
        }
        if (key instanceof DriftValue.Int || key instanceof DriftValue.Float || key instanceof DriftValue.Bool) {
            out.append('"');
            write(key, out);
            out.append('"');
            return true;
        }
        return false;
    }

    /** What a single can hold is written as the shortest text of the single, which is another double for most. */
    private static String number(double value) {
        float single = (float) value;
        return single == value ? RustJson.number(single) : RustJson.number(value);
    }
}
