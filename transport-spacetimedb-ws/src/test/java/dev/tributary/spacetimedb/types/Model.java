package dev.tributary.spacetimedb.types;

import dev.tributary.spacetimedb.ConnectionId;
import dev.tributary.spacetimedb.Identity;
import dev.tributary.spacetimedb.Sum;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Random types with random values in every form, written after the specification and sharing no code with what is tested.
 */
final class Model {

    private Model() {}

    /**
     * A value in every form.
     *
     * @param shuffled the stored form with the members of objects in another order, and white space
     */
    record Value(
            byte[] bsatn,
            String stored,
            String computed,
            String shuffled,
            @Nullable Object java) {}

    /** A type. */
    interface Kind {
        /** As in the JSON of a schema. */
        String schema();

        Value value(Random random);

        default boolean isOption() {
            return false;
        }

        default boolean isUnit() {
            return false;
        }
    }

    private record Simple(String schema, java.util.function.Function<Random, Value> values) implements Kind {
        @Override
        public Value value(Random random) {
            return values.apply(random);
        }
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static byte[] littleEndian(BigInteger value, int size) {
        byte[] bytes = new byte[size];
        BigInteger rest = value;
        for (int i = 0; i < size; i++) {
            bytes[i] = rest.byteValue();
            rest = rest.shiftRight(8);
        }
        return bytes;
    }

    private static byte[] u32(int value) {
        return littleEndian(BigInteger.valueOf(value), 4);
    }

    private static Value same(byte[] bsatn, String json, Object java) {
        return new Value(bsatn, json, json, " " + json + " ", java);
    }

    /** Often at the edges. */
    private static BigInteger number(Random random, int bits, boolean signed) {
        BigInteger values = BigInteger.ONE.shiftLeft(bits);
        BigInteger least = signed ? values.shiftRight(1).negate() : BigInteger.ZERO;
        return switch (random.nextInt(5)) {
            case 0 -> least;
            case 1 -> least.add(values).subtract(BigInteger.ONE);
            case 2 -> BigInteger.valueOf(random.nextInt(3)).subtract(signed ? BigInteger.ONE : BigInteger.ZERO);
            default -> least.add(new BigInteger(bits, random));
        };
    }

    private static Object narrow(BigInteger value, int bits, boolean signed) {
        if (bits < 32 || (bits == 32 && signed)) {
            return value.intValueExact();
        }
        return bits <= 64 && value.bitLength() <= 63 ? (Object) value.longValueExact() : value;
    }

    private static String wide(BigInteger value) {
        return "\"" + (value.signum() < 0 ? "-" : "") + "0x" + value.abs().toString(16) + "\"";
    }

    private static Kind integer(int bits, boolean signed) {
        return new Simple("{\"%s%d\":[]}".formatted(signed ? "I" : "U", bits), random -> {
            BigInteger value = number(random, bits, signed);
            return same(
                    littleEndian(value, bits / 8),
                    bits == 256 ? wide(value) : value.toString(),
                    bits > 64 ? value : narrow(value, bits, signed));
        });
    }

    private static Kind special(String field, String type, java.util.function.Function<Random, Value> number) {
        String schema = "{\"Product\":{\"elements\":[{\"name\":{\"some\":\"%s\"},\"algebraic_type\":{\"%s\":[]}}]}}"
                .formatted(field, type);
        return new Simple(schema, random -> {
            Value inner = number.apply(random);
            return new Value(
                    inner.bsatn(),
                    "{\"" + field + "\":" + inner.stored() + "}",
                    "[" + inner.computed() + "]",
                    " { \"" + field + "\" : " + inner.stored() + "\n}",
                    inner.java());
        });
    }

    private static Kind identity() {
        return special("__identity__", "U256", random -> {
            BigInteger value = number(random, 256, false);
            return same(littleEndian(value, 32), wide(value), new Identity(value));
        });
    }

    private static Kind micros(boolean duration) {
        String field = duration ? "__time_duration_micros__" : "__timestamp_micros_since_unix_epoch__";
        return special(field, "I64", random -> {
            BigInteger micros = number(random, 64, true);
            return same(
                    littleEndian(micros, 8),
                    micros.toString(),
                    duration
                            ? Duration.of(micros.longValue(), ChronoUnit.MICROS)
                            : Instant.EPOCH.plus(micros.longValue(), ChronoUnit.MICROS));
        });
    }

