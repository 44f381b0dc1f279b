package dev.tributary.spacetimedb.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ColumnType;
import dev.tributary.ConfigurationException;
import dev.tributary.ProtocolException;
import dev.tributary.Row;
import dev.tributary.spacetimedb.Arguments;
import dev.tributary.spacetimedb.ConnectionId;
import dev.tributary.spacetimedb.Identity;
import dev.tributary.spacetimedb.Sum;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of which the specification shows the bytes, and values that are none. */
class ValuesTest {

    private static ColumnType type(String name) {
        return ValueType.named(name);
    }

    private static String hex(String type, Object value) {
        return HexFormat.of().formatHex(type(type).encode(value));
    }

    private static Object value(String type, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return type(type).decode(bytes, 0, bytes.length);
    }

    private static RowDecoder table(String columns) {
        Product product = (Product) TypeName.parse(columns);
        return new RowLayout("t", product, -1).decoder();
    }

    private static Row row(RowDecoder decoder, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return decoder.row(bytes, 0, bytes.length);
    }

    @Test
    @Tag("T20")
    void theExamplesOfTheSpecificationHaveTheirBytes() {
        assertThat(hex("option<u32>", 7)).isEqualTo("0007000000");
        assertThat(hex("string", "hé")).isEqualTo("0300000068c3a9");
        assertThat(hex("(x i32, y i32)", Map.of("y", 256, "x", -1))).isEqualTo("ffffffff00010000");
        assertThat(hex("(name string, age u8)", List.of("Alice", 30))).isEqualTo("05000000416c6963651e");
        assertThat(hex("array<option<u32>>", Arrays.asList(7, null))).isEqualTo("02000000" + "0007000000" + "01");
        assertThat(hex("schedule_at", Duration.ofMillis(-1))).isEqualTo("0018fcffffffffffff");
        assertThat(hex("schedule_at", Instant.ofEpochMilli(1))).isEqualTo("01e803000000000000");
        assertThat(hex("{ok u8 | err string}", new Sum("err", "x"))).isEqualTo("010100000078");
        assertThat(hex("()", Map.of())).isEmpty();
        assertThat(hex("f32", 1.5f)).isEqualTo("0000c03f");
        assertThat(hex("f64", -0.0)).isEqualTo("0000000000000080");
    }

    @Test
    @Tag("T20")
    void rowsOfTheExampleOfARowListAreSplit() {
        RowDecoder decoder = table("(id u32, x i16)");
        assertThat(decoder.layout().fixedSize()).isEqualTo(6);
        byte[] data = HexFormat.of().parseHex("01000000ffff020000000500");
        assertThat(decoder.row(data, 0, 6).toMap()).isEqualTo(Map.of("id", 1L, "x", -1));
        assertThat(decoder.row(data, 6, 6).toMap()).isEqualTo(Map.of("id", 2L, "x", 5));
    }

    @Test
    @Tag("T26")
    void printedNumbersAreTheReverseOfTheirBytes() {
        String printed = "c2001f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f00";
        String wire = "001f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f00c2";
        Identity identity = new Identity(new BigInteger(printed, 16));
        assertThat(identity).hasToString(printed);
        assertThat(hex("identity", identity)).isEqualTo(wire);
        assertThat(value("identity", wire)).isEqualTo(identity);

        ConnectionId connection = new ConnectionId(BigInteger.valueOf(0x2b));
        assertThat(connection).hasToString("0000000000000000000000000000002b");
        assertThat(value("connection_id", "2b000000000000000000000000000000")).isEqualTo(connection);

        UUID uuid = UUID.fromString("0190f3a1-0000-0000-0000-00000000007f");
        assertThat(hex("uuid", uuid)).isEqualTo("7f0000000000000000000000a1f39001");
        assertThat(value("uuid", "7f0000000000000000000000a1f39001")).isEqualTo(uuid);
    }

