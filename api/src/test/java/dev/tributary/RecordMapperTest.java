package dev.tributary;

import static dev.tributary.TestTypes.column;
import static dev.tributary.TestTypes.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.invoke.MethodHandles;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RecordMapperTest {

    public record Item(
            long id,
            String name,
            BigDecimal price,
            @Nullable String note) {}

    private static final RowSchema ITEMS = TestTypes.schema(
            column("note", TestTypes.TEXT),
            key("id", TestTypes.INT8, 0),
            column("price", TestTypes.DECIMAL),
            column("name", TestTypes.TEXT));

    @Test
    void readsByNameInAnyOrder() {
        assertThat(map(Item.class, ITEMS.row(null, 42L, new BigDecimal("3.20"), "tea")))
                .isEqualTo(new Item(42, "tea", new BigDecimal("3.20"), null));
    }

    record Hidden(long id) {}

    private record Secret(long id) {}

    record Nothing() {}

    @Test
    void recordsThatAreNotPublicAreReadOnTheClassPath() {
        Row row = TestTypes.schema(key("id", TestTypes.INT8, 0)).row(7);
        assertThat(map(Hidden.class, row)).isEqualTo(new Hidden(7));
        assertThat(map(Secret.class, row)).isEqualTo(new Secret(7));
        assertThat(Rows.mapper(Secret.class, MethodHandles.lookup()).map(row)).isEqualTo(new Secret(7));
        assertThat(map(Nothing.class, row, Rows.Policy.IGNORE_UNKNOWN)).isEqualTo(new Nothing());
    }

    @Test
    void onlyRecordsAreRead() {
        assertThatThrownBy(() -> Rows.mapper(String.class))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("java.lang.String is no record; give a record or a RowMapper");
    }

    record Names(String userId, String homeURL, String exact, String URLPath, String exactCase) {}

    @Test
    void camelCaseFindsSnakeCaseAndExactGoesFirst() {
        RowSchema schema = TestTypes.schema(
                column("exact", TestTypes.TEXT),
                column("user_id", TestTypes.TEXT),
                column("home_url", TestTypes.TEXT),
                column("url_path", TestTypes.TEXT),
                column("exact_case", TestTypes.TEXT),
                column("exactCase", TestTypes.TEXT));
        assertThat(map(Names.class, schema.row("e", "u", "h", "p", "no", "c"), Rows.Policy.IGNORE_UNKNOWN))
                .isEqualTo(new Names("u", "h", "e", "p", "c"));
    }

    record IdOnly(long id) {}

    @Test
    void columnsWithoutComponentAreRefusedUnlessIgnored() {
        Row row = ITEMS.row(null, 42, null, "tea");
        assertBindRefused(
                IdOnly.class,
                TestTypes.schema(key("id", TestTypes.INT8, 0), column("x", TestTypes.TEXT)),
                "record IdOnly has no component for column 'x'; ignore it with Policy.IGNORE_UNKNOWN");
        assertBindRefused(
                IdOnly.class,
                ITEMS,
                "record IdOnly has no component for columns 'note', 'price', 'name'; "
                        + "ignore them with Policy.IGNORE_UNKNOWN");
        assertThat(map(IdOnly.class, row, Rows.Policy.IGNORE_UNKNOWN)).isEqualTo(new IdOnly(42));
    }

    record TwoTexts(@Nullable String a, @Nullable String b) {}

    record TextAndCount(@Nullable String a, int count) {}

    @Test
    void componentsWithoutColumnAreRefusedUnlessTheyMayBeNull() {
        RowSchema schema = TestTypes.schema(key("a", TestTypes.TEXT, 0));
        assertBindRefused(
                TwoTexts.class,
                schema,
                "there is no column for component 'String b' of record TwoTexts; there are [a]; "
                        + "read it as null with Policy.NULL_FOR_MISSING");
        assertBindRefused(
                TextAndCount.class,
                schema,
                "there is no column for component 'int count' of record TextAndCount, and a primitive cannot be null; "
                        + "there are [a]",
                Rows.Policy.NULL_FOR_MISSING);
        assertThat(map(TwoTexts.class, schema.row("x"), Rows.Policy.NULL_FOR_MISSING))
                .isEqualTo(new TwoTexts("x", null));
    }

    record Box<T>(T v) {}

    @Test
    void nullGoesAnywhereButIntoAPrimitive() {
        RowSchema schema = TestTypes.schema(key("a", TestTypes.TEXT, 0), column("count", TestTypes.INT4));
        assertThatThrownBy(() -> map(TextAndCount.class, schema.row("x", null)))
                .isInstanceOf(MappingException.class)
                .hasMessage("count: null in row x, but component 'int count' of record TextAndCount is a primitive");
        assertThat(map(TextAndCount.class, schema.row(null, 3))).isEqualTo(new TextAndCount(null, 3));
    }

    @Test
    void partialRowIsNoRecord() {
        RowSchema schema = TestTypes.schema(key("a", TestTypes.TEXT, 0), column("b", TestTypes.TEXT));
        assertThatThrownBy(() -> map(TwoTexts.class, schema.key("x")))
                .isInstanceOf(MappingException.class)
                .hasMessage("b: not in the partial row x, and component 'String b' of record TwoTexts needs it; "
                        + "read it as null with Policy.NULL_FOR_MISSING");
        assertThat(map(TwoTexts.class, schema.key("x"), Rows.Policy.NULL_FOR_MISSING))
                .isEqualTo(new TwoTexts("x", null));
    }

    record Longs(long p, Long b, BigInteger i, BigDecimal d, Number n, Object o, Comparable<?> c) {}

    @Test
    void integersWidenWithoutLoss() {
        for (ColumnType type : List.of(TestTypes.INT4, TestTypes.INT8)) {
            long most = type == TestTypes.INT4 ? Integer.MAX_VALUE : Long.MAX_VALUE;
            Object plain = type == TestTypes.INT4 ? (Object) Integer.MAX_VALUE : (Object) most;
            RowSchema schema = TestTypes.schema(
                    key("p", type, 0),
                    column("b", type),
                    column("i", type),
                    column("d", type),
                    column("n", type),
                    column("o", type),
                    column("c", type));
            assertThat(map(Longs.class, schema.row(most, most, most, most, most, most, most)))
                    .isEqualTo(new Longs(
                            most,
                            most,
                            BigInteger.valueOf(most),
                            BigDecimal.valueOf(most),
                            (Number) plain,
                            plain,
                            (Comparable<?>) plain));
        }
    }

    record AsInt(int v) {}

    record AsLong(long v) {}

    record AsFloat(float v) {}

    record AsDouble(double v) {}

    record AsBoxedDouble(Double v) {}

    record AsBigInteger(BigInteger v) {}

    record AsDecimal(BigDecimal v) {}

    record AsText(String v) {}

    record AsBoolean(boolean v) {}

    record AsInstant(Instant v) {}

    record AsZoned(ZonedDateTime v) {}

    record AsList(List<String> v) {}

    record AsMap(Map<String, Object> v) {}

    record AsAnything(Object v) {}

    record AsPhase(Phase v) {}

    @Test
    void otherExactSteps() {
        assertThat(read(AsDouble.class, TestTypes.FLOAT4, "0.1")).isEqualTo(new AsDouble(0.1f));
        assertThat(read(AsBoxedDouble.class, TestTypes.FLOAT4, "0.1")).isEqualTo(new AsBoxedDouble((double) 0.1f));
        assertThat(read(AsFloat.class, TestTypes.FLOAT4, "0.1")).isEqualTo(new AsFloat(0.1f));
        assertThat(read(AsBoolean.class, TestTypes.BOOL, "true")).isEqualTo(new AsBoolean(true));
        BigInteger large = BigInteger.TWO.pow(200);
        assertThat(read(AsDecimal.class, TestTypes.INT16, large.toString()))
                .isEqualTo(new AsDecimal(new BigDecimal(large)));
        OffsetDateTime time = OffsetDateTime.parse("2026-03-01T12:00:00.123456+05:30");
        assertThat(read(AsInstant.class, TestTypes.TIME, time.toString())).isEqualTo(new AsInstant(time.toInstant()));
        assertThat(read(AsZoned.class, TestTypes.TIME, time.toString())).isEqualTo(new AsZoned(time.toZonedDateTime()));
        assertThat(read(AsList.class, TestTypes.LIST, "a,b")).isEqualTo(new AsList(List.of("a", "b")));
        assertThat(read(AsMap.class, TestTypes.OBJECT, "a")).isEqualTo(new AsMap(Map.of("value", "a")));
        assertThat(read(Box.class, TestTypes.TEXT, "a")).isEqualTo(new Box<>("a"));
    }

    @Test
    void stepsThatMayLoseAreRefusedBeforeAnyRow() {
        refusedType(AsInt.class, TestTypes.INT8, "int8", "int", "Long");
        refusedType(AsDouble.class, TestTypes.INT4, "int4", "double", "Integer");
        refusedType(AsDouble.class, TestTypes.INT8, "int8", "double", "Long");
        refusedType(AsDouble.class, TestTypes.DECIMAL, "numeric", "double", "BigDecimal");
        refusedType(AsLong.class, TestTypes.INT16, "int16", "long", "BigInteger");
        refusedType(AsLong.class, TestTypes.FLOAT4, "float4", "long", "Float");
        refusedType(AsDecimal.class, TestTypes.FLOAT4, "float4", "BigDecimal", "Float");
        refusedType(AsText.class, TestTypes.INT4, "int4", "String", "Integer");
        refusedType(AsInt.class, TestTypes.TEXT, "text", "int", "String");
        refusedType(AsPhase.class, TestTypes.INT4, "int4", "Phase", "Integer");
        refusedType(AsList.class, TestTypes.OBJECT, "object", "List", "Map");
    }

    @Test
    void enumIsReadByName() {
        assertThat(read(AsPhase.class, TestTypes.TEXT, "LIVE")).isEqualTo(new AsPhase(Phase.LIVE));
        assertThatThrownBy(() -> read(AsPhase.class, TestTypes.TEXT, "live"))
                .isInstanceOf(MappingException.class)
                .hasMessage("v: expected one of [LOADING, LIVE, STALE, FAILED, CLOSED], got String 'live' in row 1");
    }

    @Test
    void ofADocumentTheValueDecides() {
        assertThat(document(AsLong.class, 3)).isEqualTo(new AsLong(3));
        assertThat(document(AsLong.class, 3L)).isEqualTo(new AsLong(3));
        assertThat(document(AsPhase.class, "LIVE")).isEqualTo(new AsPhase(Phase.LIVE));
        assertThat(document(AsMap.class, Map.of("hp", 1))).isEqualTo(new AsMap(Map.of("hp", 1)));
        assertThat(document(AsAnything.class, List.of())).isEqualTo(new AsAnything(List.of()));
        assertThatThrownBy(() -> document(AsLong.class, 3.5))
                .isInstanceOf(MappingException.class)
                .hasMessage("v: expected long, got Double '3.5' in row 1");
        assertThatThrownBy(() -> document(AsPhase.class, 3))
                .isInstanceOf(MappingException.class)
                .hasMessageStartingWith("v: expected one of [LOADING,");
        assertThatThrownBy(() -> document(AsLong.class, "x".repeat(100)))
                .hasMessage("v: expected long, got String '" + "x".repeat(60) + "…' in row 1");
    }

    @Test
    @Tag("L10")
    void valueThatIsNoneIsRefusedWithColumnAndRow() {
        assertThatThrownBy(() -> read(AsDecimal.class, TestTypes.DECIMAL, "abc"))
                .isInstanceOf(MappingException.class)
                .hasMessage("v: expected a decimal, got 'abc' in row 1");
        assertThatThrownBy(() -> read(AsDecimal.class, TestTypes.DECIMAL, "NaN"))
                .isInstanceOf(MappingException.class)
                .hasMessage("v: expected BigDecimal, got NotANumber 'NAN' in row 1");
    }

    record Checked(int v) {
        Checked {
            if (v < 0) {
                throw new IllegalStateException(v == -1 ? "v is below 0" : null);
            }
            if (v == 99) {
                throw new StackOverflowError();
            }
        }
    }

    @Test
    void whatTheConstructorThrowsNamesTheRow() {
        assertThatThrownBy(() -> read(Checked.class, TestTypes.INT4, "-1"))
                .isInstanceOf(MappingException.class)
                .hasMessage("record Checked refuses row 1: v is below 0")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> read(Checked.class, TestTypes.INT4, "-2"))
                .hasMessage("record Checked refuses row 1: IllegalStateException");
        assertThatThrownBy(() -> read(Checked.class, TestTypes.INT4, "99")).isInstanceOf(StackOverflowError.class);
    }

    @Test
    void boundMapperReadsRowsOfAnotherSchemaToo() {
        RowMapper<Item> bound = Rows.mapper(Item.class).bind(ITEMS);
        RowSchema other = TestTypes.schema(
                key("id", TestTypes.INT4, 0),
                column("name", TestTypes.TEXT),
                column("price", TestTypes.DECIMAL),
                column("note", TestTypes.TEXT));
        Item item = new Item(1, "tea", BigDecimal.ONE, "hot");
        assertThat(bound.map(other.row(1, "tea", BigDecimal.ONE, "hot"))).isEqualTo(item);
        assertThat(bound.map(ITEMS.row("hot", 1, BigDecimal.ONE, "tea"))).isEqualTo(item);
        assertThat(bound.map(other.row(1, "tea", BigDecimal.ONE, "hot"))).isEqualTo(item);
    }

    private static <T> T map(Class<T> record, Row row, Rows.Policy... policies) {
        RowMapper<T> mapper = Rows.mapper(record, policies);
        T mapped = mapper.bind(row.schema()).map(row);
        assertThat(mapper.map(row)).isEqualTo(mapped);
        return mapped;
    }

    /** Reads a record of one component v. */
    private static <T> T read(Class<T> record, ColumnType type, String text) {
        return map(record, TestTypes.rowOfTexts(oneValue(type), "1", text), Rows.Policy.IGNORE_UNKNOWN);
    }

    private static <T> T document(Class<T> record, Object value) {
        RowPacker packer = new RowPacker(oneValue(TestTypes.JSON));
        packer.set(0, new byte[] {'1'});
        packer.setDocument(1, value);
        return map(record, packer.pack(), Rows.Policy.IGNORE_UNKNOWN);
    }

    private static RowSchema oneValue(ColumnType type) {
        return TestTypes.schema(key("id", TestTypes.INT4, 0), column("v", type));
    }

    private static void refusedType(Class<?> record, ColumnType type, String column, String component, String java) {
        assertBindRefused(
                record,
                oneValue(type),
                "v: component '" + component + " v' of record " + record.getSimpleName() + " cannot hold " + column
                        + ", which is read as " + java,
                Rows.Policy.IGNORE_UNKNOWN);
    }

    private static void assertBindRefused(Class<?> record, RowSchema schema, String message, Rows.Policy... policies) {
        assertThatThrownBy(() -> Rows.mapper(record, policies).bind(schema))
                .isInstanceOf(MappingException.class)
                .hasMessage(message);
    }
}
