package dev.tributary.spacetimedb.types;

import dev.tributary.ProtocolException;
import org.jspecify.annotations.Nullable;

/** What a function returned, as Java. */
public final class ReturnValue {

    private ReturnValue() {}

    /**
     * The value of these bytes, all of them.
     *
     * @param what for messages, for example {@code the value of procedure report}
     * @throws ProtocolException when they are no value of the type
     */
    public static @Nullable Object ofBsatn(String what, AlgebraicType type, byte[] bytes) {
        try {
            BsatnReader in = new BsatnReader(bytes);
            Object value = type.decode(in, AlgebraicType.MOST_LEVELS);
            in.checkEnd();
            return value;
        } catch (IllegalArgumentException e) {
            throw new ProtocolException(what + ": " + e.getMessage(), e);
        }
    }

    /**
     * The value of this JSON text.
     *
     * @throws ProtocolException when it is no value of the type
     */
    public static @Nullable Object ofJson(String what, AlgebraicType type, String text) {
        try {
            byte[] bytes =
                    new JsonInput().read(type, text, JsonSource.Dialect.SERVER).toBytes();
            return ofBsatn(what, type, bytes);
        } catch (IllegalArgumentException e) {
            throw new ProtocolException(what + ": " + e.getMessage(), e);
        }
    }
}
