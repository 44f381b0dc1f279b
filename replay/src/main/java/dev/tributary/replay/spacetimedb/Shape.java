package dev.tributary.replay.spacetimedb;

import dev.tributary.replay.recording.Documents;
import dev.tributary.replay.recording.Json;
import dev.tributary.spacetimedb.Sum;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the values of a type are written in {@code final}. One spelling is made of what our client holds and of what the
 * file has, so that two values are the same where the spellings are.
 */
interface Shape {

    /** The spelling of a Java value, as our client gives it. */
    String ofValue(@Nullable Object value);

    /** The spelling of what a file has; of what is no value of the type, one that no value has. */
    String ofJson(@Nullable Object json);

    /** A name or a text of the type {@code String}. */
    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String odd(@Nullable Object value) {
        return "<odd: " + Documents.shown(value) + ">";
    }

    /** A truth value. */
    record Bool() implements Shape {

        @Override
        public String ofValue(@Nullable Object value) {
            return ofJson(value);
        }

        @Override
        public String ofJson(@Nullable Object json) {
            return json instanceof Boolean ? json.toString() : odd(json);
        }
    }

    /** A text. */
    record Text() implements Shape {

        @Override
        public String ofValue(@Nullable Object value) {
            return ofJson(value);
        }

        @Override
        public String ofJson(@Nullable Object json) {
            return json instanceof String text ? quoted(text) : odd(json);
        }
    }

    /**
     * An integer, or what Java has better types for: then it counts microseconds.
     *
     * @param counted the number of a Java value; null where it is none
     */
    record Whole(Function<@Nullable Object, @Nullable BigInteger> counted) implements Shape {

        private static final int MOST_DIGITS = 100;

        static Whole number() {
            return new Whole(value -> value instanceof Long || value instanceof Integer || value instanceof BigInteger
                    ? new BigInteger(value.toString())
                    : null);
        }

        static Whole timestamp() {
            return new Whole(value -> value instanceof Instant instant ? micros(instant) : null);
        }

        static Whole duration() {
            return new Whole(value -> value instanceof Duration duration ? micros(duration) : null);
        }

        static BigInteger micros(Instant instant) {
            return micros(instant.getEpochSecond(), instant.getNano());
        }

        static BigInteger micros(Duration duration) {
            return micros(duration.getSeconds(), duration.getNano());
        }

        private static BigInteger micros(long seconds, int nanos) {
            return BigInteger.valueOf(seconds)
                    .multiply(BigInteger.valueOf(1_000_000))
                    .add(BigInteger.valueOf(nanos / 1_000));
        }

        @Override
        public String ofValue(@Nullable Object value) {
            BigInteger number = counted.apply(value);
            return number == null ? odd(value) : number.toString();
        }

        @Override
        public String ofJson(@Nullable Object json) {
            if (json instanceof BigDecimal number && !Json.isFloat(number)) {
                return number.toBigInteger().toString();
            }
            if (json instanceof String digits && digits.length() <= MOST_DIGITS && digits.matches("-?[0-9]+")) {
                return new BigInteger(digits).toString();
            }
            return odd(json);
        }
    }

    /**
     * A float.
     *
     * @param single whether of 32 bits
     * @param lossy whether the protocol loses what is not finite
     */
    record Real(boolean single, boolean lossy) implements Shape {

        @Override
        public String ofValue(@Nullable Object value) {
            if (!(value instanceof Number number) || value.getClass() != (single ? Float.class : Double.class)) {
                return odd(value);
            }
            boolean isFinite = Math.abs(number.doubleValue()) <= Double.MAX_VALUE;
            return lossy && !isFinite ? "null" : value.toString();
        }

        @Override
        public String ofJson(@Nullable Object json) {
            if (json instanceof BigDecimal number) {
                String sign = Json.isNegativeZero(number) ? "-" : "";
                return sign + (single ? Float.toString(number.floatValue()) : Double.toString(number.doubleValue()));
            }
            boolean isName = "NaN".equals(json) || "Infinity".equals(json) || "-Infinity".equals(json);
            return json == null || isName ? String.valueOf(json) : odd(json);
        }
    }

    /** What is written as hexadecimal digits: ids, UUIDs and byte arrays. */
    record Hex() implements Shape {

        @Override
        public String ofValue(@Nullable Object value) {
            if (value instanceof byte[] bytes) {
                return quoted(HexFormat.of().formatHex(bytes));
            }
            if (value instanceof UUID uuid) {
                return quoted(uuid.toString().replace("-", ""));
            }
            // Identities and connection ids write themselves so.
            return value == null ? odd(null) : quoted(value.toString());
        }

        @Override
        public String ofJson(@Nullable Object json) {
            return json instanceof String digits ? quoted(digits.toLowerCase(Locale.ROOT)) : odd(json);
        }
    }

    /** Something or nothing. */
    record Option(Shape some) implements Shape {

