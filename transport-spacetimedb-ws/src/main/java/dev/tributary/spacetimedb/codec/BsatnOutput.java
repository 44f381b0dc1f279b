package dev.tributary.spacetimedb.codec;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** Writes one client message in BSATN. */
final class BsatnOutput {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    BsatnOutput(int tag) {
        out.write(tag);
    }

    BsatnOutput u8(int value) {
        out.write(value);
        return this;
    }

    BsatnOutput u32(long value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write((int) (value >>> shift));
        }
        return this;
    }

    BsatnOutput bytes(byte[] bytes) {
        u32(bytes.length);
        out.write(bytes, 0, bytes.length);
        return this;
    }

    BsatnOutput text(String text) {
        return bytes(Outgoing.utf8(text));
    }

    BsatnOutput texts(List<String> texts) {
        u32(texts.size());
        texts.forEach(this::text);
        return this;
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}
