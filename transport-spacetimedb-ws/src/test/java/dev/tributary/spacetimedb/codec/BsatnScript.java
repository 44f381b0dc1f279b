package dev.tributary.spacetimedb.codec;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A server's BSATN (specification 3), written without the code under test. */
final class BsatnScript implements Script {

    private record Outer(ByteArrayOutputStream out, int compression) {}

    private final Deque<Outer> outer = new ArrayDeque<>();
    private ByteArrayOutputStream out = new ByteArrayOutputStream();

    byte[] toBytes() {
        return out.toByteArray();
    }

    private void number(BigInteger value, int bytes) {
        BigInteger rest = value;
        for (int i = 0; i < bytes; i++) {
            out.write(rest.intValue());
            rest = rest.shiftRight(8);
        }
    }

    private void number(long value, int bytes) {
        number(BigInteger.valueOf(value), bytes);
    }

    @Override
    public boolean isJson() {
        return false;
    }

    @Override
    public void open(String name) {}

    @Override
    public void close() {}

    @Override
    public void list(String name, int count) {
        number(count, 4);
    }

    @Override
    public void endList() {}

    @Override
    public void variant(String name, int tag, String variant) {
        out.write(tag);
    }

    @Override
    public void endVariant() {}

    @Override
    public void unit() {}

    @Override
    public void whole(String name, int bytes, BigInteger value) {
        number(value, bytes);
    }

    @Override
    public void wide(String name, BigInteger value) {
        number(value, 16);
    }

    @Override
    public void hex(String name, BigInteger value) {
        number(value, 32);
    }

    @Override
    public void text(String name, String value) {
        bytes(name, value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void bytes(String name, byte[] value) {
        number(value.length, 4);
        out.writeBytes(value);
    }

    @Override
    public void embedded(String name, String value) {
        text(name, value);
    }

    @Override
    public void rows(String name, List<String> rows, boolean fixed) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        if (fixed) {
            out.write(0);
            number(rows.isEmpty() ? 7 : rows.get(0).getBytes(StandardCharsets.UTF_8).length, 2);
        } else {
            out.write(1);
            number(rows.size(), 4);
        }
        for (String row : rows) {
            if (!fixed) {
                number(data.size(), 8);
            }
            data.writeBytes(row.getBytes(StandardCharsets.UTF_8));
        }
        bytes(name, data.toByteArray());
    }

    @Override
    public void squeezed(int compression) {
        out.write(compression);
        outer.push(new Outer(out, compression));
        if (compression != 0) {
            out = new ByteArrayOutputStream();
        }
    }

    @Override
    public void endSqueezed() {
        Outer around = outer.pop();
        byte[] plain = out.toByteArray();
        out = around.out;
        if (around.compression != 0) {
            bytes("", Compressed.by(around.compression, plain));
        }
    }
}
