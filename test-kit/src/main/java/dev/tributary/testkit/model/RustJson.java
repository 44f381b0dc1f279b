package dev.tributary.testkit.model;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.function.Predicate;

/** Pieces of JSON as servers in Rust write them. */
public final class RustJson {

    private RustJson() {}

    /** A text with its quotes. */
    public static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2);
        quote(text, out);
        return out.toString();
    }

    /** Writes a text with its quotes. */
    public static void quote(CharSequence text, StringBuilder out) {
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

    /** The shortest number that gives the same float; null for what JSON has no number for. */
    public static String number(float value) {
        return shortest(value, rounded -> rounded.floatValue() == value, 13, -6);
    }

    /** The same for a double. */
    public static String number(double value) {
        return shortest(value, rounded -> rounded.doubleValue() == value, 16, -5);
    }

    private static String shortest(double value, Predicate<BigDecimal> isSame, int mostPlain, int leastPlain) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "null";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; ; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (isSame.test(rounded)) {
                return layOut(rounded, mostPlain, leastPlain);
            }
        }
    }

    /** Without an exponent while the decimal point is after the least and not after the most place. */
    private static String layOut(BigDecimal value, int mostPlain, int leastPlain) {
        BigDecimal plain = value.stripTrailingZeros();
        String digits = plain.unscaledValue().abs().toString();
        int exponent = -plain.scale();
        int point = digits.length() + exponent;
        String body;
        if (exponent >= 0 && point <= mostPlain) {
            body = digits + "0".repeat(exponent) + ".0";
        } else if (point > 0 && point <= mostPlain) {
            body = digits.substring(0, point) + "." + digits.substring(point);
        } else if (point > leastPlain && point <= 0) {
            body = "0." + "0".repeat(-point) + digits;
        } else {
            body = digits.charAt(0) + (digits.length() == 1 ? "" : "." + digits.substring(1)) + "e" + (point - 1);
        }
        return value.signum() < 0 ? "-" + body : body;
    }
}
