package dev.tributary.testkit.electric;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The groups of types whose values compare with one another, and how their Postgres texts compare. */
enum SqlFamily {
    NUMBER {
        @Override
        int compare(String a, String b) {
            if (a.length() < 19
                    && b.length() < 19
                    && PLAIN.matcher(a).matches()
                    && PLAIN.matcher(b).matches()) {
                return Long.compare(Long.parseLong(a), Long.parseLong(b));
            }
            int byRank = Integer.compare(rank(a), rank(b));
            return byRank != 0 || rank(a) != 0 ? byRank : new BigDecimal(a).compareTo(new BigDecimal(b));
        }

        private int rank(String number) {
            return switch (number.toLowerCase(Locale.ROOT)) {
                case "nan" -> 2;
                case "infinity", "inf", "+infinity" -> 1;
                case "-infinity", "-inf" -> -1;
                default -> 0;
            };
        }
    },
    BOOL,
    TEXT {
        @Override
        int compare(String a, String b) {
            return compareCodePoints(a, b);
        }
    },
    TIME {
        @Override
        int compare(String a, String b) {
            int byRank = Integer.compare(rank(a), rank(b));
            if (byRank != 0) {
                return byRank;
            }
            int byText = comparable(a).compareTo(comparable(b));
            return rank(a) == -1 ? -byText : byText;
        }

        private int rank(String time) {
            if (time.equals("infinity")) {
                return 1;
            }
            if (time.equals("-infinity")) {
                return -2;
            }
            return time.endsWith(" BC") ? -1 : 0;
        }

        private String comparable(String time) {
            String plain = time.replace('T', ' ').replaceAll("( BC|Z|\\+00(:00)?)$", "");
            int year = plain.indexOf('-');
            return year > 0 && year < 6 ? "0".repeat(6 - year) + plain : plain;
        }
    },
    /** Any other type: compared as text, and only with itself. */
    OTHER;

    private static final Pattern PLAIN = Pattern.compile("-?[0-9]+");
    private static final Map<String, Integer> INTEGER_BITS = Map.of("int2", 16, "int4", 32, "int8", 64);

    int compare(String a, String b) {
        return a.compareTo(b);
    }

    static SqlFamily of(String type, int dims) {
        if (dims > 0) {
            return OTHER;
        }
        return switch (type) {
            case "int2", "int4", "int8", "float4", "float8", "numeric" -> NUMBER;
            case "bool" -> BOOL;
            case "text", "varchar", "bpchar", "name", "citext" -> TEXT;
            case "date", "timestamp", "timestamptz", "time", "timetz" -> TIME;
            default -> OTHER;
        };
    }

    /** The kept form of a literal for a type, or null when the type does not accept it. */
    static @Nullable String literal(String type, int dims, String text) {
        SqlFamily family = of(type, dims);
        if (family == NUMBER) {
            return number(type, text.trim());
        }
        if (family == BOOL) {
            return switch (text.trim().toLowerCase(Locale.ROOT)) {
                case "t", "true", "yes", "on", "1", "y" -> "t";
                case "f", "false", "no", "off", "0", "n" -> "f";
                default -> null;
            };
        }
        if (family == TIME) {
            return text.isEmpty() || !text.matches("-?infinity|[0-9].*") ? null : text;
        }
        if (type.equals("uuid") && dims == 0) {
            String id = text.toLowerCase(Locale.ROOT);
            return id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}") ? id : null;
        }
        return text;
    }

    private static @Nullable String number(String type, String text) {
        Integer bits = INTEGER_BITS.get(type);
        if (bits != null) {
            return text.matches("[+-]?[0-9]{1,19}") && new BigInteger(text).bitLength() < bits ? text : null;
        }
        if (text.matches("(?i)nan|[+-]?inf(inity)?")) {
            return text;
        }
        return text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,5})?") ? text : null;
    }

    private static int compareCodePoints(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean swap = Character.isSurrogate(x) != Character.isSurrogate(y);
                return swap ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
