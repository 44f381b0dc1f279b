package dev.tributary.driftdb;

import dev.tributary.LimitExceededException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Puts the pieces of a message together, up to a bound. */
final class Assembly {

    private final long maxMessage;
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

    Assembly(long maxMessage) {
        this.maxMessage = maxMessage;
    }

    /** @return the message when this was its last piece */
    byte @Nullable [] add(ByteBuffer bytes, boolean last) {
        if (partial.size() + (long) bytes.remaining() > maxMessage) {
            partial.reset();
            throw new dev.tributary.ProtocolException(
                    "message: it has more than " + maxMessage + " bytes; raise the option '"
                            + DriftDbOptions.MAX_MESSAGE.name() + "'",
                    new LimitExceededException("a message is too large"));
        }
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        if (last && partial.size() == 0) {
            return piece;
        }
        partial.writeBytes(piece);
        if (!last) {
            return null;
        }
        byte[] whole = partial.toByteArray();
        partial.reset();
        return whole;
    }
}
