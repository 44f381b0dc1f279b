package dev.tributary.testkit.driftdb;

import dev.tributary.testkit.driftdb.DriftValue.Member;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Writes JSON as the real server does, with what gets lost on the way from CBOR. */
final class JsonWriter {

    private static final int SINGLE_DIGITS = 9;
    private static final int DOUBLE_DIGITS = 17;
    /** Where the decimal point may stand before an exponent is written. */
    private static final int SINGLE_PLAIN = 13;

    private static final int DOUBLE_PLAIN = 16;
    private static final int SMALL_PLAIN = -5;

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
            string(text.value(), out);
        } else if (value instanceof DriftValue.Bytes bytes) {
            bytes(bytes, out);
        } else if (value instanceof DriftValue.Array array) {
            return array(array, out);
        } else if (value instanceof DriftValue.Map map) {
            return map(map, out);
        }
        return true;
    }

    /** A text with its quotes. */
    static void string(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append("\\u00").append(c < 0x10 ? "0" : "").append(Integer.toHexString(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
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
            string(text.value(), out);
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
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "null";
        }
        boolean single = (float) value == value;
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = shortest(value, single);
        return layout(shortest, single ? SINGLE_PLAIN : DOUBLE_PLAIN);
    }

    private static BigDecimal shortest(double value, boolean single) {
        BigDecimal exact = new BigDecimal(value);
        int most = single ? SINGLE_DIGITS : DOUBLE_DIGITS;
        for (int digits = 1; digits < most; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (single ? rounded.floatValue() == (float) value : rounded.doubleValue() == value) {
                return rounded;
            }
        }
        return exact.round(new MathContext(most, RoundingMode.HALF_EVEN));
    }

    private static String layout(BigDecimal value, int mostPlain) {
        BigDecimal plain = value.stripTrailingZeros();
        String digits = plain.unscaledValue().abs().toString();
        int point = digits.length() - plain.scale();
        String sign = plain.signum() < 0 ? "-" : "";
        if (point > mostPlain || point <= SMALL_PLAIN) {
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            return sign + digits.charAt(0) + fraction + "e" + (point - 1);
        }
        if (point <= 0) {
            return sign + "0." + "0".repeat(-point) + digits;
        }
        if (digits.length() <= point) {
            return sign + digits + "0".repeat(point - digits.length()) + ".0";
        }
        return sign + digits.substring(0, point) + "." + digits.substring(point);
    }
}
