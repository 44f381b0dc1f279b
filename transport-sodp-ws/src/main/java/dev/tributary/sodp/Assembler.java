package dev.tributary.sodp;

import dev.tributary.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Puts the pieces of a message together, up to a bound. */
final class Assembler {

    private static final int FIRST_CAPACITY = 16 * 1024;

    private final long most;
    private byte[] pending = new byte[0];
    private int used;

    Assembler(long most) {
        this.most = most;
    }

    /** How many bytes of an unfinished message are here. */
    int pending() {
        return used;
    }

    /**
     * The whole message, of which this is the last piece; null before that.
     *
     * @throws ProtocolException when it outgrows the bound
     */
    byte @Nullable [] add(ByteBuffer piece, boolean last) {
        int length = piece.remaining();
        if ((long) used + length > most) {
            throw new ProtocolException("a message is larger than " + most + " bytes; raise the option '"
                    + SodpOptions.MAX_MESSAGE.name() + "'");
        }
        if (last && used == 0) {
            byte[] whole = new byte[length];
            piece.get(whole);
            return whole;
        }
        if (pending.length - used < length) {
            long wanted = Math.max((long) used + length, Math.max(2L * pending.length, FIRST_CAPACITY));
            pending = Arrays.copyOf(pending, (int) Math.min(wanted, Math.min(most, Integer.MAX_VALUE - 8)));
        }
        piece.get(pending, used, length);
        used += length;
        if (!last) {
            return null;
        }
        byte[] whole = used == pending.length ? pending : Arrays.copyOf(pending, used);
        pending = new byte[0];
        used = 0;
        return whole;
    }
}