    private static final List<Kind> LEAVES = List.of(
            integer(8, true),
            integer(8, false),
            integer(16, true),
            integer(16, false),
            integer(32, true),
            integer(32, false),
            integer(64, true),
            integer(64, false),
            integer(128, true),
            integer(128, false),
            integer(256, true),
            integer(256, false),
            new Simple("{\"Bool\":[]}", random -> {
                boolean truth = random.nextBoolean();
                return same(new byte[] {(byte) (truth ? 1 : 0)}, String.valueOf(truth), truth);
            }),
            new Simple("{\"F32\":[]}", random -> {
                float number = Float.intBitsToFloat(random.nextInt());
                float finite = Float.isFinite(number) ? number : -0.0f;
                return same(u32(Float.floatToRawIntBits(finite)), String.valueOf(finite), finite);
            }),
            new Simple("{\"F64\":[]}", random -> {
                double number = Double.longBitsToDouble(random.nextLong());
                double finite = Double.isFinite(number) ? number : -0.0;
                BigInteger bits = BigInteger.valueOf(Double.doubleToRawLongBits(finite));
                return same(littleEndian(bits, 8), String.valueOf(finite), finite);
            }),
            new Simple("{\"String\":[]}", random -> {
                String text = text(random);
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                return same(concat(u32(utf8.length), utf8), quoted(text), text);
            }),
            new Simple("{\"Array\":{\"U8\":[]}}", random -> {
                byte[] bytes = new byte[random.nextInt(5)];
                random.nextBytes(bytes);
                String hex = "\"" + HexFormat.of().formatHex(bytes) + "\"";
                return same(concat(u32(bytes.length), bytes), hex, bytes);
            }),
            identity(),
            special("__connection_id__", "U128", random -> {
                BigInteger value = number(random, 128, false);
                return same(littleEndian(value, 16), value.toString(), new ConnectionId(value));
            }),
            special("__uuid__", "U128", random -> {
                UUID uuid = new UUID(random.nextLong(), random.nextLong());
                BigInteger value = new BigInteger(uuid.toString().replace("-", ""), 16);
                return same(littleEndian(value, 16), value.toString(), uuid);
            }),
            micros(true),
            micros(false));

