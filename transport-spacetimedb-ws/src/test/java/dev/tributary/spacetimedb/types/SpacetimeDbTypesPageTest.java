package dev.tributary.spacetimedb.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tributary.spacetimedb.ConnectionId;
import dev.tributary.spacetimedb.Identity;
import dev.tributary.spacetimedb.Sum;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * SpacetimeDB's tables of {@code docs/types.md} are made of what is checked here; {@code -Dtributary.write=true} writes
 * them.
 */
class SpacetimeDbTypesPageTest {

    private record Sample(
            String type, String json, @Nullable Object value) {}

    private static Sample sample(String type, String json, @Nullable Object value) {
        return new Sample(type, json, value);
    }

    private static final List<Sample> SAMPLES = List.of(
            sample("bool", "true", true),
            sample("i8", "-128", -128),
            sample("u8", "255", 255),
            sample("i16", "-32768", -32768),
            sample("u16", "65535", 65535),
            sample("i32", "-2147483648", Integer.MIN_VALUE),
            sample("u32", "4294967295", 4294967295L),
            sample("i64", "9223372036854775807", Long.MAX_VALUE),
            sample("u64", "42", 42L),
            sample("u64", "18446744073709551615", new BigInteger("18446744073709551615")),
            sample("i128", "-1", BigInteger.ONE.negate()),
            sample("u128", "42", BigInteger.valueOf(42)),
            sample("i256", "\"-0x1\"", BigInteger.ONE.negate()),
            sample("u256", "\"0x2a\"", BigInteger.valueOf(42)),
            sample("f32", "0.1", 0.1f),
            sample("f64", "-0.0", -0.0),
            sample("f64", "null", Double.NaN),
            sample("string", "\"tea\"", "tea"),
            sample("bytes", "\"de01\"", new byte[] {(byte) 0xde, 1}),
            sample("identity", "[\"0xc2001f\"]", new Identity(BigInteger.valueOf(0xc2001f))),
            sample("connection_id", "[43]", new ConnectionId(BigInteger.valueOf(43))),
            sample("uuid", "[127]", new UUID(0, 127)),
            sample("timestamp", "[1735689600000001]", Instant.parse("2025-01-01T00:00:00.000001Z")),
            sample("time_duration", "[-1500000]", Duration.ofMillis(-1500)),
            sample("schedule_at", "[0,[1500000]]", Duration.ofMillis(1500)),
            sample("schedule_at", "[1,[0]]", Instant.EPOCH),
            sample("option<u32>", "[0,7]", 7L),
            sample("option<u32>", "[1,[]]", null),
            sample("option<option<u32>>", "[0,[0,7]]", new Sum("some", 7L)),
            sample("option<option<u32>>", "[0,[1,[]]]", new Sum("some", null)),
            sample("option<option<u32>>", "[1,[]]", null),
            sample("{red | green}", "[1,[]]", "green"),
            sample("{empty | rect (w u8, h u8)}", "[1,[3,4]]", new Sum("rect", Map.of("w", 3, "h", 4))),
            sample("{empty | rect (w u8, h u8)}", "[0,[]]", new Sum("empty")),
            sample("{ok u8 | err string}", "[1,\"no\"]", new Sum("err", "no")),
            sample("(x i32, y i32)", "[1,2]", Map.of("x", 1, "y", 2)),
            sample("()", "[]", Map.of()),
            sample("array<string>", "[\"a\",\"b\"]", List.of("a", "b")),
            sample("array<option<u8>>", "[[0,7],[1,[]]]", Arrays.asList(7, null)));

    private enum Color {
        red
    }

    private record Gift(String type, String text, List<Object> values, String bsatn) {}

    private static final List<Gift> GIFTS = List.of(
            new Gift(
                    "u8",
                    "`Byte`, `Short`, `Integer`, `Long`, `BigInteger`",
                    List.of((byte) 42, (short) 42, 42, 42L, BigInteger.valueOf(42)),
                    "2a"),
            new Gift("f32", "`Float`; `Double` and integers that it holds exactly", List.of(1.5f, 1.5), "0000c03f"),
            new Gift(
                    "f64",
                    "`Double`, `Float`, integers that it holds exactly",
                    List.of(2.0, 2f, 2),
                    "0000000000000040"),
            new Gift("string", "`String`, `CharSequence`", List.of("a", new StringBuilder("a")), "0100000061"),
            new Gift("bytes", "`byte[]`", List.of(new byte[] {1}), "0100000001"),
            new Gift("timestamp", "`Instant` of whole microseconds", List.of(Instant.EPOCH), "0000000000000000"),
            new Gift("time_duration", "`Duration` of whole microseconds", List.of(Duration.ZERO), "0000000000000000"),
            new Gift("schedule_at", "`Duration`, `Instant`", List.of(Duration.ZERO), "000000000000000000"),
            new Gift("option<u8>", "null, or the value", List.of(7), "0007"),
            new Gift("option<option<u8>>", "null, or `Sum(\"some\", …)`", List.of(new Sum("some", 7)), "000007"),
            new Gift("{red | green}", "`String`, an enum, `Sum`", List.of("red", Color.red, new Sum("red")), "00"),
            new Gift(
                    "{empty | one u8}",
                    "`Sum`; a `String` for a variant that holds nothing",
                    List.of(new Sum("one", 7)),
                    "0107"),
            new Gift(
                    "(x u8, y u8)",
                    "`Map` of all names, `List` of all values",
                    List.of(Map.of("y", 2, "x", 1), List.of(1, 2)),
                    "0102"),
            new Gift(
                    "array<bool>",
                    "`Collection`, `Object[]`",
                    List.of(List.of(true), new Object[] {true}),
                    "0100000001"));

