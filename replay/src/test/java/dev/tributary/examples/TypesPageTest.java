package dev.tributary.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ColumnType;
import dev.tributary.Infinity;
import dev.tributary.Interval;
import dev.tributary.JsonNull;
import dev.tributary.MappingException;
import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.SpecialDecimal;
import dev.tributary.SyncSource;
import dev.tributary.electric.Electric;
import dev.tributary.electric.ElectricTransport;
import dev.tributary.testkit.MemoryType;
import dev.tributary.testkit.electric.Column;
import dev.tributary.testkit.electric.ElectricServer;
import dev.tributary.testkit.electric.TableSpec;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/types.md} are made of what is checked here; {@code -Dtributary.write=true} writes them. */
class TypesPageTest {

    /**
     * A value as the server sends it and as Java sees it.
     *
     * @param type as in the schema that the server sends, with {@code []} for each dimension
     */
    private record Sample(String type, String text, Object value) {

        ColumnType columnType() {
            return new ElectricTransport().columnType(type);
        }

        String base() {
            return type.replaceAll("(\\(.*\\))?(\\[])*$", "");
        }

        int dimensions() {
            return (int) type.chars().filter(c -> c == '[').count();
        }

        Column column(String name) {
            Column column = Column.of(name, base()).array(dimensions());
            return type.startsWith("numeric(") ? column.with("precision", 10).with("scale", 2) : column;
        }
    }

    private static Sample sample(String type, String text, Object value) {
        return new Sample(type, text, value);
    }

    private static Map<String, Object> json(String key, Object value) {
        return Map.of(key, value);
    }