    @Test
    @Tag("T26")
    void shortDigitsOfJsonArePaddedAndZeroIsZero() {
        RowDecoder decoder = table("(i identity, n i256)");
        Row row = decoder.jsonRow("{\"i\":{\"__identity__\":\"0x2a\"},\"n\":\"-0x1\"}");
        assertThat(row.get("i")).hasToString("0".repeat(62) + "2a");
        assertThat(row.get("n")).isEqualTo(BigInteger.ONE.negate());
        assertThat(decoder.jsonRow("[[\"0x0\"],\"0x0\"]").get("i")).isEqualTo(new Identity(BigInteger.ZERO));
    }

    @ParameterizedTest
    @Tag("T21")
    @CsvSource({
        "u64, 18446744073709551615",
        "u64, 9007199254740993",
        "i64, -9223372036854775808",
        "u128, 340282366920938463463374607431768211455",
        "i128, -170141183460469231731687303715884105728"
    })
    void largeIntegersKeepEveryDigit(String type, String digits) {
        Row row = table("(n " + type + ")").jsonRow("[" + digits + "]");
        assertThat(row.get("n")).hasToString(digits);
    }

    @ParameterizedTest
    @Tag("T21")
    @CsvSource({"u8, 256", "u8, -1", "i8, 128", "u64, 18446744073709551616", "i64, 9223372036854775808", "u32, 1.0"})
    void integersOutOfRangeAreRefused(String type, String digits) {
        assertThatThrownBy(() -> table("(n " + type + ")").jsonRow("[" + digits + "]"))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("row of table t: n: expected");
    }