    private static String text(Random random) {
        String alphabet = "a\"\\\n\u0000\u007fé\u2028\ud83d\ude00";
        int[] points = alphabet.codePoints().toArray();
        return IntStream.range(0, random.nextInt(12))
                .map(i -> points[random.nextInt(points.length)])
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c < 0x20 || c == '"' || c == '\\') {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    private record Member(String name, Kind kind) {
        String schema() {
            return "{\"name\":{\"some\":\"" + name + "\"},\"algebraic_type\":" + kind.schema() + "}";
        }
    }

    static String elements(List<Kind> kinds) {
        return IntStream.range(0, kinds.size())
                .mapToObj(i -> new Member("f" + i, kinds.get(i)).schema())
                .collect(Collectors.joining(","));
    }

    /** A product whose fields are called {@code f0}, {@code f1} …. */
    record Struct(List<Kind> kinds) implements Kind {
        @Override
        public String schema() {
            return "{\"Product\":{\"elements\":[" + elements(kinds) + "]}}";
        }

        @Override
        public boolean isUnit() {
            return kinds.isEmpty();
        }

        @Override
        public Value value(Random random) {
            return ofValues(kinds.stream().map(kind -> kind.value(random)).toList(), random);
        }

        static Value ofValues(List<Value> values, Random random) {
            List<String> stored = new ArrayList<>();
            List<String> shuffled = new ArrayList<>();
            Map<String, @Nullable Object> java = new LinkedHashMap<>();
            for (int i = 0; i < values.size(); i++) {
                stored.add("\"f" + i + "\":" + values.get(i).stored());
                shuffled.add(" \"f" + i + "\" :\t" + values.get(i).shuffled());
                java.put("f" + i, values.get(i).java());
            }
            Collections.shuffle(shuffled, random);
            return new Value(
                    concat(values.stream().map(Value::bsatn).toArray(byte[][]::new)),
                    "{" + String.join(",", stored) + "}",
                    values.stream().map(Value::computed).collect(Collectors.joining(",", "[", "]")),
                    "{" + String.join(" ,\n", shuffled) + "}",
                    java);
        }
    }

    private record Choice(List<Member> variants, boolean isOption) implements Kind {
        @Override
        public String schema() {
            return variants.stream()
                    .map(Member::schema)
                    .collect(Collectors.joining(",", "{\"Sum\":{\"variants\":[", "]}}"));
        }

        @Override
        public Value value(Random random) {
            int tag = random.nextInt(variants.size());
            Member variant = variants.get(tag);
            Value payload = variant.kind().value(random);
            return new Value(
                    concat(new byte[] {(byte) tag}, payload.bsatn()),
                    "[" + tag + "," + payload.stored() + "]",
                    "[" + tag + "," + payload.computed() + "]",
                    "[ " + tag + " , " + payload.shuffled() + " ]",
                    java(tag, variant, payload));
        }

        private @Nullable Object java(int tag, Member variant, Value payload) {
            if (isOption) {
                return tag == 1
                        ? null
                        : variants.get(0).kind().isOption() ? new Sum("some", payload.java()) : payload.java();
            }
            if (variants.stream().allMatch(each -> each.kind().isUnit())) {
                return variant.name();
            }
            if (variants.get(0).name().equals("Interval")) {
                return payload.java();
            }
            return new Sum(variant.name(), variant.kind().isUnit() ? null : payload.java());
        }
    }

    private record Many(Kind element) implements Kind {
        @Override
        public String schema() {
            return "{\"Array\":" + element.schema() + "}";
        }

        @Override
        public Value value(Random random) {
            List<Value> values = IntStream.range(0, random.nextInt(4))
                    .mapToObj(i -> element.value(random))
                    .toList();
            // Elements are in the computed form in both.
            String json = values.stream().map(Value::computed).collect(Collectors.joining(",", "[", "]"));
            String spaced = values.stream().map(Value::shuffled).collect(Collectors.joining(" , ", "[ ", " ]"));
            List<@Nullable Object> java = new ArrayList<>();
            values.forEach(value -> java.add(value.java()));
            byte[] elements = concat(values.stream().map(Value::bsatn).toArray(byte[][]::new));
            return new Value(concat(u32(values.size()), elements), json, json, spaced, java);
        }
    }

    private static final Kind UNIT = new Struct(List.of());

    private static Kind option(Kind some) {
        return new Choice(List.of(new Member("some", some), new Member("none", UNIT)), true);
    }

    /** A random type. */
    static Kind kind(Random random, int levels) {
        int choice = levels == 0 ? 0 : random.nextInt(10);
        return switch (choice) {
            case 1 -> option(kind(random, levels - 1));
            case 2 -> option(option(kind(random, levels - 1)));
            case 3 -> new Many(nonByte(random, levels - 1));
            case 4 -> new Struct(kinds(random, random.nextInt(4), levels - 1));
            case 5 ->
                new Choice(
                        List.of(
                                new Member("ok", kind(random, levels - 1)),
                                new Member("err", kind(random, levels - 1))),
                        false);
            case 6 ->
                new Choice(List.of(new Member("Interval", micros(true)), new Member("Time", micros(false))), false);
            case 7 ->
                new Choice(
                        List.of(new Member("red", UNIT), new Member("green", UNIT), new Member("dark blue", UNIT)),
                        false);
            case 8 ->
                new Choice(
                        List.of(
                                new Member("empty", UNIT),
                                new Member("one", kind(random, levels - 1)),
                                new Member("two", new Struct(kinds(random, 2, levels - 1)))),
                        false);
            default -> LEAVES.get(random.nextInt(LEAVES.size()));
        };
    }

    private static Kind nonByte(Random random, int levels) {
        Kind kind = kind(random, levels);
        return kind.schema().equals("{\"U8\":[]}") ? UNIT : kind;
    }

    static List<Kind> kinds(Random random, int count, int levels) {
        return IntStream.range(0, count).mapToObj(i -> kind(random, levels)).toList();
    }

    /** A schema with one table {@code t}, a reducer {@code r} and a procedure {@code p} of these types. */
    static DatabaseSchema database(List<Kind> kinds, int primaryKey) {
        return DatabaseSchema.parse(schema(kinds, primaryKey));
    }

    static String schema(List<Kind> kinds, int primaryKey) {
        return """
                {"typespace":{"types":[%1$s]},
                 "tables":[{"name":"t","product_type_ref":0,"primary_key":[%2$s],"indexes":[],"constraints":[],
                   "sequences":[],"schedule":{"none":[]},"table_type":{"User":[]},"table_access":{"Public":[]}}],
                 "reducers":[{"name":"r","params":{"elements":[%3$s]},"lifecycle":{"none":[]}}],
                 "types":[],
                 "misc_exports":[{"Procedure":{"name":"p","params":{"elements":[]},"return_type":%1$s}}],
                 "row_level_security":[]}
                """.formatted(
                        new Struct(kinds).schema(), primaryKey < 0 ? "" : String.valueOf(primaryKey), elements(kinds));
    }

    /** A value that can be compared: arrays of bytes as texts. */
    static @Nullable Object comparable(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return "0x" + HexFormat.of().formatHex(bytes);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(item -> copy.add(comparable(item)));
            return copy;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, item) -> copy.put(key, comparable(item)));
            return copy;
        }
        return value instanceof Sum sum ? Arrays.asList(sum.variant(), comparable(sum.value())) : value;
    }
}
