package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ColumnType;
import dev.tributary.Infinity;
import dev.tributary.Interval;
import dev.tributary.JsonNull;
import dev.tributary.SpecialDecimal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of the server become values, and values become texts again. */
class PgTypesTest {

    static Object read(String type, String text) {
        byte[] bytes = ("xx" + text + "y").getBytes(StandardCharsets.UTF_8);
        return PgTypes.named(type).decode(bytes, 2, bytes.length - 3);
    }

    static String write(String type, Object value) {
        return new String(PgTypes.named(type).encode(value), StandardCharsets.UTF_8);
    }

    private static void both(String type, String text, Object value) {
        assertThat(read(type, text)).isEqualTo(value).hasSameClassAs(value);
        assertThat(write(type, value)).isEqualTo(text);
    }

    @Test
    @Tag("E46")
    void everyTypeOfTheTableBecomesItsJavaType() {
        both("int2", "-32768", -32768);
        both("int4", "2147483647", 2147483647);
        both("int8", "42", 42L);
        both("oid", "4294967295", 4294967295L);
        both("float4", "1.5", 1.5f);
        both("float8", "0.1", 0.1);
        both("numeric", "1.10", new BigDecimal("1.10"));
        both("bool", "t", true);
        both("bool", "f", false);
        both("text", "as it is ", "as it is ");
        both("varchar", "", "");
        both("bpchar", "ab   ", "ab   ");
        both("char", "x", "x");
        both("name", "n", "n");
        both("citext", "C", "C");
        both("mood", "sad", "sad");
        both("inet", "192.168.0.1/24", "192.168.0.1/24");
        both("uuid", "3f333df6-90a4-4fda-8dd3-9485d27cee36", UUID.fromString("3f333df6-90a4-4fda-8dd3-9485d27cee36"));
        both("date", "2024-01-31", LocalDate.of(2024, 1, 31));
        both("timestamp", "2024-01-31 12:00:00.123456", LocalDateTime.of(2024, 1, 31, 12, 0, 0, 123_456_000));
        both("timestamp", "2024-01-31 12:00:00", LocalDateTime.of(2024, 1, 31, 12, 0));
        both(
                "timestamptz",
                "2024-01-31 12:00:00.5+00",
                OffsetDateTime.of(2024, 1, 31, 12, 0, 0, 500_000_000, ZoneOffset.UTC));
        both("time", "23:59:59.000001", LocalTime.of(23, 59, 59, 1_000));
        both("timetz", "12:00:00+00", OffsetTime.of(12, 0, 0, 0, ZoneOffset.UTC));
        both("timetz", "12:00:00-05:30", OffsetTime.of(12, 0, 0, 0, ZoneOffset.ofHoursMinutes(-5, -30)));
        both("timetz", "12:00:00+01:02:03", OffsetTime.of(12, 0, 0, 0, ZoneOffset.ofHoursMinutesSeconds(1, 2, 3)));
        both("interval", "P1Y2M3DT4H5M6.789S", new Interval(14, 3, 14_706_789_000L));
        assertThat((byte[]) read("bytea", "\\xdeadbeef00ff")).containsExactly(0xde, 0xad, 0xbe, 0xef, 0, 0xff);
        assertThat((byte[]) read("bytea", "\\x")).isEmpty();
        assertThat(write("bytea", new byte[] {0, (byte) 0xab})).isEqualTo("\\x00ab");
        assertThat(read("bool", "true")).isEqualTo(true);
        assertThat(read("bool", "false")).isEqualTo(false);
        assertThat(read("json", "null")).isEqualTo(JsonNull.INSTANCE);
        assertThat(read("jsonb", "{\"a\": 1}")).isEqualTo(Map.of("a", 1));
    }

