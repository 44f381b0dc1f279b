package dev.tributary.spacetimedb.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Arguments, a result or an id in the form of the subprotocol: BSATN, or a JSON text. The codec does not look inside.
 * Immutable. Its {@code toString} tells the length alone, since arguments may be secrets.
 */
public final class Payload {

    private final byte[] bytes;
    private final boolean json;

    private Payload(byte[] bytes, boolean json) {
        this.bytes = bytes;
        this.json = json;
    }

    /** Plain bytes or BSATN. The array is copied. */
    public static Payload of(byte[] bytes) {
        return new Payload(bytes.clone(), false);
    }

    /** Bytes that nobody else holds. */
    static Payload owned(byte[] bytes) {
        return new Payload(bytes, false);
    }

    /** A JSON text. */
    public static Payload json(String text) {
        return new Payload(text.getBytes(StandardCharsets.UTF_8), true);
    }

    /** Whether it is a JSON text. */
    public boolean isJson() {
        return json;
    }

    /** The bytes, of a JSON text as UTF-8. A copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** How many bytes. */
    public int length() {
        return bytes.length;
    }

    /** The JSON text. */
    public String text() {
        if (!json) {
            throw new IllegalStateException("these " + bytes.length + " bytes are no text");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The bytes themselves, not to be changed. */
    byte[] shared() {
        return bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Payload that && json == that.json && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + (json ? " bytes of JSON" : " bytes");
    }
}
