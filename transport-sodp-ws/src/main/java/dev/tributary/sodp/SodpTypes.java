package dev.tributary.sodp;

import dev.tributary.Column;
import dev.tributary.ColumnType;
import dev.tributary.ProtocolException;
import dev.tributary.RowSchema;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The columns of this transport's rows, and their types. */
final class SodpTypes {

    /** A name: of a key, or of a member. */
    private static final ColumnType TEXT = new ColumnType() {

        @Override
        public String name() {
            return "text";
        }

        @Override
        public Object decode(byte[] bytes, int offset, int length) {
            return new String(bytes, offset, length, StandardCharsets.UTF_8);
        }

        @Override
        public byte[] encode(Object value) {
            if (value instanceof CharSequence text) {
                return text.toString().getBytes(StandardCharsets.UTF_8);
            }
            throw new IllegalArgumentException(
                    "expected a String, got " + value.getClass().getSimpleName());
        }

        @Override
        public Class<?> javaType() {
            return String.class;
        }
    };

    private static final ColumnType VERSION = new ColumnType() {

        @Override
        public String name() {
            return "version";
        }

        @Override
        public Object decode(byte[] bytes, int offset, int length) {
            if (length != Long.BYTES) {
                throw new IllegalArgumentException("expected 8 bytes, got " + length);
            }
            return ByteBuffer.wrap(bytes, offset, length).getLong();
        }

        @Override
        public byte[] encode(Object value) {
            if (value instanceof Long || value instanceof Integer) {
                return versionBytes(((Number) value).longValue());
            }
            throw new IllegalArgumentException(
                    "expected a Long or Integer, got " + value.getClass().getSimpleName());
        }

        @Override
        public Class<?> javaType() {
            return Long.class;
        }
    };

    /** In rows it is a plain object; packed, as saved views have it, it is MessagePack with sorted names. */
    private static final ColumnType DOCUMENT = new ColumnType() {

        @Override
        public String name() {
            return "document";
        }

        @Override
        @SuppressWarnings("NullAway")
        public Object decode(byte[] bytes, int offset, int length) {
            Decoder decoder = new Decoder();
            decoder.reset(bytes, offset, offset + length);
            try {
                return decoder.value("the document", Decoder.MOST_LEVELS);
            } catch (ProtocolException e) {
                throw new IllegalArgumentException("expected a document: " + e.getMessage(), e);
            }
        }

        @Override
        public byte[] encode(Object value) {
            try {
                boolean ready = value instanceof DocMap || value instanceof DocList;
                return Encoder.canonical(ready ? value : Documents.PLAIN.of(value));
            } catch (dev.tributary.ConfigurationException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }

        @Override
        public Class<?> javaType() {
            return Object.class;
        }
    };

    /** The value of a key as one row. */
    static final RowSchema VALUE_SCHEMA = RowSchema.of(List.of(
            new Column("key", TEXT, false, 0),
            new Column("value", DOCUMENT, true, -1),
            new Column("version", VERSION, false, -1)));

    /** The members of an object as rows. */
    static final RowSchema CHILDREN_SCHEMA =
            RowSchema.of(List.of(new Column("name", TEXT, false, 0), new Column("value", DOCUMENT, true, -1)));

    private SodpTypes() {}

    static byte[] versionBytes(long version) {
        return ByteBuffer.allocate(Long.BYTES).putLong(version).array();
    }

    static ColumnType named(String name) {
        for (ColumnType type : List.of(TEXT, VERSION, DOCUMENT)) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        throw new IllegalArgumentException("no column type '" + name + "'");
    }
}