        @Override
        public String ofValue(@Nullable Object value) {
            if (value == null) {
                return "null";
            }
            if (!isNested()) {
                return some.ofValue(value);
            }
            return value instanceof Sum sum && sum.variant().equals("some")
                    ? inBraces("some", some.ofValue(sum.value()))
                    : odd(value);
        }

        @Override
        public String ofJson(@Nullable Object json) {
            if (json == null) {
                return "null";
            }
            if (!isNested()) {
                return some.ofJson(json);
            }
            Map<String, @Nullable Object> members = Json.members(json);
            return members.size() == 1 && members.containsKey("some")
                    ? inBraces("some", some.ofJson(members.get("some")))
                    : odd(json);
        }

        private boolean isNested() {
            return some instanceof Option || (some instanceof Named named && named.target() instanceof Option);
        }
    }

    private static String inBraces(String name, String value) {
        return "{" + quoted(name) + ":" + value + "}";
    }

    /**
     * Some other sum.
     *
     * @param variants by their names, in their order
     */
    record Variants(Map<String, Shape> variants) implements Shape {

        @Override
        public String ofValue(@Nullable Object value) {
            String name = value instanceof Sum sum ? sum.variant() : value instanceof String text ? text : "";
            Shape variant = variants.get(name);
            if (variant == null) {
                return odd(value);
            }
            Object held = value instanceof Sum sum ? sum.value() : null;
            return inBraces(name, variant instanceof Fields fields && fields.isUnit() ? "{}" : variant.ofValue(held));
        }

        @Override
        public String ofJson(@Nullable Object json) {
            Map<String, @Nullable Object> members = Json.members(json);
            String name = members.keySet().stream().findFirst().orElse("");
            Shape variant = variants.get(name);
            return variant == null || members.size() != 1
                    ? odd(json)
                    : inBraces(name, variant.ofJson(members.get(name)));
        }
    }

    /** When something is due: after a while, or at an instant. */
    record Schedule() implements Shape {

        private static final Whole NUMBER = Whole.number();

        @Override
        public String ofValue(@Nullable Object value) {
            if (value instanceof Duration duration) {
                return inBraces("Interval", Whole.micros(duration).toString());
            }
            return value instanceof Instant instant
                    ? inBraces("Time", Whole.micros(instant).toString())
                    : odd(value);
        }

        @Override
        public String ofJson(@Nullable Object json) {
            Map<String, @Nullable Object> members = Json.members(json);
            for (String name : List.of("Interval", "Time")) {
                if (members.size() == 1 && members.containsKey(name)) {
                    return inBraces(name, NUMBER.ofJson(members.get(name)));
                }
            }
            return odd(json);
        }
    }

    /** An array, but not of bytes. */
    record Elements(Shape element) implements Shape {

        @Override
        public String ofValue(@Nullable Object value) {
            return value instanceof List<?> list
                    ? list.stream().map(element::ofValue).toList().toString()
                    : odd(value);
        }

        @Override
        public String ofJson(@Nullable Object json) {
            return json instanceof List<?> list
                    ? list.stream().map(element::ofJson).toList().toString()
                    : odd(json);
        }
    }

    /**
     * A product, or the columns of a table.
     *
     * @param fields by their names, in their order
     */
    record Fields(Map<String, Shape> fields) implements Shape {

        boolean isUnit() {
            return fields.isEmpty();
        }

        @Override
        public String ofValue(@Nullable Object value) {
            return value instanceof Map<?, ?> map ? spelled(map, Shape::ofValue) : odd(value);
        }

        @Override
        public String ofJson(@Nullable Object json) {
            return json instanceof Map<?, ?> map ? spelled(map, Shape::ofJson) : odd(json);
        }

        private String spelled(Map<?, ?> map, Spelling spelling) {
            if (!map.keySet().equals(fields.keySet())) {
                return "<fields " + map.keySet() + ">";
            }
            List<String> all = new ArrayList<>();
            fields.forEach((name, shape) -> all.add(quoted(name) + ":" + spelling.of(shape, map.get(name))));
            return "{" + String.join(",", all) + "}";
        }

        /** Either of the two ways. */
        private interface Spelling {

            String of(Shape shape, @Nullable Object value);
        }
    }

    /** Another type, which may hold this one. */
    record Named(Supplier<Shape> type) implements Shape {

        Shape target() {
            return type.get();
        }

        @Override
        public String ofValue(@Nullable Object value) {
            return target().ofValue(value);
        }

        @Override
        public String ofJson(@Nullable Object json) {
            return target().ofJson(json);
        }
    }

    /** A type that says nothing about itself: what is not in the schema. */
    record Unknown() implements Shape {

        @Override
        public String ofValue(@Nullable Object value) {
            return value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
        }

        @Override
        public String ofJson(@Nullable Object json) {
            return json == null ? "null" : odd(json);
        }
    }
}
