package dev.tributary.spacetimedb.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** Compressed bytes. Brotli is only stored: its real frames are in the transcripts. */
final class Compressed {

    private static final int BROTLI_BLOCK = 1 << 16;

    private Compressed() {}

    static byte[] by(int compression, byte[] plain) {
        return switch (compression) {
            case 0 -> plain;
            case 1 -> brotli(plain);
            default -> gzip(plain);
        };
    }

    /** A binary message of the server. */
    static byte[] frame(int compression, byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(compression);
        out.writeBytes(by(compression, plain));
        return out.toByteArray();
    }

    static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** RFC 7932: uncompressed meta-blocks behind a window of 16 bits, then the empty last one. */
    static byte[] brotli(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int from = 0; from < plain.length; from += BROTLI_BLOCK) {
            int length = Math.min(BROTLI_BLOCK, plain.length - from);
            int bits = length - 1 << 3 | 1 << 19;
            int header = from == 0 ? bits << 1 : bits;
            out.write(header);
            out.write(header >> 8);
            out.write(header >> 16);
            out.write(plain, from, length);
        }
        out.write(plain.length == 0 ? 0b110 : 0b11);
        return out.toByteArray();
    }
}
