package dev.tributary.testkit.sodp;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One frame, of either side.
 *
 * @param type its number; the constants are the known ones
 * @param stream 0 for control, else the number of a subscription
 * @param seq the sender's counter, or what it uses in its place
 * @param body a map, or null; what a client sends may be anything
 */
public record SodpFrame(
        int type, long stream, long seq, @Nullable Object body) {

    public static final int HELLO = 0x01;
    public static final int WATCH = 0x02;
    public static final int STATE_INIT = 0x03;
    public static final int DELTA = 0x04;
    public static final int CALL = 0x05;
    public static final int RESULT = 0x06;
    public static final int ERROR = 0x07;
    public static final int ACK = 0x08;
    public static final int HEARTBEAT = 0x09;
    public static final int RESUME = 0x0A;
    public static final int AUTH = 0x0B;
    public static final int AUTH_OK = 0x0C;
    public static final int UNWATCH = 0x0D;

    /** A field of the body; null when there is none. */
    public @Nullable Object field(String name) {
        return body instanceof Map<?, ?> map ? map.get(name) : null;
    }

    /** Whether the body has a field, be it nil. */
    public boolean has(String name) {
        return body instanceof Map<?, ?> map && map.containsKey(name);
    }

    /** A field that is a text; null when it is not. */
    public @Nullable String text(String name) {
        return field(name) instanceof String text ? text : null;
    }

    /** This frame with another body. */
    public SodpFrame withBody(@Nullable Object other) {
        return new SodpFrame(type, stream, seq, other);
    }

    /** This frame of another type. */
    public SodpFrame withType(int other) {
        return new SodpFrame(other, stream, seq, body);
    }

    /** This frame on another stream. */
    public SodpFrame withStream(long other) {
        return new SodpFrame(type, other, seq, body);
    }

    /** Bodies hold tokens and documents, so it shows none. */
    @Override
    public String toString() {
        return "frame 0x" + Integer.toHexString(type) + " on stream " + stream;
    }
}