    private static String javaClass(@Nullable Object value) {
        return value == null
                ? "null"
                : value instanceof List
                        ? "List"
                        : value instanceof Map ? "Map" : value.getClass().getSimpleName();
    }

    private static String shown(@Nullable Object value) {
        if (value instanceof String text) {
            return "\"" + text + "\"";
        }
        if (value instanceof byte[] bytes) {
            return "0x" + HexFormat.of().formatHex(bytes);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(SpacetimeDbTypesPageTest::shown).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            TreeMap<Object, String> sorted = new TreeMap<>();
            map.forEach((key, item) -> sorted.put(key, shown(item)));
            return sorted.toString();
        }
        return value instanceof Sum sum
                ? "Sum(\"" + sum.variant() + "\", " + shown(sum.value()) + ")"
                : String.valueOf(value);
    }

    /** A pipe would end the cell. */
    private static String cell(String text) {
        return "`" + text.replace("|", "\\|") + "`";
    }

    private static String valuesTable() {
        StringBuilder table = new StringBuilder("| type | in a JSON row | Java | value |\n|---|---|---|---|\n");
        for (Sample sample : SAMPLES) {
            table.append("| %s | %s | `%s` | %s |\n"
                    .formatted(
                            cell(sample.type()),
                            cell(sample.json()),
                            javaClass(sample.value()),
                            cell(shown(sample.value()))));
        }
        return table.toString();
    }

    private static String argumentsTable() {
        StringBuilder table = new StringBuilder("| type | given |\n|---|---|\n");
        for (Gift gift : GIFTS) {
            table.append("| %s | %s |\n".formatted(cell(gift.type()), gift.text()));
        }
        return table.toString();
    }

    @Test
    @Tag("T20")
    void thePageShowsTheTablesThatAreCheckedHere() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path page = (Files.exists(here.resolve("docs")) ? here : here.getParent()).resolve("docs/types.md");
        Map<String, String> tables =
                Map.of("spacetimedb-values", valuesTable(), "spacetimedb-arguments", argumentsTable());
        String text = Files.readString(page);
        Pattern place = Pattern.compile("<!-- table (spacetimedb-\\S+) -->\n\n(.*?)\n<!-- end -->", Pattern.DOTALL);
        if (Boolean.getBoolean("tributary.write")) {
            text = place.matcher(text)
                    .replaceAll(match -> Matcher.quoteReplacement("<!-- table " + match.group(1) + " -->\n\n"
                            + tables.get(match.group(1)) + "\n<!-- end -->"));
            Files.writeString(page, text);
        }
        Map<String, String> shown = new HashMap<>();
        Matcher match = place.matcher(text);
        while (match.find()) {
            shown.put(match.group(1), match.group(2));
        }
        assertThat(shown).isEqualTo(tables);
    }

    @Test
    @Tag("T20")
    @Tag("T21")
    void everyValueOfThePageIsTrue() {
        for (Sample sample : SAMPLES) {
            RowDecoder decoder =
                    new RowLayout("t", (Product) TypeName.parse("(c " + sample.type() + ")"), -1).decoder();
            Object value = decoder.jsonRow("[" + sample.json() + "]").get(0);
            assertThat(Model.comparable(value)).as(sample.toString()).isEqualTo(Model.comparable(sample.value()));
            assertThat(javaClass(value)).as(sample.toString()).isEqualTo(javaClass(sample.value()));
        }
    }

    @Test
    @Tag("T29")
    void everyGiftOfThePageIsTaken() {
        for (Gift gift : GIFTS) {
            for (Object value : gift.values()) {
                assertThat(HexFormat.of().formatHex(ValueType.named(gift.type()).encode(value)))
                        .as(gift.toString())
                        .isEqualTo(gift.bsatn());
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ValueType.named(gift.type()).encode(new Object()))
                    .withMessageContaining("expected ");
        }
    }
}