    private static final List<Sample> SAMPLES = List.of(
            sample("bool", "t", true),
            sample("bool", "false", false),
            sample("int2", "-32768", -32768),
            sample("int4", "2147483647", Integer.MAX_VALUE),
            sample("int8", "-9223372036854775808", Long.MIN_VALUE),
            sample("int8", "9223372036854775807", Long.MAX_VALUE),
            sample("oid", "4294967295", 4294967295L),
            sample("float4", "0.1", 0.1f),
            sample("float4", "NaN", Float.NaN),
            sample("float8", "1e-07", 1e-7),
            sample("float8", "-0", -0.0),
            sample("float8", "-Infinity", Double.NEGATIVE_INFINITY),
            sample("numeric", "1.50", new BigDecimal("1.50")),
            sample("numeric(10,2)", "12345678.90", new BigDecimal("12345678.90")),
            sample("numeric", "NaN", SpecialDecimal.NAN),
            sample("numeric", "Infinity", SpecialDecimal.POSITIVE_INFINITY),
            sample("numeric", "-Infinity", SpecialDecimal.NEGATIVE_INFINITY),
            sample("text", "tea", "tea"),
            sample("varchar", "", ""),
            sample("bpchar", "tea  ", "tea  "),
            sample("citext", "Tea", "Tea"),
            sample(
                    "uuid",
                    "123e4567-e89b-12d3-a456-426614174000",
                    UUID.fromString("123e4567-e89b-12d3-a456-426614174000")),
            sample("bytea", "\\xdeadbeef", new byte[] {(byte) 0xde, (byte) 0xad, (byte) 0xbe, (byte) 0xef}),
            sample("bytea", "\\x", new byte[0]),
            sample("date", "2024-02-29", LocalDate.of(2024, 2, 29)),
            sample("date", "0044-03-15 BC", LocalDate.of(-43, 3, 15)),
            sample("date", "infinity", Infinity.POSITIVE),
            sample("date", "-infinity", Infinity.NEGATIVE),
            sample("timestamp", "2024-01-31 12:00:00.123456", LocalDateTime.of(2024, 1, 31, 12, 0, 0, 123_456_000)),
            sample("timestamp", "infinity", Infinity.POSITIVE),
            sample("timestamptz", "2024-01-31 12:00:00.5+00", OffsetDateTime.parse("2024-01-31T12:00:00.5Z")),
            sample("timestamptz", "-infinity", Infinity.NEGATIVE),
            sample("time", "23:59:59.999999", LocalTime.of(23, 59, 59, 999_999_000)),
            sample("timetz", "12:00:00-05:30", OffsetTime.parse("12:00-05:30")),
            sample("interval", "P1Y2M3DT4H5M6.789S", new Interval(14, 3, 14_706_789_000L)),
            sample("interval", "P1M-1DT-0.5S", new Interval(1, -1, -500_000)),
            sample("interval", "infinity", Infinity.POSITIVE),
            sample("jsonb", "{\"a\": null}", json("a", JsonNull.INSTANCE)),
            sample("jsonb", "[1, \"x\", true]", List.of(1, "x", true)),
            sample("jsonb", "null", JsonNull.INSTANCE),
            sample("jsonb", "\"x\"", "x"),
            sample("jsonb", "2147483648", 2147483648L),
            sample("jsonb", "9223372036854775808", new BigInteger("9223372036854775808")),
            sample("jsonb", "0.10", new BigDecimal("0.10")),
            sample("json", "{\"n\": 1}", json("n", 1)),
            sample("mood", "happy", "happy"),
            sample("us_postal_code", "90210", "90210"),
            sample("complex", "(1.1,\"a b\")", "(1.1,\"a b\")"),
            sample("int4range", "[1,10)", "[1,10)"),
            sample("inet", "10.0.0.1/8", "10.0.0.1/8"),
            sample("money", "$1,000.00", "$1,000.00"),
            sample("bit", "101", "101"),
            sample("point", "(1.1,2.2)", "(1.1,2.2)"),
            sample("int4[]", "{}", List.of()),
            sample("int4[]", "{1,NULL,3}", Arrays.asList(1, null, 3)),
            sample("int8[][]", "{{1,2},{3,4}}", List.of(List.of(1L, 2L), List.of(3L, 4L))),
            sample("int4[]", "[0:1]={7,8}", List.of(7, 8)),
            sample(
                    "text[]",
                    "{tea,\"NULL\",NULL,\"\",\"a, \\\"b\\\"\"}",
                    Arrays.asList("tea", "NULL", null, "", "a, \"b\"")),
            sample("bool[]", "{t,f}", List.of(true, false)),
            sample("jsonb[]", "{\"{\\\"a\\\": 1}\",\"null\"}", List.of(json("a", 1), JsonNull.INSTANCE)),
            sample(
                    "timestamptz[]",
                    "{\"2024-01-31 12:00:00+00\",infinity}",
                    List.of(OffsetDateTime.parse("2024-01-31T12:00:00Z"), Infinity.POSITIVE)),
            sample("mood[]", "{happy,sad}", List.of("happy", "sad")),
            sample("complex[]", "{\"(1.1,\\\"a b\\\")\"}", List.of("(1.1,\"a b\")")),
            sample("us_postal_code[]", "{90210}", List.of("90210")),
            sample("box[]", "{(1,1),(0,0);(2,2),(1,1)}", "{(1,1),(0,0);(2,2),(1,1)}"));

    /** What a key is looked up with. */
    private record Lookup(String type, String text, List<Object> values) {}

    private static final List<Lookup> LOOKUPS = List.of(
            new Lookup("int2", "42", List.of((byte) 42, (short) 42, 42, 42L, BigInteger.valueOf(42))),
            new Lookup("int4", "42", List.of((byte) 42, (short) 42, 42, 42L, BigInteger.valueOf(42))),
            new Lookup("int8", "42", List.of((byte) 42, (short) 42, 42, 42L, BigInteger.valueOf(42))),
            new Lookup(
                    "numeric(10,2)",
                    "42.00",
                    List.of(new BigDecimal("42.00"), new BigDecimal("42"), 42, 42L, BigInteger.valueOf(42))),
            new Lookup("numeric", "42.5", List.of(new BigDecimal("42.5"))),
            new Lookup("float4", "1.5", List.of(1.5f)),
            new Lookup("float8", "1.5", List.of(1.5, 1.5f)),
            new Lookup("bool", "t", List.of(true)),
            new Lookup("text", "tea", List.of("tea", new StringBuilder("tea"))),
            new Lookup(
                    "uuid",
                    "123e4567-e89b-12d3-a456-426614174000",
                    List.of(
                            UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
                            "123E4567-E89B-12D3-A456-426614174000")),
            new Lookup("bytea", "\\xde", List.of(new byte[] {(byte) 0xde})),
            new Lookup("date", "2024-02-29", List.of(LocalDate.of(2024, 2, 29))),
            new Lookup("timestamp", "2024-01-31 12:00:00", List.of(LocalDateTime.of(2024, 1, 31, 12, 0))),
            new Lookup(
                    "timestamptz",
                    "2024-01-31 12:00:00+00",
                    List.of(
                            OffsetDateTime.parse("2024-01-31T13:00+01:00"),
                            Instant.parse("2024-01-31T12:00:00Z").atZone(ZoneId.of("Europe/Berlin")),
                            Instant.parse("2024-01-31T12:00:00Z"))),
            new Lookup("time", "12:00:00", List.of(LocalTime.NOON)),
            new Lookup("timetz", "12:00:00-05", List.of(OffsetTime.parse("12:00-05:00"))),
            new Lookup("interval", "P1D", List.of(new Interval(0, 1, 0))),
            new Lookup("jsonb", "{\"a\": 1}", List.of(Map.of("a", 1))),
            new Lookup("int4[]", "{1,NULL}", List.of(Arrays.asList(1, null))));

