package dev.tributary.testkit.spacetimedb;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** Pieces of JSON as the server writes them. */
final class JsonOut {

    private JsonOut() {}

    static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2);
        quote(text, out);
        return out.toString();
    }

    static void quote(CharSequence text, StringBuilder out) {
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
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** A 256-bit number: hex without leading zeros. */
    static String hex(BigInteger value) {
        return value.signum() < 0 ? "-0x" + value.negate().toString(16) : "0x" + value.toString(16);
    }

    /** The shortest number that gives the same float, as Rust prints it; null for what JSON has no number for. */
    static String number(float value) {
        if (Float.isNaN(value) || Float.isInfinite(value)) {
            return "null";
        }
        if (value == 0) {
            return Float.floatToRawIntBits(value) < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; ; digits++) {
            BigDecimal shorter = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (shorter.floatValue() == value) {
                return layOut(shorter, 13, -6);
            }
        }
    }

    /** The same for a double. */
    static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "null";
        }
        if (value == 0) {
            return Double.doubleToRawLongBits(value) < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; ; digits++) {
            BigDecimal shorter = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (shorter.doubleValue() == value) {
                return layOut(shorter, 16, -5);
            }
        }
    }

    private static String layOut(BigDecimal value, int most, int least) {
        BigDecimal plain = value.stripTrailingZeros();
        String digits = plain.unscaledValue().abs().toString();
        int exponent = -plain.scale();
        int point = digits.length() + exponent;
        String body;
        if (exponent >= 0 && point <= most) {
            body = digits + "0".repeat(exponent) + ".0";
        } else if (point > 0 && point <= most) {
            body = digits.substring(0, point) + "." + digits.substring(point);
        } else if (point > least && point <= 0) {
            body = "0." + "0".repeat(-point) + digits;
        } else {
            body = digits.charAt(0) + (digits.length() == 1 ? "" : "." + digits.substring(1)) + "e" + (point - 1);
        }
        return value.signum() < 0 ? "-" + body : body;
    }
}