    @Test
    void aKeyIsFoundWithAnyIntegerThatFits() {
        ColumnType u64 = type("u64");
        byte[] packed = u64.encode(42L);
        for (Object same : List.of((byte) 42, (short) 42, 42, BigInteger.valueOf(42))) {
            assertThat(u64.encode(same)).isEqualTo(packed);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> u64.encode(-1)).withMessageContaining("from 0 to 2^64-1");
        assertThatIllegalArgumentException().isThrownBy(() -> u64.encode("42")).withMessageContaining("an integer");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> type("f32").encode(0.1))
                .withMessageContaining("exactly");
        assertThat(type("f64").encode(1)).isEqualTo(type("f64").encode(1.0));
    }

    @Test
    @Tag("T21")
    void timesAreWholeMicrosOfTheWholeRange() {
        for (String type : List.of("timestamp", "time_duration")) {
            for (String hex : List.of("0000000000000080", "ffffffffffffff7f", "ffffffffffffffff")) {
                assertThat(hex(type, value(type, hex))).isEqualTo(hex);
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> type("timestamp").encode(Instant.ofEpochSecond(0, 1)))
                .withMessageContaining("truncate it to ChronoUnit.MICROS");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> type("timestamp").encode(Instant.MAX.truncatedTo(ChronoUnit.MICROS)))
                .withMessageContaining("64 bits");
    }

    @Test
    void floatsKeepTheirBits() {
        RowDecoder decoder = table("(a f32, b f64)");
        Row zero = decoder.jsonRow("[0.0,0.0]");
        Row minus = decoder.jsonRow("[-0.0,-0.0]");
        assertThat(zero).isNotEqualTo(minus);
        Row nan = row(decoder, "0100c07f" + "010000000000f87f");
        assertThat(HexFormat.of().formatHex(Objects.requireNonNull(nan.packedValue(1))))
                .isEqualTo("010000000000f87f");
        // Lost on the way: all three of them are null in JSON.
        assertThat(decoder.jsonRow("[null,null]").toMap()).isEqualTo(Map.of("a", Float.NaN, "b", Double.NaN));
        assertThat(table("(a f32)").jsonRow("[3.4028235e38]").get("a")).isEqualTo(Float.MAX_VALUE);
    }

    @Test
    void nothingIsNullAndTwoKindsOfNothingAreToldApart() {
        RowDecoder decoder = table("(a option<u8>, b option<option<u8>>)");
        assertThat(values(row(decoder, "01" + "01"))).containsExactly(null, null);
        assertThat(values(row(decoder, "0007" + "0001"))).containsExactly(7, new Sum("some", null));
        assertThat(values(row(decoder, "0000" + "000009"))).containsExactly(0, new Sum("some", 9));
        assertThat(row(decoder, "0101").isNull("a")).isTrue();
    }

    private static List<@Nullable Object> values(Row row) {
        return Arrays.asList(row.get(0), row.get(1));
    }

    @ParameterizedTest
    @Tag("T22")
    @CsvSource({
        "bool, 02, a bool of 0 or 1",
        "option<u8>, 02, an option of tag 0 or 1",
        "{a | b}, 02, expected a tag",
        "string, 0100000080, invalid UTF-8",
        "string, 02000000c0af, invalid UTF-8",
        "string, 03000000eda080, invalid UTF-8",
        "string, 04000000f4908080, invalid UTF-8",
        "string, 01000000c3, invalid UTF-8",
        "string, ffffffff61, 4294967295 bytes expected",
        "bytes, ffffff7f61, 2147483647 bytes expected",
        "array<u64>, ffffffff61, 4294967295 elements",
        "array<string>, ffffff7f61, 2147483647 elements",
        "u32, 000000, 4 bytes expected",
    })
    void wrongBytesAreRefusedWithTheirPlace(String type, String hex, String message) {
        RowDecoder decoder = table("(a u8, wrong " + type + ")");
        assertThatThrownBy(() -> row(decoder, "00" + hex))
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("a row of table t, column wrong: ")
                .hasMessageContaining(message);
    }

    @Test
    @Tag("T22")
    void deepValuesAreRefusedInEveryForm() {
        String list = "(value u8, next option<#0>)";
        int levels = 100_000;
        ByteBuffer deep = ByteBuffer.allocate(2 * levels).order(ByteOrder.LITTLE_ENDIAN);
        RowDecoder decoder = table("(list " + list.replace("#0", "#1") + ")");
        assertThatThrownBy(() -> decoder.row(deep.array(), 0, deep.capacity()))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("nested deeper than");
        assertThatThrownBy(() -> type(list).decode(deep.array(), 0, deep.capacity()))
                .hasMessageContaining("nested deeper than");
        for (String open : List.of("[[1,[0,", "{\"list\":{\"value\":1,\"next\":[0,", "[", "{\"list\":")) {
            assertThatThrownBy(() -> decoder.jsonRow(open.repeat(levels)))
                    .as(open)
                    .isInstanceOf(ProtocolException.class);
        }
        assertThatThrownBy(() -> decoder.jsonRow("[" + "[1,[0,".repeat(levels)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("nest");
        Map<String, @Nullable Object> java = new HashMap<>(Map.of("value", 1));
        java.put("next", java);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> type(list).encode(java))
                .withMessageContaining("nested deeper than");
    }

    @Test
    @Tag("T22")
    void valuesOfNoBytesAreBounded() {
        // Two billion units in four bytes: whoever reads or writes them would never come to an end.
        RowDecoder decoder = table("(units array<()>)");
        assertThat((List<?>) row(decoder, "00100000").get("units")).hasSize(ArrayOf.MOST_EMPTY);
        for (String many : List.of("01100000", "ffffff7f")) {
            assertThatThrownBy(() -> row(decoder, many))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("elements of no bytes are too many");
        }
        List<Object> units = Collections.nCopies(ArrayOf.MOST_EMPTY + 1, List.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> type("array<()>").encode(units))
                .withMessageContaining("elements of no bytes are too many");
        String json = "[[" + "[],".repeat(ArrayOf.MOST_EMPTY) + "[]]]";
        assertThatThrownBy(() -> decoder.jsonRow(json))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("at most 4096 elements of no bytes");
        StringBuilder doubled = new StringBuilder("()");
        for (int i = 0; i < 40; i++) {
            doubled = new StringBuilder("(a ")
                    .append(doubled)
                    .append(", b #")
                    .append(40 - i)
                    .append(')');
        }
        String name = doubled.toString();
        assertThatIllegalArgumentException().isThrownBy(() -> TypeName.parse(name));
    }

    @Test
    void recursiveTypesAreReadAndNamed() {
        String tree = "(value u8, kids array<#0>)";
        Object value = value(tree, "01" + "02000000" + "02" + "00000000" + "03" + "00000000");
        assertThat(value)
                .isEqualTo(Map.of(
                        "value",
                        1,
                        "kids",
                        List.of(Map.of("value", 2, "kids", List.of()), Map.of("value", 3, "kids", List.of()))));
        assertThat(type(tree).name()).isEqualTo(tree);
        assertThat(type("(a (x i32), b #1)").name()).isEqualTo("(a (x i32), b #1)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "int",
                "u33",
                "option<",
                "option<u8",
                "(a)",
                "(a u8",
                "{",
                "{a b c}",
                "#0",
                "(a #1)",
                "u8 ",
                "(a u8, a u8)",
                "array<u8>>",
                "(\"a u8)",
                "Special",
                "(a #99999999999)"
            })
    void whatIsNoNameOfATypeIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> ValueType.named(name));
    }

    @Test
    void namesOfTypesAreBounded() {
        assertThatIllegalArgumentException().isThrownBy(() -> ValueType.named("option<".repeat(100_000)));
        assertThatIllegalArgumentException().isThrownBy(() -> ValueType.named("(a ".repeat(100_000)));
    }

    @Test
    @Tag("T29")
    void argumentsMayBeSpelledAsTheServerTakesThem() {
        FunctionSchema function = new FunctionSchema(
                "f",
                "f",
                FunctionSchema.Kind.REDUCER,
                (Product) TypeName.parse("(o option<u8>, s {red | rect (w u8)}, b bytes, n u256, f f32)"),
                Product.UNIT,
                Text.STRING,
                null);
        String expected = "0007" + "0105" + "020000000102" + "ff" + "00".repeat(31) + "00004040";
        for (String json : List.of(
                "[{\"some\":7},{\"rect\":{\"w\":5}},\"0102\",\"0xff\",3]",
                "[[0,7],[1,[5]],[1,2],\"0x00FF\",3.0]",
                "{\"o\":{\"0\":7},\"f\":3,\"s\":[\"rect\",[5]],\"b\":\"0102\",\"n\":\"0xFf\"}")) {
            byte[] bytes = ArgumentWriter.toBsatn("f", function, Arguments.json(json));
            assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(expected);
        }
        for (String json : List.of(
                "[7,[1,[5]],\"\",\"0x0\",3]",
                "[null,[1,[5]],\"\",\"0x0\",null]",
                "[null,\"red\",\"\",\"0x0\",3]",
                "[null,[0,null],\"\",\"0x0\",3]",
                "[null,[0,[]],\"0\",\"0x0\",3]",
                "[null,[0,[]],\"\",0,3]",
                "[null,[0,[]],\"\",\"0x0\"]",
                "[null,[0,[]],\"\",\"0x0\",3,4]",
                "[null,[0,[]],\"\",\"0x0\",3] 4",
                "{\"o\":null}",
                "{\"o\":null,\"o\":null,\"s\":[0,[]],\"b\":\"\",\"n\":\"0x0\",\"f\":1}",
                "{\"x\":null}",
                "")) {
            assertThatThrownBy(() -> ArgumentWriter.toBsatn("f", function, Arguments.json(json)))
                    .as(json)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("the arguments of f: ");
        }
    }

    @Test
    @Tag("T41")
    void anErrorIsReadAsItsDeclaredType() {
        byte[] text = HexFormat.of().parseHex("020000006e6f");
        assertThat(ReturnValue.ofBsatn("the error of f", Text.STRING, text)).isEqualTo("no");
        AlgebraicType declared = TypeName.parse("{broke u32 | late}");
        byte[] broke = HexFormat.of().parseHex("0007000000");
        assertThat(ReturnValue.ofBsatn("the error of f", declared, broke)).isEqualTo(new Sum("broke", 7L));
        assertThatThrownBy(() -> ReturnValue.ofBsatn("the error of f", declared, text))
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("the error of f: ");
        assertThatThrownBy(() -> ReturnValue.ofJson("the value of p", declared, "[1"))
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("the value of p: ");
    }
}
