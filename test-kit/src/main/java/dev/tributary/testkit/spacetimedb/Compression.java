package dev.tributary.testkit.spacetimedb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** How server frames are compressed. */
enum Compression {
    NONE("None", 0),
    BROTLI("Brotli", 1),
    GZIP("Gzip", 2);

    /** What is longer is compressed. */
    static final int THRESHOLD = 1_024;

    private static final int BLOCK = 65_536;

    private final String parameter;
    private final int tag;

    Compression(String parameter, int tag) {
        this.parameter = parameter;
        this.tag = tag;
    }

    String parameter() {
        return parameter;
    }

    int tag() {
        return tag;
    }

    byte[] compress(byte[] bytes, int offset, int length) {
        return switch (this) {
            case NONE -> java.util.Arrays.copyOfRange(bytes, offset, offset + length);
            case GZIP -> gzip(bytes, offset, length);
            case BROTLI -> brotli(bytes, offset, length);
        };
    }

    static byte[] gzip(byte[] bytes, int offset, int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(length / 4 + 64);
        try (GZIPOutputStream zip = new GZIPOutputStream(out, BLOCK)) {
            zip.write(bytes, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A bomb: so many zeros. */
    static byte[] gzipOfZeros(long count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(out, BLOCK)) {
            byte[] zeros = new byte[BLOCK];
            for (long left = count; left > 0; left -= BLOCK) {
                zip.write(zeros, 0, (int) Math.min(BLOCK, left));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A Brotli stream of uncompressed meta-blocks, which every decoder takes: the JDK has no encoder. */
    private static byte[] brotli(byte[] bytes, int offset, int length) {
        BsatnWriter out = new BsatnWriter(length + 16 + length / BLOCK * 4);
        int at = 0;
        while (at < length) {
            int size = Math.min(BLOCK, length - at);
            // ISLAST 0, MNIBBLES 4, MLEN - 1 in 16 bits, ISUNCOMPRESSED 1; the first after WBITS 16, a bit 0.
            long header = (long) (size - 1) << 3 | 1L << 19;
            header = at == 0 ? header << 1 : header;
            out.u8((int) header).u8((int) (header >> 8)).u8((int) (header >> 16));
            out.raw(bytes, offset + at, size);
            at += size;
        }
        // ISLAST 1, ISLASTEMPTY 1; an empty stream has WBITS before it.
        return out.u8(length == 0 ? 6 : 3).toBytes();
    }
}
