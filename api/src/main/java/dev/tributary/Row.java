package dev.tributary;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row: the values of a {@link RowSchema} packed into one {@code byte[]}, decoded when they are asked for. Immutable
 * and safe for any thread.
 *
 * <p>Two rows are equal when their schemas and their canonical values are. Identity is the key alone: see
 * {@link #sameKey}. A row may be partial: a column that the server did not send is not {@linkplain #has present}. The
 * rows of a view are always complete; those of {@link SyncSource#changes} may be partial.
 *
 * <p>Layout: for each slot (key columns first) a variable-length code, 0 for null, 1 for absent, 2 + n for a value of n
 * bytes, followed by the value. So the key is a prefix, and looking up a key compares bytes.
 */
public sealed class Row permits DocumentRow {

    static final int NULL = 0;
    static final int ABSENT = 1;
    static final int FIRST_LENGTH = 2;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final RowSchema schema;
    private final byte[] packed;
    private final int keyHash;

    Row(RowSchema schema, byte[] packed) {
        this.schema = schema;
        this.packed = packed;
        this.keyHash = hash(packed, keyEnd());
    }

    /** The columns of this row. */
    public final RowSchema schema() {
        return schema;
    }

    /**
     * The value of a column; null for SQL null and for a column that is not present.
     *
     * @throws IllegalArgumentException when there is no such column
     * @throws MappingException when the value is none of the column's type; only this reading fails
     */
    public final @Nullable Object get(String column) {
        return get(schema.indexOf(column));
    }

    /**
     * The value of a column by its place in {@link RowSchema#columns}.
     *
     * @throws MappingException when the value is none of the column's type; only this reading fails
     */
    public @Nullable Object get(int column) {
        try {
            return decode(column);
        } catch (IllegalArgumentException e) {
            throw new MappingException(
                    schema.columns().get(column).name() + ": " + e.getMessage() + " in row " + keyText(), e);
        }
    }

    private @Nullable Object decode(int column) {
        int at = offsetOf(schema.slotOf(column));
        int code = varint(packed, at);
        if (code < FIRST_LENGTH) {
            return null;
        }
        int start = at + varintSize(code);
        return schema.columns().get(column).type().decode(packed, start, code - FIRST_LENGTH);
    }

    /** Whether the server sent this column: false only in partial rows. */
    public boolean has(int column) {
        return varint(packed, offsetOf(schema.slotOf(column))) != ABSENT;
    }

    /** Whether the column holds null (or is not present). */
    public boolean isNull(String column) {
        return isNull(schema.indexOf(column));
    }

    /** Whether the column holds null (or is not present). */
    public boolean isNull(int column) {
        return varint(packed, offsetOf(schema.slotOf(column))) < FIRST_LENGTH;
    }

    /**
     * The packed bytes of a column, a copy; null for null and absent. For transports and stores.
     */
    public final byte @Nullable [] packedValue(int column) {
        int at = offsetOf(schema.slotOf(column));
        int code = varint(packed, at);
        if (code < FIRST_LENGTH) {
            return null;
        }
        int start = at + varintSize(code);
        return Arrays.copyOfRange(packed, start, start + code - FIRST_LENGTH);
    }

    /** The column as a text. */
    public final @Nullable String getString(String column) {
        return typed(column, String.class);
    }

    /** The column as an integer of at most 64 bits; a narrower one is widened. */
    public final @Nullable Long getLong(String column) {
        Object value = get(column);
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        return typed(column, Long.class);
    }

    /** The column as a 32-bit integer. */
    public final @Nullable Integer getInteger(String column) {
        return typed(column, Integer.class);
    }

    /** The column as a double; a float is widened. */
    public final @Nullable Double getDouble(String column) {
        return get(column) instanceof Float value ? Double.valueOf(value) : typed(column, Double.class);
    }

    /** The column as a decimal. */
    public final @Nullable BigDecimal getDecimal(String column) {
        return typed(column, BigDecimal.class);
    }

    /** The column as a truth value. */
    public final @Nullable Boolean getBoolean(String column) {
        return typed(column, Boolean.class);
    }

    /**
     * The column as this Java type.
     *
     * @throws MappingException when the value has another type; the message names row, column and both types
     */
    public final <T> @Nullable T get(String column, Class<T> type) {
        return typed(column, type);
    }

    private <T> @Nullable T typed(String column, Class<T> type) {
        Object value = get(column);
        if (value == null || type.isInstance(value)) {
            return type.cast(value);
        }
        throw new MappingException(column + ": expected " + type.getSimpleName() + ", but it is "
                + value.getClass().getSimpleName() + " in row " + keyText());
    }

    /** The values of the key columns, in key order. */
    public final List<@Nullable Object> key() {
        List<@Nullable Object> key = new ArrayList<>(schema.keySlots());
        for (Column column : schema.keyColumns()) {
            key.add(get(schema.find(column.name())));
        }
        return key;
    }

    /** The key as a text for messages: {@code 42}, or {@code (a, 7)} for a composite one. */
    public final String keyText() {
        List<String> parts = new ArrayList<>();
        for (Column column : schema.keyColumns()) {
            parts.add(valueText(schema.find(column.name())));
        }
        return parts.size() == 1 ? parts.get(0) : "(" + String.join(", ", parts) + ")";
    }

    private String valueText(int column) {
        try {
            // Not get: its refusal names the key, whose own value may be what cannot be read.
            return Objects.toString(isDocument(column) ? get(column) : decode(column));
        } catch (IllegalArgumentException e) {
            return "?";
        }
    }

    /** Hash of the key, the same for every row of that key under one schema. */
    public final int keyHash() {
        return keyHash;
    }

    /** Whether the other row has the same key. Both must be of one schema. */
    public final boolean sameKey(Row other) {
        if (keyHash != other.keyHash) {
            return false;
        }
        // A packed key says itself where it ends, so one of them is enough to find the end.
        int end = other.keyEnd();
        return end <= packed.length && Arrays.equals(packed, 0, end, other.packed, 0, end);
    }

    /**
     * This row with the columns that are present in the other one replaced.
     *
     * @throws IllegalArgumentException when the other row has another schema
     */
    public final Row merge(Row partial) {
        if (!partial.schema.equals(schema)) {
            throw new IllegalArgumentException("a row of " + partial.schema + " cannot change one of " + schema);
        }
        byte[] merged = mergePacked(partial);
        return this instanceof DocumentRow || partial instanceof DocumentRow
                ? DocumentRow.merged(this, partial, merged)
                : new Row(schema, merged);
    }

    private byte[] mergePacked(Row partial) {
        int slots = schema.columns().size();
        byte[] target = new byte[packed.length + partial.packed.length];
        int length = 0;
        int at = 0;
        int partialAt = 0;
        for (int slot = 0; slot < slots; slot++) {
            int end = slotEnd(packed, at);
            int partialEnd = slotEnd(partial.packed, partialAt);
            boolean replaced = varint(partial.packed, partialAt) != ABSENT || partial.isDocument(schema.columnAt(slot));
            byte[] source = replaced ? partial.packed : packed;
            int start = replaced ? partialAt : at;
            int count = (replaced ? partialEnd : end) - start;
            System.arraycopy(source, start, target, length, count);
            length += count;
            at = end;
            partialAt = partialEnd;
        }
        return Arrays.copyOf(target, length);
    }

    /** Whether every column is present. */
    public boolean isComplete() {
        int at = 0;
        for (int slot = 0; slot < schema.columns().size(); slot++) {
            if (varint(packed, at) == ABSENT) {
                return false;
            }
            at = slotEnd(packed, at);
        }
        return true;
    }

    /** Whether some of its columns are documents, which have no packed form. */
    public boolean hasDocuments() {
        return false;
    }

    /**
     * About how many bytes of heap this row needs, its schema apart. Its documents count as a whole, also what they share
     * with other rows.
     */
    public int sizeInBytes() {
        return 40 + packed.length;
    }

    /** The whole packed form, a copy: for stores. A row with documents has more than this. */
    public final byte[] toPacked() {
        return packed.clone();
    }

    /**
     * The row of this packed form, as {@link #toPacked} gave it.
     *
     * @param packed taken over; the caller does not change it any more
     * @throws IllegalArgumentException when it is no row of that schema
     */
    public static Row ofPacked(RowSchema schema, byte[] packed) {
        int at = 0;
        for (int slot = 0; slot < schema.columns().size(); slot++) {
            at = at < packed.length ? checkedSlotEnd(packed, at) : -1;
            if (at < 0 || at > packed.length) {
                throw new IllegalArgumentException(
                        "a packed row of " + packed.length + " bytes ends within column " + slot + " of " + schema);
            }
        }
        if (at != packed.length) {
            throw new IllegalArgumentException(
                    "a packed row of " + schema + " has " + (packed.length - at) + " bytes too many");
        }
        return new Row(schema, packed);
    }

    /** All present columns by name, in the server's order. The map is the caller's. */
    public final Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int column = 0; column < schema.columns().size(); column++) {
            if (has(column)) {
                map.put(schema.columns().get(column).name(), get(column));
            }
        }
        return map;
    }

    private int offsetOf(int slot) {
        int at = 0;
        for (int i = 0; i < slot; i++) {
            at = slotEnd(packed, at);
        }
        return at;
    }

    private int keyEnd() {
        return offsetOf(schema.keySlots());
    }

    static int slotEnd(byte[] packed, int at) {
        int first = packed[at];
        if (first >= 0) {
            return first < FIRST_LENGTH ? at + 1 : at + 1 + first - FIRST_LENGTH;
        }
        int code = varint(packed, at);
        return at + varintSize(code) + code - FIRST_LENGTH;
    }

    /** As {@link #slotEnd}, of bytes that may be anything: -1 where the length itself is cut off or no length. */
    private static int checkedSlotEnd(byte[] packed, int at) {
        int end = at;
        while (end < packed.length && packed[end] < 0) {
            end++;
        }
        boolean isLength = end < packed.length && end - at < 5 && varint(packed, at) >= 0;
        return isLength ? slotEnd(packed, at) : -1;
    }

    static int varint(byte[] bytes, int at) {
        int value = bytes[at];
        if (value >= 0) {
            return value;
        }
        value &= 0x7f;
        int shift = 7;
        while (true) {
            int next = bytes[++at];
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
            shift += 7;
        }
    }

    static int varintSize(int value) {
        int size = 1;
        while ((value >>>= 7) != 0) {
            size++;
        }
        return size;
    }

    static int putVarint(byte[] bytes, int at, int value) {
        while (value >= 0x80) {
            bytes[at++] = (byte) (value | 0x80);
            value >>>= 7;
        }
        bytes[at++] = (byte) value;
        return at;
    }

    private static int hash(byte[] bytes, int end) {
        long hash = 0x9E3779B97F4A7C15L ^ end;
        int at = 0;
        for (; at + 8 <= end; at += 8) {
            hash = (hash ^ (long) LONGS.get(bytes, at)) * 0xD6E8FEB86659FD93L;
            hash ^= hash >>> 32;
        }
        long tail = 0;
        for (; at < end; at++) {
            tail = (tail << 8) | (bytes[at] & 0xff);
        }
        hash = (hash ^ tail) * 0xD6E8FEB86659FD93L;
        hash ^= hash >>> 32;
        hash *= 0xD6E8FEB86659FD93L;
        return (int) (hash >>> 32);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Row that
                        && keyHash == that.keyHash
                        && Arrays.equals(packed, that.packed)
                        && schema.equals(that.schema)
                        && sameDocuments(that));
    }

    /** Whether the column is a document: a plain object, which has no packed form. */
    public boolean isDocument(int column) {
        return false;
    }

    boolean sameDocuments(Row other) {
        return !(other instanceof DocumentRow);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(packed);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int column = 0; column < schema.columns().size(); column++) {
            if (has(column)) {
                text.append(text.length() == 1 ? "" : ", ")
                        .append(schema.columns().get(column).name())
                        .append('=')
                        .append(valueText(column));
            }
        }
        return text.append('}').toString();
    }
}
