package dev.tributary.electric;

import dev.tributary.SpecialDecimal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Numbers in the server's text form. */
final class PgNumbers {

    private static final Pattern FLOAT = Pattern.compile("[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d{1,5})?");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?\\d+(?:\\.\\d+)?");

    /** The longest numeric of the server has this many digits, about. */
    static final int MOST_DIGITS = 150_000;

    private static final int SHOWN = 40;

    /** From this decimal exponent on the server writes a float8 (float4) with an exponent. */
    private static final int DOUBLE_PLAIN = 15;

    private static final int FLOAT_PLAIN = 6;
    private static final int LEAST_PLAIN = -4;

    private PgNumbers() {}

    static String smallInteger(Object value) {
        return whole(value, Short.MIN_VALUE, Short.MAX_VALUE);
    }

    static String integer(Object value) {
        return whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    static String bigInteger(Object value) {
        return whole(value, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private static String whole(Object value, long least, long most) {
        BigInteger number = asInteger(value);
        if (number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new IllegalArgumentException("expected an integer from " + least + " to " + most + ", got " + number);
        }
        return number.toString();
    }

    private static BigInteger asInteger(Object value) {
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return BigInteger.valueOf(((Number) value).longValue());
        }
        if (value instanceof BigInteger big) {
            return big;
        }
        throw ScalarType.unfit("an integer", value);
    }

    static ScalarType numeric(TypeName name) {
        String modifiers = name.modifiers();
        int comma = modifiers.indexOf(',');
        int scale = comma < 0 ? -1 : Math.max(0, Integer.parseInt(modifiers, comma + 1, modifiers.length() - 1, 10));
        return new ScalarType(
                name.toString(), BigDecimal.class, PgNumbers::readDecimal, value -> writeDecimal(value, scale));
    }

    private static Object readDecimal(String text) {
        return switch (text) {
            case "NaN" -> SpecialDecimal.NAN;
            case "Infinity" -> SpecialDecimal.POSITIVE_INFINITY;
            case "-Infinity" -> SpecialDecimal.NEGATIVE_INFINITY;
            default -> {
                require(DECIMAL, text);
                yield new BigDecimal(text);
            }
        };
    }

    /** With the column's own number of digits after the point, as the server writes it; -1 for no such number. */
    private static String writeDecimal(Object value, int scale) {
        if (value instanceof SpecialDecimal) {
            return value.toString();
        }
        BigDecimal number = value instanceof BigDecimal decimal ? decimal : new BigDecimal(asDecimalInteger(value));
        String plain = plain(number);
        if (scale < 0) {
            return plain;
        }
        try {
            return number.setScale(scale, RoundingMode.UNNECESSARY).toPlainString();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "expected at most " + scale + " digits after the point, got " + number, e);
        }
    }

    /** All digits of a number: few characters may stand for billions. */
    private static String plain(BigDecimal number) {
        long before = Math.max(1, (long) number.precision() - number.scale());
        long after = Math.max(0, number.scale());
        if (before + after > MOST_DIGITS) {
            throw new IllegalArgumentException("a number of more than " + MOST_DIGITS + " digits: " + shown(number));
        }
        return number.toPlainString();
    }

    private static String shown(BigDecimal number) {
        return number.precision() <= SHOWN ? number.toString() : number.precision() + " digits";
    }

    private static BigInteger asDecimalInteger(Object value) {
        try {
            return asInteger(value);
        } catch (IllegalArgumentException e) {
            throw ScalarType.unfit("a BigDecimal or an integer", value);
        }
    }

    static Object readFloat(String text) {
        return switch (text) {
            case "NaN" -> Float.NaN;
            case "Infinity" -> Float.POSITIVE_INFINITY;
            case "-Infinity" -> Float.NEGATIVE_INFINITY;
            default -> {
                require(FLOAT, text);
                yield Float.valueOf(text);
            }
        };
    }

    static Object readDouble(String text) {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> {
                require(FLOAT, text);
                yield Double.valueOf(text);
            }
        };
    }

    private static void require(Pattern form, String text) {
        if (!form.matcher(text).matches()) {
            throw new IllegalArgumentException("no number");
        }
    }

    static String writeFloat(Object value) {
        float number = value instanceof Float single ? single : asInteger(value).floatValue();
        if (Float.isNaN(number) || Float.isInfinite(number) || number == 0) {
            return special(number);
        }
        return shortest(new BigDecimal(number), digits -> digits.floatValue() == number, FLOAT_PLAIN);
    }

    static String writeDouble(Object value) {
        double number = value instanceof Double || value instanceof Float
                ? ((Number) value).doubleValue()
                : asInteger(value).doubleValue();
        if (Double.isNaN(number) || Double.isInfinite(number) || number == 0) {
            return special(number);
        }
        return shortest(new BigDecimal(number), digits -> digits.doubleValue() == number, DOUBLE_PLAIN);
    }

    private static String special(double number) {
        if (number == 0) {
            return 1 / number < 0 ? "-0" : "0";
        }
        return Double.toString(number);
    }

    /** The fewest digits that read back as the same number, laid out as the server does. */
    private static String shortest(BigDecimal exact, Predicate<BigDecimal> same, int plainBelow) {
        int precision = 1;
        BigDecimal digits = exact.round(new MathContext(precision, RoundingMode.HALF_EVEN));
        while (!same.test(digits)) {
            digits = exact.round(new MathContext(++precision, RoundingMode.HALF_EVEN));
        }
        digits = digits.stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent >= LEAST_PLAIN && exponent < plainBelow) {
            return digits.toPlainString();
        }
        String mantissa = digits.scaleByPowerOfTen(-exponent).toPlainString();
        return mantissa + (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }
}
