package dev.tributary;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Builds rows of one schema, one after another, without an object per column: a transport's decoder keeps one, sets the
 * columns as they arrive, in any order, and calls {@link #pack}. Not safe for use by several threads at once.
 *
 * <p>A column that is not set is absent in the row; of one that is set twice the last value counts.
 */
public final class RowPacker {

    private static final int ABSENT = -2;
    private static final int NULL = -1;
    private static final int FIRST_CAPACITY = 256;
    /** A larger buffer is dropped after its row, so that one huge value is not paid for ever after. */
    private static final int MOST_KEPT = 1 << 20;

    private final RowSchema schema;
    private final int[] slotOf;
    /** By slot: where the value starts in {@link #scratch}, or {@link #ABSENT} or {@link #NULL}. */
    private final int[] starts;

    private final int[] lengths;
    private byte[] scratch = new byte[FIRST_CAPACITY];
    private int used;
    private @Nullable Object @Nullable [] documents;
    private boolean @Nullable [] isDocument;

    /** A packer for rows of this schema, with nothing set. */
    public RowPacker(RowSchema schema) {
        this.schema = schema;
        int columns = schema.columns().size();
        this.slotOf = new int[columns];
        for (int column = 0; column < columns; column++) {
            slotOf[column] = schema.slotOf(column);
        }
        this.starts = new int[columns];
        this.lengths = new int[columns];
        clear();
    }

    /** Forgets all that was set. {@link #pack} does so too. */
    public void clear() {
        Arrays.fill(starts, ABSENT);
        used = 0;
        if (scratch.length > MOST_KEPT) {
            scratch = new byte[FIRST_CAPACITY];
        }
        documents = null;
        isDocument = null;
    }

    /** The schema of its rows. */
    public RowSchema schema() {
        return schema;
    }

    /** Sets a column to null. */
    public void setNull(int column) {
        starts[slotOf[column]] = NULL;
        dropDocument(column);
    }

    /** Sets a column to these canonical bytes. */
    public void set(int column, byte[] bytes) {
        set(column, bytes, 0, bytes.length);
    }

    /** Sets a column to these canonical bytes. */
    public void set(int column, byte[] bytes, int offset, int length) {
        reserve(length);
        System.arraycopy(bytes, offset, scratch, used, length);
        mark(column, length);
    }

    /**
     * Sets a column to these characters as UTF-8. A surrogate without its partner becomes a question mark, as
     * {@link String#getBytes} has it.
     */
    public void setText(int column, char[] chars, int offset, int length) {
        reserve(length * 3);
        byte[] target = scratch;
        int start = used;
        int at = start;
        int end = offset + length;
        int from = offset;
        while (from < end && chars[from] < 0x80) {
            target[at++] = (byte) chars[from++];
        }
        while (from < end) {
            char c = chars[from++];
            if (c < 0x80) {
                target[at++] = (byte) c;
            } else if (c < 0x800) {
                target[at++] = (byte) (0xc0 | c >> 6);
                target[at++] = (byte) (0x80 | c & 0x3f);
            } else if (!Character.isSurrogate(c)) {
                target[at++] = (byte) (0xe0 | c >> 12);
                target[at++] = (byte) (0x80 | c >> 6 & 0x3f);
                target[at++] = (byte) (0x80 | c & 0x3f);
            } else if (Character.isHighSurrogate(c) && from < end && Character.isLowSurrogate(chars[from])) {
                int point = Character.toCodePoint(c, chars[from++]);
                target[at++] = (byte) (0xf0 | point >> 18);
                target[at++] = (byte) (0x80 | point >> 12 & 0x3f);
                target[at++] = (byte) (0x80 | point >> 6 & 0x3f);
                target[at++] = (byte) (0x80 | point & 0x3f);
            } else {
                target[at++] = '?';
            }
        }
        mark(column, at - start);
    }

    /**
     * Sets a column to a document: an object that the caller never changes again.
     *
     * @throws IllegalArgumentException when the column is a part of the key, whose values must be packed
     */
    public void setDocument(int column, @Nullable Object document) {
        int slot = slotOf[column];
        if (slot < schema.keySlots()) {
            throw new IllegalArgumentException("a document cannot be a part of the key " + schema.keyShape());
        }
        starts[slot] = ABSENT;
        if (documents == null || isDocument == null) {
            documents = new Object[slotOf.length];
            isDocument = new boolean[slotOf.length];
        }
        documents[column] = document;
        isDocument[column] = true;
    }

    private void mark(int column, int length) {
        int slot = slotOf[column];
        starts[slot] = used;
        lengths[slot] = length;
        used += length;
        dropDocument(column);
    }

    /** What is set last counts. */
    private void dropDocument(int column) {
        if (isDocument != null && documents != null) {
            isDocument[column] = false;
            documents[column] = null;
        }
    }

    private void reserve(int more) {
        if (scratch.length - used < more) {
            scratch = Arrays.copyOf(scratch, Math.max(scratch.length * 2, Math.addExact(used, more)));
        }
    }

    /** The row of all that was set since the last one. */
    public Row pack() {
        int slots = starts.length;
        int size = 0;
        for (int slot = 0; slot < slots; slot++) {
            size += starts[slot] < 0 ? 1 : Row.varintSize(lengths[slot] + Row.FIRST_LENGTH) + lengths[slot];
        }
        byte[] packed = new byte[size];
        int at = 0;
        for (int slot = 0; slot < slots; slot++) {
            int start = starts[slot];
            if (start < 0) {
                packed[at++] = (byte) (start == NULL ? Row.NULL : Row.ABSENT);
            } else {
                at = Row.putVarint(packed, at, lengths[slot] + Row.FIRST_LENGTH);
                System.arraycopy(scratch, start, packed, at, lengths[slot]);
                at += lengths[slot];
            }
        }
        Row row = documents == null || isDocument == null
                ? new Row(schema, packed)
                : DocumentRow.of(schema, packed, documents, isDocument);
        clear();
        return row;
    }
}
