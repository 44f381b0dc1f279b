package dev.tributary;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Column types to test with. Their packed form is the text of the value. */
final class TestTypes {

    static final ColumnType INT4 = new TextType("int4", Integer.class, "a 32-bit integer", Integer::valueOf);
    static final ColumnType INT8 = new TextType("int8", Long.class, "a 64-bit integer", Long::valueOf);
    static final ColumnType INT16 = new TextType("int16", BigInteger.class, "an integer", BigInteger::new);
    static final ColumnType FLOAT4 = new TextType("float4", Float.class, "a float", Float::valueOf);
    static final ColumnType BOOL = new TextType("bool", Boolean.class, "a truth value", Boolean::valueOf);
    static final ColumnType TEXT = new TextType("text", String.class, "a text", text -> text);
    static final ColumnType TIME =
            new TextType("timestamptz", OffsetDateTime.class, "a timestamp", OffsetDateTime::parse);
    /** Has a value that Java's type lacks, as PostgreSQL's has. */
    static final ColumnType DECIMAL = new TextType(
            "numeric",
            BigDecimal.class,
            "a decimal",
            text -> text.equals("NaN") ? NotANumber.NAN : new BigDecimal(text));
    /** Its values are set as documents. */
    static final ColumnType JSON = new TextType("json", Object.class, "a document", text -> text);

    static final ColumnType LIST = new TextType("text[]", List.class, "a list", text -> List.of(text.split(",")));
    static final ColumnType OBJECT = new TextType("object", Map.class, "an object", text -> Map.of("value", text));

    enum NotANumber {
        NAN
    }

    private TestTypes() {}

    /** A column outside of the key. */
    static Column column(String name, ColumnType type) {
        return new Column(name, type, true, -1);
    }

    /** A column at this place of the key. */
    static Column key(String name, ColumnType type, int place) {
        return new Column(name, type, false, place);
    }

    static RowSchema schema(Column... columns) {
        return RowSchema.of(List.of(columns));
    }

    /** A row of these canonical texts, whether or not they are values of their columns. */
    static Row rowOfTexts(RowSchema schema, String... texts) {
        RowPacker packer = new RowPacker(schema);
        for (int column = 0; column < texts.length; column++) {
            packer.set(column, texts[column].getBytes(StandardCharsets.UTF_8));
        }
        return packer.pack();
    }

    private record TextType(String name, Class<?> javaType, String expected, Function<String, Object> reader)
            implements ColumnType {

        @Override
        public Object decode(byte[] bytes, int offset, int length) {
            String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
            try {
                return reader.apply(text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("expected " + expected + ", got '" + text + "'", e);
            }
        }

        @Override
        public byte[] encode(Object value) {
            boolean number = value instanceof Integer || value instanceof Long;
            if (!javaType.isInstance(value) && !(number && Number.class.isAssignableFrom(javaType))) {
                throw new IllegalArgumentException(
                        "expected " + expected + ", got " + value.getClass().getSimpleName());
            }
            return value.toString().getBytes(StandardCharsets.UTF_8);
        }
    }
}