    @Test
    @Tag("E47")
    void numbersAreExactToTheirExtremes() {
        both("int8", "9223372036854775807", Long.MAX_VALUE);
        both("int8", "-9223372036854775808", Long.MIN_VALUE);
        both("float8", "NaN", Double.NaN);
        both("float8", "Infinity", Double.POSITIVE_INFINITY);
        both("float8", "-Infinity", Double.NEGATIVE_INFINITY);
        both("float8", "1e-07", 1e-7);
        both("float8", "0.0001", 1e-4);
        both("float8", "1e+300", 1e300);
        both("float8", "1.7976931348623157e+308", Double.MAX_VALUE);
        both("float8", "5e-324", Double.MIN_VALUE);
        both("float8", "1e+15", 1e15);
        both("float8", "100000000000000", 1e14);
        both("float8", "123456789.12345679", 123456789.12345679);
        both("float8", "-0", -0.0);
        both("float8", "0", 0.0);
        both("float8", "2e-05", 2.0E-5);
        both("float4", "1e+06", 1e6f);
        both("float4", "100000", 1e5f);
        both("float4", "3.4028235e+38", Float.MAX_VALUE);
        both("float4", "1e-45", Float.MIN_VALUE);
        both("float4", "NaN", Float.NaN);
        both("float4", "Infinity", Float.POSITIVE_INFINITY);
        both("float4", "-Infinity", Float.NEGATIVE_INFINITY);
        both("float4", "-0", -0.0f);
        both("numeric", "12345678901234567890.123456789", new BigDecimal("12345678901234567890.123456789"));
        both("numeric", "NaN", SpecialDecimal.NAN);
        both("numeric", "Infinity", SpecialDecimal.POSITIVE_INFINITY);
        both("numeric", "-Infinity", SpecialDecimal.NEGATIVE_INFINITY);
        both("numeric", "100000000000000000000", new BigDecimal("100000000000000000000"));
    }

    @Test
    @Tag("E46")
    void whatJavaLacksHasTypesOfItsOwn() {
        both("date", "infinity", Infinity.POSITIVE);
        both("date", "-infinity", Infinity.NEGATIVE);
        both("timestamp", "infinity", Infinity.POSITIVE);
        both("timestamptz", "-infinity", Infinity.NEGATIVE);
        both("interval", "infinity", Infinity.POSITIVE);
        both("date", "4713-01-01 BC", LocalDate.of(-4712, 1, 1));
        both("date", "0001-01-01 BC", LocalDate.of(0, 1, 1));
        both("date", "0001-01-01", LocalDate.of(1, 1, 1));
        both("date", "294276-12-31", LocalDate.of(294276, 12, 31));
        both("timestamp", "0044-03-15 12:00:00 BC", LocalDateTime.of(-43, 3, 15, 12, 0));
        both("timestamptz", "0044-03-15 12:00:00+00 BC", OffsetDateTime.of(-43, 3, 15, 12, 0, 0, 0, ZoneOffset.UTC));
        assertThat(read("timestamptz", "2024-01-31 12:00:00-03:30"))
                .isEqualTo(OffsetDateTime.of(2024, 1, 31, 15, 30, 0, 0, ZoneOffset.UTC));
    }

