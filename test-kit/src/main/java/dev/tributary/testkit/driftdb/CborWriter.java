package dev.tributary.testkit.driftdb;

import dev.tributary.testkit.driftdb.DriftValue.Member;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes CBOR as the real server does: definite lengths, the shortest integers, the shortest exact floats. */
final class CborWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private CborWriter() {}

    static byte[] write(DriftValue value) {
        CborWriter writer = new CborWriter();
        writer.put(value);
        return writer.out.toByteArray();
    }

    private void put(DriftValue value) {
        if (value instanceof DriftValue.Null) {
            out.write(0xf6);
        } else if (value instanceof DriftValue.Bool bool) {
            out.write(bool.value() ? 0xf5 : 0xf4);
        } else if (value instanceof DriftValue.Int number) {
            integer(number.value());
        } else if (value instanceof DriftValue.Float number) {
            real(number.value());
        } else if (value instanceof DriftValue.Text text) {
            byte[] bytes = text.value().getBytes(StandardCharsets.UTF_8);
            head(3, BigInteger.valueOf(bytes.length));
            out.writeBytes(bytes);
        } else if (value instanceof DriftValue.Bytes bytes) {
            bytes(bytes.value());
        } else if (value instanceof DriftValue.Array array) {
            head(4, BigInteger.valueOf(array.items().size()));
            array.items().forEach(this::put);
        } else if (value instanceof DriftValue.Map map) {
            head(5, BigInteger.valueOf(map.members().size()));
            for (Member member : map.members()) {
                put(member.key());
                put(member.value());
            }
        }
    }

    private void bytes(List<Byte> bytes) {
        head(2, BigInteger.valueOf(bytes.size()));
        bytes.forEach(out::write);
    }

    private void integer(BigInteger value) {
        if (value.signum() < 0) {
            head(1, value.negate().subtract(BigInteger.ONE));
        } else {
            head(0, value);
        }
    }

    private void real(double value) {
        int half = HalfFloat.of(value);
        if (half >= 0) {
            out.write(0xf9);
            big(half, 2);
        } else if ((float) value == value) {
            out.write(0xfa);
            big(Float.floatToIntBits((float) value), 4);
        } else {
            out.write(0xfb);
            big(Double.doubleToLongBits(value), 8);
        }
    }

    private void head(int major, BigInteger argument) {
        int type = major << 5;
        int bits = argument.bitLength();
        if (bits <= 5 && argument.intValue() < 24) {
            out.write(type | argument.intValue());
        } else {
            int power = bits <= 8 ? 0 : bits <= 16 ? 1 : bits <= 32 ? 2 : 3;
            out.write(type | (24 + power));
            big(argument.longValue(), 1 << power);
        }
    }

    private void big(long value, int length) {
        for (int i = length - 1; i >= 0; i--) {
            out.write((int) (value >>> (8 * i)));
        }
    }
}
