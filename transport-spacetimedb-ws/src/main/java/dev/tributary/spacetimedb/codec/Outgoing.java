package dev.tributary.spacetimedb.codec;

import dev.tributary.LimitExceededException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What every client message must be, whatever its subprotocol. */
final class Outgoing {

    private static final long MOST_ID = 0xFFFF_FFFFL;

    private Outgoing() {}

    static long id(long value) {
        if (value < 0 || value > MOST_ID) {
            throw new IllegalArgumentException("not an unsigned number of 32 bits: " + value);
        }
        return value;
    }

    static byte[] utf8(String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] exact = new byte[bytes.remaining()];
            bytes.get(exact);
            return exact;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a text has half of a surrogate pair, which UTF-8 cannot say", e);
        }
    }

    static Payload form(Payload args, boolean json) {
        if (args.isJson() != json) {
            throw new IllegalArgumentException("this subprotocol takes " + (json ? "JSON" : "BSATN") + ", not " + args);
        }
        return args;
    }

    /** The server drops the connection without a word for anything larger. */
    static byte[] bounded(String what, byte[] message) {
        if (message.length > ClientMessages.MOST_BYTES) {
            throw new LimitExceededException(
                    what + " has " + message.length + " bytes; the server takes at most " + ClientMessages.MOST_BYTES);
        }
        return message;
    }
}
