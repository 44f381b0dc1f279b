package dev.tributary.spacetimedb.codec;

import dev.tributary.ProtocolException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Gzip (RFC 1952) as it arrives: header with its optional parts, deflated data, trailer; then maybe another such member.
 * Sizes and sums are checked. For one message.
 */
final class Gunzip implements Stage {

    private static final int FIXED_HEADER = 10;
    private static final int TRAILER = 8;
    private static final int CHUNK = 16 << 10;

    private static final int METHOD = 2;
    private static final int FLAGS = 3;
    private static final int DEFLATE = 8;
    private static final int HEADER_SUM = 0x02;
    private static final int EXTRA = 0x04;
    private static final int NAME = 0x08;
    private static final int COMMENT = 0x10;
    private static final int RESERVED = 0xE0;
    private static final int[] MAGIC = {0x1F, 0x8B};

    private enum Part {
        HEADER,
        EXTRA_LENGTH,
        EXTRA_DATA,
        NAME,
        COMMENT,
        HEADER_SUM,
        DATA,
        TRAILER
    }

    private final Meter meter;
    private final Stage next;
    private final Inflater inflater = new Inflater(true);
    private final byte[] out = new byte[CHUNK];
    private final CRC32 headerSum = new CRC32();
    private final CRC32 sum = new CRC32();

    private Part part = Part.HEADER;
    private int members;
    /** Bytes of this part so far. */
    private int seen;

    private int flags;
    /** A little-endian number that is being read. */
    private long number;

    private int extraLeft;
    private long position;

    Gunzip(Meter meter, Stage next) {
        this.meter = meter;
        this.next = next;
    }

    @Override
    public void feed(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (part == Part.DATA) {
                int used = inflate(bytes, at, to);
                at += used;
                position += used;
            } else {
                step(Byte.toUnsignedInt(bytes[at++]));
                position++;
            }
        }
    }

    @Override
    public void end() {
        inflater.end();
        if (part != Part.HEADER || seen > 0 || members == 0) {
            throw wrong("ends early, in " + part);
        }
        next.end();
    }

    private int inflate(byte[] bytes, int from, int to) {
        inflater.setInput(bytes, from, to - from);
        while (!inflater.finished()) {
            int count;
            long before = inflater.getBytesWritten();
            try {
                count = inflater.inflate(out);
            } catch (DataFormatException e) {
                // What stands before the fault is passed on, as it is when the input was cut there.
                pass((int) (inflater.getBytesWritten() - before));
                throw new ProtocolException("a gzip message cannot be inflated near byte " + position, e);
            }
            if (count > 0) {
                pass(count);
            } else if (inflater.needsInput()) {
                break;
            } else if (!inflater.finished()) {
                throw wrong("asks for a dictionary");
            }
        }
        if (inflater.finished()) {
            begin(Part.TRAILER);
        }
        return to - from - inflater.getRemaining();
    }

    private void pass(int count) {
        sum.update(out, 0, count);
        meter.expand(count);
        next.feed(out, 0, count);
    }

    private void step(int b) {
        if (part != Part.TRAILER && part != Part.HEADER_SUM) {
            headerSum.update(b);
        }
        switch (part) {
            case HEADER -> header(b);
            case EXTRA_LENGTH -> {
                number |= (long) b << 8 * seen;
                if (++seen == 2) {
                    extraLeft = (int) number;
                    begin(Part.EXTRA_DATA);
                    if (extraLeft == 0) {
                        afterExtra();
                    }
                }
            }
            case EXTRA_DATA -> {
                if (--extraLeft == 0) {
                    afterExtra();
                }
            }
            case NAME -> {
                if (b == 0) {
                    afterName();
                }
            }
            case COMMENT -> {
                if (b == 0) {
                    afterComment();
                }
            }
            case HEADER_SUM -> {
                number |= (long) b << 8 * seen;
                if (++seen == 2) {
                    if (number != (headerSum.getValue() & 0xFFFF)) {
                        throw wrong("has a header that does not match its sum");
                    }
                    beginData();
                }
            }
            default -> trailer(b);
        }
    }

    private void header(int b) {
        if (seen == 0) {
            headerSum.reset();
            headerSum.update(b);
        }
        if (seen < METHOD && b != MAGIC[seen]) {
            throw wrong(members == 0 ? "does not begin as one" : "has left-over bytes");
        }
        if (seen == METHOD && b != DEFLATE) {
            throw wrong("has the unknown method " + b);
        }
        if (seen == FLAGS) {
            if ((b & RESERVED) != 0) {
                throw wrong("has unknown flags " + b);
            }
            flags = b;
        }
        if (++seen == FIXED_HEADER) {
            if ((flags & EXTRA) != 0) {
                begin(Part.EXTRA_LENGTH);
            } else {
                afterExtra();
            }
        }
    }

    private void afterExtra() {
        if ((flags & NAME) != 0) {
            begin(Part.NAME);
        } else {
            afterName();
        }
    }

    private void afterName() {
        if ((flags & COMMENT) != 0) {
            begin(Part.COMMENT);
        } else {
            afterComment();
        }
    }

    private void afterComment() {
        if ((flags & HEADER_SUM) != 0) {
            begin(Part.HEADER_SUM);
        } else {
            beginData();
        }
    }

    private void beginData() {
        inflater.reset();
        sum.reset();
        begin(Part.DATA);
    }

    private void trailer(int b) {
        number |= (long) b << 8 * seen;
        if (++seen < TRAILER) {
            return;
        }
        if ((number & 0xFFFF_FFFFL) != sum.getValue()) {
            throw wrong("does not match its sum");
        }
        if (number >>> 32 != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
            throw wrong("does not match its length");
        }
        members++;
        begin(Part.HEADER);
    }

    private void begin(Part what) {
        part = what;
        seen = 0;
        number = 0;
    }

    private ProtocolException wrong(String problem) {
        return new ProtocolException("a gzip message " + problem + " at byte " + position);
    }
}
