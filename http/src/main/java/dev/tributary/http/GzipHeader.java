package dev.tributary.http;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** Reads the header of one gzip member (RFC 1952), however its bytes are cut. */
final class GzipHeader {

    private static final int FIRST_MAGIC = 0x1F;
    private static final int SECOND_MAGIC = 0x8B;
    private static final int METHOD_DEFLATE = 8;
    private static final int HAS_CHECK = 1 << 1;
    private static final int HAS_EXTRA = 1 << 2;
    private static final int HAS_NAME = 1 << 3;
    private static final int HAS_COMMENT = 1 << 4;
    private static final int RESERVED = 0xE0;

    /** In the order of the bytes. */
    private enum Part {
        FIXED,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        CHECK,
        DONE
    }

    private final CRC32 sum = new CRC32();
    private final boolean first;
    private Part part = Part.FIXED;
    private int seen;
    private int flags;
    private int number;
    private int expectedCheck;
    private boolean touched;

    /**
     * @param first whether it is the body's first member
     */
    GzipHeader(boolean first) {
        this.first = first;
    }

    /** Whether a byte of it was seen. */
    boolean isTouched() {
        return touched;
    }

    /** Reads as far as the header goes; true when it is complete. */
    boolean read(ByteBuffer input) throws WireFault {
        skipAbsentParts();
        while (part != Part.DONE && input.hasRemaining()) {
            int b = Byte.toUnsignedInt(input.get());
            touched = true;
            if (part != Part.CHECK) {
                sum.update(b);
            }
            accept(b);
            skipAbsentParts();
        }
        return part == Part.DONE;
    }

    private void accept(int b) throws WireFault {
        switch (part) {
            case FIXED -> fixed(b);
            case EXTRA_LENGTH -> {
                number |= b << 8 * seen++;
                if (seen == 2) {
                    begin(Part.EXTRA);
                }
            }
            case EXTRA -> {
                if (++seen == number) {
                    begin(Part.NAME);
                }
            }
            case NAME, COMMENT -> {
                if (b == 0) {
                    begin(part == Part.NAME ? Part.COMMENT : Part.CHECK);
                }
            }
            case CHECK -> {
                number = seen == 0 ? b : number | b << 8;
                if (++seen == 2) {
                    if (number != expectedCheck) {
                        throw WireFault.malformed("the gzip header does not match its checksum");
                    }
                    begin(Part.DONE);
                }
            }
            case DONE -> throw new IllegalStateException("the header is complete");
        }
    }

    private void fixed(int b) throws WireFault {
        switch (seen++) {
            case 0 -> magic(b == FIRST_MAGIC);
            case 1 -> magic(b == SECOND_MAGIC);
            case 2 -> {
                if (b != METHOD_DEFLATE) {
                    throw WireFault.malformed("the gzip content uses an unknown method");
                }
            }
            case 3 -> {
                if ((b & RESERVED) != 0) {
                    throw WireFault.malformed("the gzip header has unknown flags");
                }
                flags = b;
            }
            case 9 -> begin(Part.EXTRA_LENGTH);
            default -> {
                // time, extra flags and system say nothing that we need
            }
        }
    }

    private void magic(boolean matches) throws WireFault {
        if (matches) {
            return;
        }
        throw WireFault.malformed(
                first
                        ? "content-encoding says gzip, but the body does not begin as gzip does:"
                                + " a proxy may have decompressed it and left the header"
                        : "bytes that are not gzip follow the end of the gzip content");
    }

    private void begin(Part next) {
        part = next;
        seen = 0;
        if (next == Part.EXTRA_LENGTH) {
            number = 0;
        }
        if (next == Part.CHECK) {
            expectedCheck = (int) sum.getValue() & 0xFFFF;
        }
    }

    private void skipAbsentParts() {
        if (part == Part.EXTRA_LENGTH && (flags & HAS_EXTRA) == 0) {
            begin(Part.NAME);
        }
        if (part == Part.EXTRA && number == 0) {
            begin(Part.NAME);
        }
        if (part == Part.NAME && (flags & HAS_NAME) == 0) {
            begin(Part.COMMENT);
        }
        if (part == Part.COMMENT && (flags & HAS_COMMENT) == 0) {
            begin(Part.CHECK);
        }
        if (part == Part.CHECK && (flags & HAS_CHECK) == 0) {
            begin(Part.DONE);
        }
    }
}
