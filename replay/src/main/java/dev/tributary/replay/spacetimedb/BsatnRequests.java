package dev.tributary.replay.spacetimedb;

import dev.tributary.spacetimedb.Arguments;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Reads client messages in BSATN (specification 3.4 and 3.5). */
final class BsatnRequests {

    private final ByteBuffer in;

    private BsatnRequests(byte[] bytes) {
        this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The message of v1; what stands behind it is lost on the server too. */
    static List<Request> first(byte[] bytes) throws UnreadableException {
        return List.of(new BsatnRequests(bytes).first());
    }

    /** The message of v2, or all of a bundle of v3. */
    static List<Request> second(byte[] bytes, boolean isBundle) throws UnreadableException {
        BsatnRequests reader = new BsatnRequests(bytes);
        List<Request> all = new ArrayList<>();
        do {
            all.add(reader.second());
        } while (isBundle && reader.in.hasRemaining());
        return all;
    }

    private Request first() throws UnreadableException {
        int tag = u8();
        switch (tag) {
            case 0: {
                String reducer = text();
                Arguments arguments = Arguments.bsatn(bytes());
                return new Request.Call(u32(), reducer, arguments, flags(1) == 1);
            }
            case 1: {
                List<String> queries = texts();
                return new Request.Legacy(u32(), queries);
            }
            case 2: {
                byte[] id = bytes();
                return new Request.OneOff(0, HexFormat.of().formatHex(id), text());
            }
            case 3: {
                String query = text();
                return new Request.Subscribe(u32(), u32(), List.of(query));
            }
            case 4: {
                List<String> queries = texts();
                return new Request.Subscribe(u32(), u32(), queries);
            }
            case 5, 6:
                return new Request.Unsubscribe(u32(), u32());
            case 7: {
                String procedure = text();
                Arguments arguments = Arguments.bsatn(bytes());
                Request call = new Request.Procedure(u32(), procedure, arguments);
                flags(0);
                return call;
            }
            default:
                throw new UnreadableException("unknown tag " + tag);
        }
    }

    private Request second() throws UnreadableException {
        int tag = u8();
        long id = u32();
        switch (tag) {
            case 0:
                return new Request.Subscribe(id, u32(), texts());
            case 1: {
                long set = u32();
                flags(1);
                return new Request.Unsubscribe(id, set);
            }
            case 2:
                return new Request.OneOff(id, null, text());
            case 3: {
                flags(0);
                String reducer = text();
                return new Request.Call(id, reducer, Arguments.bsatn(bytes()), false);
            }
            case 4: {
                flags(0);
                String procedure = text();
                return new Request.Procedure(id, procedure, Arguments.bsatn(bytes()));
            }
            default:
                throw new UnreadableException("unknown tag " + tag);
        }
    }

    private void need(long bytes) throws UnreadableException {
        if (in.remaining() < bytes) {
            throw new UnreadableException("too short");
        }
    }

    private int u8() throws UnreadableException {
        need(1);
        return in.get() & 0xff;
    }

    private int flags(int most) throws UnreadableException {
        int flags = u8();
        if (flags > most) {
            throw new UnreadableException("unknown flags " + flags);
        }
        return flags;
    }

    private long u32() throws UnreadableException {
        need(Integer.BYTES);
        return in.getInt() & 0xffffffffL;
    }

    private byte[] bytes() throws UnreadableException {
        long length = u32();
        need(length);
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    private String text() throws UnreadableException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnreadableException("no UTF-8");
        }
    }

    private List<String> texts() throws UnreadableException {
        long count = u32();
        List<String> texts = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            texts.add(text());
        }
        return texts;
    }
}
