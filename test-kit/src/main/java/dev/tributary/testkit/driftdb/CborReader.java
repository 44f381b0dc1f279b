package dev.tributary.testkit.driftdb;

import dev.tributary.testkit.driftdb.DriftValue.Member;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads CBOR as strictly as the real server: no tags, nothing beyond 64 bits, and whatever follows is ignored. */
final class CborReader {

    private static final int MAX_DEPTH = 250;
    private static final int INDEFINITE = 31;
    private static final int BREAK = 0xff;
    private static final BigInteger MIN = BigInteger.ONE.shiftLeft(63).negate();

    private final byte[] bytes;
    private int at;
    private int depth;

    private CborReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The first item. */
    static DriftValue value(byte[] bytes) throws BadMessageException {
        return new CborReader(bytes).value();
    }

    /** The message in the bytes. */
    static ClientMessage message(byte[] bytes) throws BadMessageException {
        if (!(value(bytes) instanceof DriftValue.Map map)) {
            throw BadMessageException.shape("Semantic(None, \"invalid type, expected map\")");
        }
        MessageBuilder message = new MessageBuilder();
        for (Member member : map.members()) {
            String key = MessageBuilder.text(member.key());
            if (key != null) {
                message.member(key, member.value(), "");
            }
        }
        return message.build();
    }

    private DriftValue value() throws BadMessageException {
        int first = octet();
        int info = first & 0x1f;
        return switch (first >> 5) {
            case 0 -> new DriftValue.Int(argument(info));
            case 1 -> negative(info);
            case 2 -> bytes(info);
            case 3 -> new DriftValue.Text(utf8(string(3, info)));
            case 4 -> array(info);
            case 5 -> map(info);
            case 6 -> throw refused("tag");
            default -> simple(info);
        };
    }

    private DriftValue negative(int info) throws BadMessageException {
        BigInteger value = argument(info).negate().subtract(BigInteger.ONE);
        if (value.compareTo(MIN) < 0) {
            throw refused("integer below the least of 64 bits");
        }
        return new DriftValue.Int(value);
    }

    private DriftValue bytes(int info) throws BadMessageException {
        byte[] raw = string(2, info);
        List<Byte> list = new ArrayList<>(raw.length);
        for (byte one : raw) {
            list.add(one);
        }
        return new DriftValue.Bytes(list);
    }

    private DriftValue array(int info) throws BadMessageException {
        enter();
        List<DriftValue> items = new ArrayList<>();
        if (info == INDEFINITE) {
            while (!broke()) {
                items.add(value());
            }
        } else {
            int count = count(info);
            for (int i = 0; i < count; i++) {
                items.add(value());
            }
        }
        depth--;
        return new DriftValue.Array(items);
    }

    private DriftValue map(int info) throws BadMessageException {
        enter();
        List<Member> members = new ArrayList<>();
        if (info == INDEFINITE) {
            while (!broke()) {
                members.add(new Member(value(), value()));
            }
        } else {
            int count = count(info);
            for (int i = 0; i < count; i++) {
                members.add(new Member(value(), value()));
            }
        }
        depth--;
        return new DriftValue.Map(members);
    }

    private DriftValue simple(int info) throws BadMessageException {
        return switch (info) {
            case 20 -> new DriftValue.Bool(false);
            case 21 -> new DriftValue.Bool(true);
            case 22, 23 -> DriftValue.NULL;
            case 25 ->
                new DriftValue.Float(HalfFloat.toDouble((short) argument(info).intValue()));
            case 26 -> new DriftValue.Float(Float.intBitsToFloat(argument(info).intValue()));
            case 27 ->
                new DriftValue.Float(Double.longBitsToDouble(argument(info).longValue()));
            default -> throw refused("simple value");
        };
    }

    private BigInteger argument(int info) throws BadMessageException {
        if (info < 24) {
            return BigInteger.valueOf(info);
        }
        if (info > 27) {
            throw refused("length");
        }
        return new BigInteger(1, take(1 << (info - 24)));
    }

    /** More items than bytes cannot be: such a count is seen to be wrong before anything is kept for it. */
    private int count(int info) throws BadMessageException {
        BigInteger count = argument(info);
        if (count.bitLength() > 31 || count.intValue() > bytes.length - at) {
            throw ended();
        }
        return count.intValue();
    }

    private byte[] string(int major, int info) throws BadMessageException {
        if (info != INDEFINITE) {
            return take(count(info));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (!broke()) {
            int first = octet();
            if (first >> 5 != major || (first & 0x1f) == INDEFINITE) {
                throw refused("piece of a string");
            }
            out.writeBytes(take(count(first & 0x1f)));
        }
        return out.toByteArray();
    }

    private static String utf8(byte[] raw) throws BadMessageException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(raw))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refused("text");
        }
    }

    private boolean broke() throws BadMessageException {
        if (at >= bytes.length) {
            throw ended();
        }
        if ((bytes[at] & 0xff) == BREAK) {
            at++;
            return true;
        }
        return false;
    }

    private int octet() throws BadMessageException {
        if (at >= bytes.length) {
            throw ended();
        }
        return bytes[at++] & 0xff;
    }

    private byte[] take(int length) throws BadMessageException {
        if (length > bytes.length - at) {
            throw ended();
        }
        byte[] part = new byte[length];
        System.arraycopy(bytes, at, part, 0, length);
        at += length;
        return part;
    }

    private void enter() throws BadMessageException {
        if (++depth > MAX_DEPTH) {
            throw BadMessageException.syntax("RecursionLimitExceeded");
        }
    }

    private static BadMessageException refused(String what) {
        return BadMessageException.syntax("Semantic(None, \"invalid " + what + "\")");
    }

    private static BadMessageException ended() {
        return BadMessageException.syntax(
                "Io(Error { kind: UnexpectedEof, message: \"failed to fill whole buffer\" })");
    }
}