    /** What a column of the in-memory backend holds, and what becomes of some values. */
    private record Plain(MemoryType type, Object given, Object value) {}

    private static final List<Plain> PLAIN = List.of(
            new Plain(MemoryType.BOOL, true, true),
            new Plain(MemoryType.INT, (short) 42, 42),
            new Plain(MemoryType.LONG, 42, 42L),
            new Plain(MemoryType.DECIMAL, new BigDecimal("1.50"), new BigDecimal("1.5")),
            new Plain(MemoryType.DECIMAL, 42L, new BigDecimal("42")),
            new Plain(MemoryType.DOUBLE, -0.0, 0.0),
            new Plain(MemoryType.DOUBLE, Double.NaN, Double.NaN),
            new Plain(MemoryType.STRING, "tea", "tea"),
            new Plain(MemoryType.BYTES, new byte[] {(byte) 0xde}, new byte[] {(byte) 0xde}),
            new Plain(
                    MemoryType.UUID,
                    UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
                    UUID.fromString("123e4567-e89b-12d3-a456-426614174000")),
            new Plain(
                    MemoryType.INSTANT, Instant.parse("2024-01-31T12:00:00Z"), Instant.parse("2024-01-31T12:00:00Z")));

    private static String plainTable() {
        StringBuilder table = new StringBuilder("| column | given | Java | value |\n|---|---|---|---|\n");
        for (Plain plain : PLAIN) {
            table.append("| `%s` | `%s` %s | `%s` | %s |\n"
                    .formatted(
                            plain.type(),
                            javaClass(plain.given()),
                            code(shown(plain.given())),
                            javaClass(plain.value()),
                            code(shown(plain.value()))));
        }
        return table.toString();
    }

    @Test
    void everyMemoryRowOfThePageIsTrue() {
        for (Plain plain : PLAIN) {
            byte[] packed = plain.type().encode(plain.given());
            Object value = plain.type().decode(packed, 0, packed.length);
            assertThat(value).as(plain.toString()).isEqualTo(plain.value());
            assertThat(value).isInstanceOf(plain.type().javaType());
        }
        assertThat(PLAIN.stream().map(Plain::type)).contains(MemoryType.values());
    }

    // ---- the page ----

    static String javaClass(Object value) {
        return value instanceof List
                ? "List"
                : value instanceof Map ? "Map" : value.getClass().getSimpleName();
    }

