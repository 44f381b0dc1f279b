package dev.tributary.spacetimedb.codec;

import dev.tributary.LimitExceededException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code BsatnRowList} (specification 3.2): each row goes to its sink straight from the piece that it lies in;
 * only one that crosses a border is copied. Row offsets are kept as they arrive, four bytes each, so a count costs
 * nothing before its offsets are there. One list after another.
 */
final class RowListReader {

    private static final int FIXED = 0;
    private static final int OFFSETS = 1;
    private static final int OFFSET_BYTES = 8;
    private static final int FIRST = 256;
    private static final int MOST_KEPT = 1 << 18;

    private enum Part {
        HINT,
        SIZE,
        COUNT,
        STARTS,
        LENGTH,
        FIXED_ROWS,
        ROWS
    }

    private final int mostRowBytes;
    private @Nullable RowSink sink;
    private Part part = Part.HINT;
    private int size;
    /** By row: its offset, an unsigned number. */
    private int[] starts = new int[FIRST];

    private long count;
    private long index;
    private long lastStart;
    private long length;
    /** Bytes of the data that were not read yet. */
    private long left;

    RowListReader(int mostRowBytes) {
        this.mostRowBytes = mostRowBytes;
    }

    /** A list begins; null skips its rows. */
    void begin(@Nullable RowSink newSink) {
        sink = newSink;
        part = Part.HINT;
        size = 0;
        count = 0;
        index = 0;
        lastStart = 0;
        if (starts.length > MOST_KEPT) {
            starts = new int[FIRST];
        }
    }

    /**
     * Reads on.
     *
     * @return whether the list is complete
     */
    boolean read(Input in) throws BadValue {
        while (true) {
            switch (part) {
                case HINT -> {
                    if (!in.gather(1)) {
                        return false;
                    }
                    part = switch ((int) in.number(1)) {
                        case FIXED -> Part.SIZE;
                        case OFFSETS -> Part.COUNT;
                        default -> throw new BadValue("has the unknown size hint " + in.number(1));
                    };
                }
                case SIZE -> {
                    if (!in.gather(2)) {
                        return false;
                    }
                    size = (int) in.number(2);
                    if (size == 0) {
                        throw new BadValue("has rows of the fixed size 0");
                    }
                    part = Part.LENGTH;
                }
                case COUNT -> {
                    if (!in.gather(4)) {
                        return false;
                    }
                    count = in.number(4);
                    part = Part.STARTS;
                }
                case STARTS -> {
                    if (!readStarts(in)) {
                        return false;
                    }
                    index = 0;
                    part = Part.LENGTH;
                }
                case LENGTH -> {
                    if (!in.gather(4)) {
                        return false;
                    }
                    beginData(in.number(4));
                }
                case FIXED_ROWS -> {
                    return sink == null ? skip(in) : readFixed(in, sink);
                }
                case ROWS -> {
                    return sink == null ? skip(in) : readRows(in, sink);
                }
            }
        }
    }

    private boolean readStarts(Input in) throws BadValue {
        while (index < count) {
            if (!in.gather(OFFSET_BYTES)) {
                return false;
            }
            long start = in.number(OFFSET_BYTES);
            if (start < 0 || start > 0xFFFF_FFFFL) {
                throw new BadValue("has a row " + index + " that begins outside, at " + Long.toUnsignedString(start));
            }
            if (start < lastStart) {
                throw new BadValue("has a row " + index + " that begins at " + start + ", before row " + (index - 1));
            }
            if (index == 0 && start != 0) {
                throw new BadValue("has " + start + " bytes before its first row");
            }
            lastStart = start;
            if (sink != null) {
                keep((int) index, (int) start);
            }
            index++;
        }
        return true;
    }

    private void keep(int row, int start) {
        if (row == starts.length) {
            starts = Arrays.copyOf(starts, (int) Math.min(Integer.MAX_VALUE - 8L, row * 2L));
        }
        starts[row] = start;
    }

    private void beginData(long announced) throws BadValue {
        length = announced;
        left = announced;
        if (size > 0) {
            if (length % size != 0) {
                throw new BadValue("has " + length + " bytes, which rows of " + size + " bytes do not fill");
            }
            count = length / size;
            part = Part.FIXED_ROWS;
        } else {
            if (lastStart > length) {
                throw new BadValue("has a row " + (count - 1) + " that begins at " + lastStart + ", but only " + length
                        + " bytes");
            }
            if (count == 0 && length > 0) {
                throw new BadValue("has no rows, but " + length + " bytes");
            }
            part = Part.ROWS;
        }
        if (sink != null && count > 0) {
            sink.expect(count);
        }
    }

    private boolean skip(Input in) {
        int step = (int) Math.min(left, in.available());
        in.at += step;
        left -= step;
        return left == 0;
    }

    private boolean readFixed(Input in, RowSink to) {
        while (left > 0) {
            if (in.isFresh()) {
                readWhole(in, to);
                if (left == 0) {
                    return true;
                }
            }
            check(size);
            if (!in.gather(size)) {
                return false;
            }
            left -= size;
            to.row(in.got, in.gotAt, size);
        }
        return true;
    }

    /** The rows that lie in the piece as a whole. */
    private void readWhole(Input in, RowSink to) {
        int rowSize = size;
        check(rowSize);
        long rows = Math.min(left, in.available()) / rowSize;
        byte[] bytes = in.bytes;
        int at = in.at;
        left -= rows * rowSize;
        in.at += (int) (rows * rowSize);
        for (long row = 0; row < rows; row++) {
            to.row(bytes, at, rowSize);
            at += rowSize;
        }
    }

    private boolean readRows(Input in, RowSink to) {
        while (index < count) {
            int row = (int) index;
            long rowEnd = index + 1 < count ? Integer.toUnsignedLong(starts[row + 1]) : length;
            long rowSize = rowEnd - Integer.toUnsignedLong(starts[row]);
            check(rowSize);
            if (!in.gather((int) rowSize)) {
                return false;
            }
            index++;
            to.row(in.got, in.gotAt, (int) rowSize);
        }
        return true;
    }

    private void check(long rowSize) {
        if (rowSize > mostRowBytes) {
            throw new LimitExceededException("row " + index + " has " + rowSize + " bytes, more than the "
                    + mostRowBytes + " of the limit rowBytes");
        }
    }
}