    @ParameterizedTest
    @Tag("L10")
    @CsvSource({
        "int4, abc",
        "int4, 2147483648",
        "int8, 1.5",
        "int8, ''",
        "float8, 1f",
        "float8, 0x1p3",
        "float8, ' 1'",
        "float4, inf",
        "numeric, 1e5",
        "numeric, x",
        "numeric, ''",
        "bool, yes",
        "uuid, 1-1-1-1-1",
        "uuid, ''",
        "date, 2024-02-30",
        "date, 24-02-01",
        "date, 2024-02-01 AD",
        "timestamp, 2024-02-01",
        "time, 24:00:00",
        "timetz, 12:00:00",
        "interval, 5 days",
        "interval, P",
        "interval, PT",
        "interval, P1YT",
        "bytea, dead",
        "bytea, \\xd",
        "bytea, \\xzz",
        "json, {",
        "json, ''",
        "json, 1 2",
        "timestamptz, 2024-01-01 00:00:00",
        "interval, P99999999999Y",
        "interval, PT0.1234567S",
    })
    void whatIsNoValueIsAnErrorNamingTypeAndText(String type, String text) {
        assertThatThrownBy(() -> read(type, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected " + type + ", got '" + text + "'");
    }

    @Test
    @Tag("L10")
    void longTextsAreShortenedInErrors() {
        assertThatThrownBy(() -> read("int4", "x".repeat(60)))
                .hasMessage("expected int4, got '" + "x".repeat(60) + "'");
        assertThatThrownBy(() -> read("int4", "x".repeat(61)))
                .hasMessage("expected int4, got '" + "x".repeat(60) + "…'");
    }

    @Test
    void keysAreLookedUpByAnyFittingValue() {
        assertThat(write("int4", 42L))
                .isEqualTo("42")
                .isEqualTo(write("int8", 42))
                .isEqualTo(write("int2", (byte) 42));
        assertThat(write("int8", new BigInteger("42"))).isEqualTo("42");
        assertThat(write("int4", (short) 42)).isEqualTo("42");
        assertThat(write("uuid", "3F333DF6-90A4-4FDA-8DD3-9485D27CEE36"))
                .isEqualTo("3f333df6-90a4-4fda-8dd3-9485d27cee36");
        assertThat(write("numeric(12,3)", 42)).isEqualTo("42.000");
        assertThat(write("numeric(12,3)", new BigDecimal("1.50"))).isEqualTo("1.500");
        assertThat(write("numeric(12,0)", new BigDecimal("1E+3"))).isEqualTo("1000");
        assertThat(write("numeric(5,-2)", 1200)).isEqualTo("1200");
        assertThat(write("numeric", 42L)).isEqualTo("42");
        assertThat(write("float8", 2)).isEqualTo("2");
        assertThat(write("float4", 2)).isEqualTo("2");
        assertThat(write("float8", 1.5f)).isEqualTo("1.5");
        assertThat(write("text", new StringBuilder("x"))).isEqualTo("x");
        Instant instant = Instant.parse("2024-01-31T12:00:00Z");
        assertThat(write("timestamptz", instant))
                .isEqualTo("2024-01-31 12:00:00+00")
                .isEqualTo(write("timestamptz", instant.atZone(ZoneOffset.ofHours(3))))
                .isEqualTo(write("timestamptz", instant.atOffset(ZoneOffset.ofHours(-3))));
    }

    @ParameterizedTest
    @CsvSource({
        "int4, expected an integer",
        "int8, expected an integer",
        "text, expected String",
        "bool, expected Boolean",
        "uuid, expected UUID",
        "date, expected LocalDate",
        "timestamp, expected LocalDateTime",
        "numeric, expected a BigDecimal or an integer",
        "timestamptz, 'expected OffsetDateTime, ZonedDateTime or Instant'",
        "time, expected LocalTime",
        "timetz, expected OffsetTime",
        "interval, expected Interval",
        "bytea, expected byte[]",
        "float8, expected an integer",
        "float4, expected an integer",
        "int4[], expected List",
        "json, 'expected Map, List, String, Boolean, an integer, BigDecimal or JsonNull'",
    })
    void keysOfTheWrongTypeAreRefused(String type, String message) {
        assertThatThrownBy(() -> write(type, new Thread()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message + ", got Thread");
    }

    @Test
    void keysOutOfRangeAreRefused() {
        assertThatThrownBy(() -> write("int2", 32768))
                .hasMessage("expected an integer from -32768 to 32767, got 32768");
        assertThatThrownBy(() -> write("int2", -32769)).hasMessageContaining("got -32769");
        assertThat(write("int2", 32767)).isEqualTo("32767");
        assertThatThrownBy(() -> write("int4", 2147483648L)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> write("int8", BigInteger.ONE.shiftLeft(63)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> write("numeric(5,2)", new BigDecimal("1.234")))
                .hasMessage("expected at most 2 digits after the point, got 1.234");
        assertThatThrownBy(() -> write("int4", "42")).hasMessage("expected an integer, got String");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "int4",
                "numeric",
                "numeric(10,2)",
                "numeric(3,-2)",
                "text[]",
                "int8[][]",
                "numeric(10,2)[]",
                "box[]",
                "mood",
                "My Enum",
                "\"odd (name)\"",
                "\"a\"\"b[]\"[]",
                "timestamptz"
            })
    void namesComeBack(String name) {
        ColumnType type = new ElectricTransport().columnType(name);

        assertThat(type.name()).isEqualTo(name);
        assertThat(type).hasToString(name);
        assertThat(PgTypes.named(type.name()).javaType()).isEqualTo(type.javaType());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a(b", "a[", "\"a", "numeric(1)", "a]b", "()"})
    void malformedNamesAreRefused(String name) {
        assertThatThrownBy(() -> PgTypes.named(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no column type '" + name + "'");
    }

    @Test
    void theServersDescriptionNamesTheType() {
        assertThat(described("numeric", 0, Map.of("precision", "12", "scale", "3")))
                .hasToString("numeric(12,3)");
        assertThat(described("numeric", 0, Map.of("precision", "12"))).hasToString("numeric(12,0)");
        assertThat(described("numeric", 2, Map.of())).hasToString("numeric[][]");
        assertThat(described("varchar", 0, Map.of("max_length", "40"))).hasToString("varchar");
        assertThat(described("time", 0, Map.of("precision", "3"))).hasToString("time");
        assertThat(described("a (b)", 1, Map.of())).hasToString("\"a (b)\"[]");
        assertThat(described("int4", 1, Map.of()).javaType()).isEqualTo(List.class);
        assertThat(described("box", 1, Map.of()).javaType()).isEqualTo(String.class);
        assertThat(described("int4", 0, Map.of()).javaType()).isEqualTo(Integer.class);
    }

    private static ColumnType described(String type, int dimensions, Map<String, String> modifiers) {
        return PgTypes.of(new ColumnInfo("c", type, dimensions, false, -1, modifiers), Map.of());
    }

    @Test
    @Tag("E50")
    void onesOwnTypesReadElementsToo() {
        Map<String, Function<ColumnInfo, ColumnType>> own = Map.of("money", info -> PgTypes.text("own money"));

        assertThat(PgTypes.of(new ColumnInfo("c", "money", 0, false, -1, Map.of()), own))
                .hasToString("own money");
        assertThat(PgTypes.of(new ColumnInfo("c", "money", 1, false, -1, Map.of()), own))
                .hasToString("own money[]");
        assertThat(PgTypes.of(new ColumnInfo("c", "text", 0, false, -1, Map.of()), own))
                .hasToString("text");
    }

    @Test
    void onlyScalarBoolsAreTruthValues() {
        assertThat(PgTypes.isBoolean(new ColumnInfo("c", "bool", 0, false, -1, Map.of())))
                .isTrue();
        assertThat(PgTypes.isBoolean(new ColumnInfo("c", "bool", 1, false, -1, Map.of())))
                .isFalse();
        assertThat(PgTypes.isBoolean(new ColumnInfo("c", "text", 0, false, -1, Map.of())))
                .isFalse();
    }

    @Test
    @Tag("L10")
    void aNumberThatIsWrittenInFullCanBeReadAgain() {
        for (String longest : List.of("31e149998", "-31e149998", "1e-149999", "31e-149999")) {
            BigDecimal number = new BigDecimal(longest);
            assertThat((BigDecimal) read("numeric", write("numeric", number)))
                    .as(longest)
                    .isEqualByComparingTo(number);
        }
        for (String longer : List.of("31e149999", "1e150000", "1e-150000", "1e999999999", "1e-999999999")) {
            assertThatThrownBy(() -> write("numeric", new BigDecimal(longer)))
                    .as(longer)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a number of more than 150000 digits");
        }
    }

    @Test
    @Tag("L10")
    void aShortNumberOfADocumentIsWrittenShort() {
        assertThat(write("jsonb", new BigDecimal("8e5"))).isEqualTo("800000");
        assertThat(write("jsonb", new BigDecimal("-8.50e-5"))).isEqualTo("-0.0000850");
        for (String text : List.of("8E+100005", "8.25E-100005", "1E+999999999", "-1E-999999999")) {
            assertThat(write("json", read("json", text))).isEqualTo(text);
        }
    }

    @Test
    @Tag("E48")
    void arraysOfEveryShape() {
        assertThat(read("int4[]", "{}")).isEqualTo(List.of());
        assertThat(read("int4[]", "{1,NULL,-3}")).isEqualTo(Arrays.asList(1, null, -3));
        assertThat(read("int4[][]", "{{1,2},{NULL,4}}")).isEqualTo(List.of(List.of(1, 2), Arrays.asList(null, 4)));
        assertThat(read("int4[]", "{{{1}},{{2}}}"))
                .as("declared otherwise")
                .isEqualTo(List.of(List.of(List.of(1)), List.of(List.of(2))));
        assertThat(read("text[]", "{\"NULL\",NULL,null,\"\"}")).isEqualTo(Arrays.asList("NULL", null, "null", ""));
        assertThat(read("text[]", "{\"a\\\"b\",\"c\\\\d\",\"{x,y}\", plain text , \"q\" }"))
                .isEqualTo(List.of("a\"b", "c\\d", "{x,y}", "plain text", "q"));
        assertThat(read("text[]", "{a\\,b}")).isEqualTo(List.of("a,b"));
        assertThat(read("text[]", "{a\\ ,\u2003, \u00a0b\u001d }"))
                .as("the server quotes none of the wider blanks")
                .isEqualTo(List.of("a ", "\u2003", "\u00a0b\u001d"));
        assertThat(read("int4[]", "[0:1]={7,8}")).isEqualTo(List.of(7, 8));
        assertThat(read("int4[][]", "[-1:0][2:3]={{1,2},{3,4}}")).isEqualTo(List.of(List.of(1, 2), List.of(3, 4)));
        assertThat(read("bool[]", "{t,f,NULL}")).isEqualTo(Arrays.asList(true, false, null));
        assertThat(read("jsonb[]", "{\"{\\\"a\\\": [1, null]}\",\"null\"}"))
                .isEqualTo(List.of(Map.of("a", List.of(1, JsonNull.INSTANCE)), JsonNull.INSTANCE));
        assertThat(read("int8[]", "{9223372036854775807}")).isEqualTo(List.of(Long.MAX_VALUE));
        assertThat(read("float8[]", "{1.5,NaN,-Infinity}"))
                .isEqualTo(List.of(1.5, Double.NaN, Double.NEGATIVE_INFINITY));
        assertThat(read("mood[]", "{sad,\"very happy\"}")).isEqualTo(List.of("sad", "very happy"));
        assertThat(read("pair[]", "{\"(1,\\\"a b\\\")\"}")).isEqualTo(List.of("(1,\"a b\")"));
        assertThat(read("box[]", "{(1,1),(0,0);(2,2),(1,1)}")).isEqualTo("{(1,1),(0,0);(2,2),(1,1)}");
        assertThat(read("timestamptz[]", "{\"2024-01-31 12:00:00+00\"}"))
                .isEqualTo(List.of(OffsetDateTime.of(2024, 1, 31, 12, 0, 0, 0, ZoneOffset.UTC)));
    }

    @ParameterizedTest
    @Tag("E48")
    @ValueSource(
            strings = {
                "",
                "{",
                "}",
                "{1",
                "{1,",
                "{1,}",
                "{,1}",
                "{1}x",
                "{\"a}",
                "{{1}",
                "[0:1]",
                "[x]={1}",
                "1,2",
                "{1{2}}",
                "{1\"2\"}",
                "{\"1\"2}",
                "{a\\"
            })
    void malformedArraysAreErrors(String text) {
        assertThatThrownBy(() -> read("text[]", text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Tag("E48")
    @Tag("L10")
    void nestingHasAnEnd() {
        assertThat(read("int4[]", "{".repeat(16) + "1" + "}".repeat(16))).isInstanceOf(List.class);
        assertThatThrownBy(() -> read("int4[]", "{".repeat(17) + "1" + "}".repeat(17)))
                .hasMessage("expected an array with at most 16 dimensions at character 17");
        assertThatThrownBy(() -> read("int4[]", "{x}")).hasMessage("expected int4, got 'x'");
    }

    @Test
    @Tag("E48")
    void arraysAreWrittenAsTheServerDoes() {
        assertThat(write(
                        "text[]",
                        Arrays.asList("a", "NULL", null, "", "a b", "c\"d", "e\\f", "{", "}", "g,h", "null", "ü")))
                .isEqualTo("{a,\"NULL\",NULL,\"\",\"a b\",\"c\\\"d\",\"e\\\\f\",\"{\",\"}\",\"g,h\",\"null\",ü}");
        assertThat(write("int4[][]", List.of(List.of(1, 2), Arrays.asList(3, null))))
                .isEqualTo("{{1,2},{3,NULL}}");
        assertThat(write("jsonb[]", List.of(Map.of("a", 1), List.of(1, 2))))
                .isEqualTo("{\"{\\\"a\\\": 1}\",\"[1, 2]\"}");
        assertThat(write("text[]", List.of())).isEqualTo("{}");
        assertThat(PgTypes.named("int4[]").javaType()).isEqualTo(List.class);
    }

    @Provide
    Arbitrary<List<Object>> texts() {
        Arbitrary<Object> leaf = Arbitraries.strings()
                .withChars("aN UL\"\\{},\tü日\u001d\u2003")
                .ofMaxLength(6)
                .map(text -> (Object) text);
        Arbitrary<Object> item = Arbitraries.frequencyOf(
                Tuple.of(4, leaf), Tuple.of(1, leaf.list().ofMaxSize(3).map(list -> (Object) list)));
        return item.injectNull(0.2).list().ofMaxSize(5);
    }

    @Property(tries = 500)
    @net.jqwik.api.Tag("E48")
    void anyArrayComesBack(@ForAll("texts") List<Object> list) {
        assertThat(read("text[]", write("text[]", list))).isEqualTo(list);
    }

    @Property(tries = 500)
    @net.jqwik.api.Tag("E47")
    void anyNumberComesBack(
            @ForAll double number, @ForAll float single, @ForAll long whole, @ForAll BigDecimal decimal) {
        assertThat(read("float8", write("float8", number))).isEqualTo(number);
        assertThat(read("float4", write("float4", single))).isEqualTo(single);
        assertThat(read("int8", write("int8", whole))).isEqualTo(whole);
        assertThat((BigDecimal) read("numeric", write("numeric", decimal))).isEqualByComparingTo(decimal);
    }

    @Property(tries = 500)
    @net.jqwik.api.Tag("E46")
    void anyIntervalComesBack(@ForAll int months, @ForAll int days, @ForAll long micros) {
        Interval interval = new Interval(months, days, micros);
        assertThat(read("interval", write("interval", interval))).isEqualTo(interval);
    }

    @Test
    @Tag("E46")
    void intervals() {
        assertThat(Interval.parse("P-1Y-2M3DT-4H-5M-6.5S")).isEqualTo(new Interval(-14, 3, -14_706_500_000L));
        assertThat(Interval.parse("P2W1D")).isEqualTo(new Interval(0, 15, 0));
        assertThat(new Interval(0, 0, 0)).hasToString("PT0S");
        assertThat(new Interval(-14, 3, -14_706_500_000L)).hasToString("P-1Y-2M3DT-4H-5M-6.5S");
        assertThat(new Interval(0, 1, 0)).hasToString("P1D");
        assertThat(new Interval(0, 0, 10_000_000)).hasToString("PT10S");
        assertThat(new Interval(0, 0, -1)).hasToString("PT-0.000001S");
        assertThat(new Interval(14, 3, 1_500_000).period()).isEqualTo(Period.of(1, 2, 3));
        assertThat(new Interval(14, 3, 1_500_000).duration()).isEqualTo(Duration.ofMillis(1500));
        assertThatThrownBy(() -> Interval.parse("P1X"))
                .hasMessage("expected an interval such as P1Y2M3DT4H5M6S, got 'P1X'");
        assertThatThrownBy(() -> Interval.parse("P999999999Y")).hasMessage("an interval out of range: 'P999999999Y'");
    }

    @Test
    @Tag("E46")
    void documentsArePlainJava() {
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("i", 1);
        expected.put("l", 12345678901L);
        expected.put("b", new BigInteger("12345678901234567890"));
        expected.put("d", new BigDecimal("2.50"));
        expected.put("n", JsonNull.INSTANCE);
        expected.put("t", true);
        expected.put("f", false);
        expected.put("s", "x\"\\\n");
        expected.put("a", List.of(List.of(), Map.of()));
        String text = "{\"i\": 1, \"l\": 12345678901, \"b\": 12345678901234567890, \"d\": 2.50, \"n\": null,"
                + " \"t\": true, \"f\": false, \"s\": \"x\\\"\\\\\\n\", \"a\": [[], {}]}";

        assertThat(JsonText.read(text)).isEqualTo(expected);
        assertThat(JsonText.write(expected)).isEqualTo(text);
        assertThat(JsonText.read("\"str\"")).isEqualTo("str");
        assertThat(JsonText.write(JsonNull.INSTANCE)).isEqualTo("null");
        assertThat(JsonNull.INSTANCE).hasToString("null");
        assertThat(JsonText.write(new BigDecimal("1E+2"))).isEqualTo("100");
        assertThatThrownBy(() -> JsonText.read("[".repeat(2000))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ((Map<?, ?>) JsonText.read("{\"a\":1}")).clear())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((List<?>) JsonText.read("[1]")).clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
