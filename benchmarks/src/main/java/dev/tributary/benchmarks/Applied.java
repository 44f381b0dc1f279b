package dev.tributary.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes the messages of v2 and v3 that hold {@link Readings}, byte of compression first. */
public final class Applied {

    /** Where the two ids are that a message of first rows answers. */
    public static final int IDS_AT = 2;
    /** How long they are. */
    public static final int IDS_BYTES = 8;

    private static final int FIXED = 0;
    private static final int OFFSETS = 1;

    private Applied() {}

    /** The first rows of a query set: so many readings, in a list with offsets. */
    public static void readings(int rows, byte[] ids, OutputStream out) throws IOException {
        Readings.Writer writer = new Readings.Writer();
        head(Readings.READING, ids, out);
        long length = 0;
        out.write(OFFSETS);
        u32(rows, out);
        for (int id = 0; id < rows; id++) {
            u64(length, out);
            length += writer.reading(id, 0).remaining();
        }
        u32(length, out);
        for (int id = 0; id < rows; id++) {
            write(writer.reading(id, 0), out);
        }
    }

    /** The first rows of a query set: so many ticks, in a list of a fixed size. */
    public static void ticks(int rows, byte[] ids, OutputStream out) throws IOException {
        Readings.Writer writer = new Readings.Writer();
        head(Readings.TICK, ids, out);
        out.write(FIXED);
        out.write(Readings.TICK_BYTES);
        out.write(0);
        u32((long) rows * Readings.TICK_BYTES, out);
        for (int id = 0; id < rows; id++) {
            write(writer.tick(id), out);
        }
    }

    private static void head(String table, byte[] ids, OutputStream out) throws IOException {
        out.write(0);
        out.write(1);
        out.write(ids, 0, IDS_BYTES);
        u32(1, out);
        text(table, out);
    }

    /** A transaction that changes readings of one query set from one version to another. */
    public static void changes(int[] ids, int from, int to, int querySet, OutputStream out) throws IOException {
        out.write(0);
        out.write(4);
        u32(1, out);
        u32(querySet, out);
        u32(1, out);
        text(Readings.READING, out);
        u32(1, out);
        out.write(0);
        list(ids, to, out);
        list(ids, from, out);
    }

    private static void list(int[] ids, int version, OutputStream out) throws IOException {
        Readings.Writer writer = new Readings.Writer();
        out.write(OFFSETS);
        u32(ids.length, out);
        long length = 0;
        for (int id : ids) {
            u64(length, out);
            length += writer.reading(id, version).remaining();
        }
        u32(length, out);
        for (int id : ids) {
            write(writer.reading(id, version), out);
        }
    }

    private static void write(ByteBuffer row, OutputStream out) throws IOException {
        out.write(row.array(), row.arrayOffset() + row.position(), row.remaining());
    }

    private static void text(String text, OutputStream out) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        u32(bytes.length, out);
        out.write(bytes);
    }

    private static void u32(long value, OutputStream out) throws IOException {
        out.write(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) value)
                .array());
    }

    private static void u64(long value, OutputStream out) throws IOException {
        out.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }
}