    static String shown(Object value) {
        if (value instanceof byte[] bytes) {
            return "0x" + HexFormat.of().formatHex(bytes);
        }
        if (value instanceof Enum<?> constant) {
            return javaClass(value) + "." + constant.name();
        }
        if (value instanceof String text) {
            return "\"" + text + "\"";
        }
        if (value instanceof List<?> list) {
            return list.stream().map(TypesPageTest::shown).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + shown(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return String.valueOf(value);
    }

    static String code(String text) {
        return text.isEmpty() ? "(nothing)" : "`" + text.replace("|", "\\|") + "`";
    }

    private static String samplesTable() {
        StringBuilder table = new StringBuilder("| Postgres | as sent | Java | value |\n|---|---|---|---|\n");
        for (Sample sample : SAMPLES) {
            table.append("| `%s` | %s | `%s` | %s |\n"
                    .formatted(
                            sample.type(),
                            code(sample.text()),
                            javaClass(sample.value()),
                            code(shown(sample.value()))));
        }
        return table.toString();
    }

    private static String lookupsTable() {
        StringBuilder table = new StringBuilder("| Postgres | looked up with |\n|---|---|\n");
        for (Lookup lookup : LOOKUPS) {
            table.append("| `%s` | %s |\n"
                    .formatted(
                            lookup.type(),
                            lookup.values().stream()
                                    .map(value ->
                                            "`" + (value instanceof StringBuilder ? "CharSequence" : javaClass(value))
                                                    + "`")
                                    .distinct()
                                    .collect(Collectors.joining(", "))));
        }
        return table.toString();
    }

    @Test
    void thePageShowsTheTablesThatAreCheckedHere() throws IOException {
        PageTables.assertShown(Map.of(
                "electric-values", samplesTable(), "electric-keys", lookupsTable(), "memory-values", plainTable()));
    }

    // ---- Electric ----

    @Test
    @Tag("E47")
    @Tag("E48")
    void everyElectricRowOfThePageIsTrue() {
        for (Sample sample : SAMPLES) {
            ColumnType type = sample.columnType();
            byte[] bytes = sample.text().getBytes(StandardCharsets.UTF_8);
            Object value = type.decode(bytes, 0, bytes.length);
            assertSame(sample, value);
            assertThat(type.name()).isEqualTo(sample.type());
            assertThat(type.javaType().isInstance(value)
                            || value instanceof Infinity
                            || value instanceof SpecialDecimal)
                    .as("%s is declared as %s", sample, type.javaType())
                    .isTrue();
        }
    }

    private static void assertSame(Sample sample, Object value) {
        assertThat(value).as(sample.toString()).isEqualTo(sample.value());
        assertThat(javaClass(value)).as(sample.toString()).isEqualTo(javaClass(sample.value()));
    }

    @Test
    void everyValueIsWrittenBackAsTheServerSendsIt() {
        for (Sample sample : SAMPLES) {
            String canonical =
                    sample.text().equals("false") ? "f" : sample.text().replace("[0:1]=", "");
            String written = new String(sample.columnType().encode(sample.value()), StandardCharsets.UTF_8);
            assertThat(written).as(sample.toString()).isEqualTo(canonical);
        }
    }

    @Test
    void keysAreLookedUpWithEveryClassOfThePage() {
        for (Lookup lookup : LOOKUPS) {
            ColumnType type = new ElectricTransport().columnType(lookup.type());
            for (Object value : lookup.values()) {
                assertThat(new String(type.encode(value), StandardCharsets.UTF_8))
                        .as("%s looked up with %s %s", lookup.type(), value.getClass(), value)
                        .isEqualTo(lookup.text());
            }
        }
    }

    /** Column types as the schema of the server has them, one column for each sample. */
    private static TableSpec table() {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.of("id", "int8").primaryKey(0));
        for (int i = 0; i < SAMPLES.size(); i++) {
            columns.add(SAMPLES.get(i).column("c" + i));
        }
        return TableSpec.of("samples", columns.toArray(new Column[0]));
    }

    private static Map<String, String> row(long id) {
        Map<String, String> row = new HashMap<>();
        row.put("id", Long.toString(id));
        for (int i = 0; i < SAMPLES.size(); i++) {
            row.put("c" + i, SAMPLES.get(i).text());
        }
        return row;
    }

    private static void assertRow(Row row) {
        for (int i = 0; i < SAMPLES.size(); i++) {
            assertSame(SAMPLES.get(i), row.get("c" + i));
        }
    }

    @Test
    void theSameComesBySnapshotAndByStream() throws Exception {
        try (ElectricServer server = ElectricServer.start();
                SyncSource source = SyncSource.open(server.uri().toString());
                MaterializedView<Row> samples = source.materialize("samples")) {
            server.with(model -> model.createTable(table()));
            server.commit(tx -> tx.insert("samples", row(1)));
            samples.awaitUpToDate(Shop.PATIENCE);
            assertRow(samples.get(1));
            server.commit(tx -> tx.insert("samples", row(2)));
            Shop.awaitView(samples, view -> view.get(2) != null);
            assertRow(samples.get(2));

            Map<String, String> nulls = new HashMap<>();
            row(1).forEach((name, value) -> nulls.put(name, name.equals("id") ? value : null));
            server.commit(tx -> tx.update("samples", nulls));
            Shop.awaitView(samples, view -> view.get(1).isNull("c0"));
            Row empty = samples.get(1);
            for (int i = 0; i < SAMPLES.size(); i++) {
                assertThat(empty.get("c" + i))
                        .as("null of %s", SAMPLES.get(i).type())
                        .isNull();
            }
        }
    }

    @Test
    void twoSpellingsOfATruthValueAreOneValue() throws Exception {
        try (ElectricServer server = ElectricServer.start();
                SyncSource source = SyncSource.open(server.uri().toString());
                MaterializedView<Row> flags = source.materialize("flags")) {
            server.with(model -> model.createTable(
                    TableSpec.of("flags", Column.of("flag", "bool").primaryKey(0), Column.of("n", "int4"))));
            server.commit(tx -> tx.insert("flags", Map.of("flag", "true", "n", "1")));
            flags.awaitUpToDate(Shop.PATIENCE); // a snapshot says true
            server.commit(tx -> tx.update("flags", Map.of("flag", "t", "n", "2"))); // the stream says t
            Shop.awaitView(flags, view -> view.get(true).getInteger("n") == 2);
            assertThat(flags.snapshot().size()).isEqualTo(1);
        }
    }

    @Test
    @Tag("E50")
    void aTypeOfMyOwnGoesFirst() throws Exception {
        try (ElectricServer server = ElectricServer.start()) {
            server.with(model -> model.createTable(TableSpec.of(
                    "people",
                    Column.of("id", "int8").primaryKey(0),
                    Column.of("born", "year").with("type_mod", 4),
                    Column.of("years", "year").array(1),
                    Column.of("home", "planet"))));
            server.commit(tx ->
                    tx.insert("people", Map.of("id", "1", "born", "1990", "years", "{1990,NULL}", "home", "earth")));
            // example types-own
            SyncSource source = Electric.source(server.uri())
                    .type("year", column -> new ElectricTransport().columnType("int4")) // a domain over int4
                    .open();
            // end
            try (source) {
                Row row = source.materialize("people")
                        .awaitUpToDate(Shop.PATIENCE)
                        .get(1);
                assertThat(row.get("born")).isEqualTo(1990);
                assertThat(row.get("years")).isEqualTo(Arrays.asList(1990, null));
                assertThat(row.get("home")).isEqualTo("earth");
            }
        }
    }

    @Test
    void whatIsNoneOfItsTypeSpoilsItsOwnReading() throws Exception {
        try (ElectricServer server = ElectricServer.start();
                SyncSource source = SyncSource.open(server.uri().toString());
                MaterializedView<Row> times = source.materialize("times")) {
            server.with(model -> model.createTable(
                    TableSpec.of("times", Column.of("id", "int8").primaryKey(0), Column.of("t", "time"))));
            server.commit(tx -> tx.insert("times", Map.of("id", "1", "t", "24:00:00")));
            Row row = times.awaitUpToDate(Shop.PATIENCE).get(1);
            assertThat(row.get("id")).isEqualTo(1L);
            assertThatThrownBy(() -> row.get("t"))
                    .isInstanceOf(MappingException.class)
                    .hasMessage("t: expected time, got '24:00:00' in row 1");
        }
    }

    // ---- rules ----

    @Test
    void numbersThatAreSpelledDifferentlyAreDifferentValues() {
        ColumnType numeric = new ElectricTransport().columnType("numeric");
        assertThat(numeric.encode(new BigDecimal("1.5"))).isNotEqualTo(numeric.encode(new BigDecimal("1.50")));
    }

    @Test
    void aKeyOfTheWrongShapeIsRefusedShowingTheRightOne() throws Exception {
        try (Shop shop = new Shop().insert(42, "tea", "3.20");
                SyncSource source = SyncSource.open(shop.address());
                MaterializedView<Row> items = source.materialize("items")) {
            items.awaitUpToDate(Shop.PATIENCE);
            assertThat(items.get(42)).isEqualTo(items.get(42L)).isEqualTo(items.get(BigInteger.valueOf(42)));
            assertThatThrownBy(() -> items.get(42.0)).hasMessageContaining("(id int8)");
            assertThatThrownBy(() -> items.get(42, "tea")).hasMessageContaining("(id int8)");
        }
    }
}
