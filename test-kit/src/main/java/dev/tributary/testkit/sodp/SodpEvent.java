package dev.tributary.testkit.sodp;

import org.jspecify.annotations.Nullable;

/**
 * A frame on its way, as faults look at it.
 *
 * @param session number of the connection, from 1
 * @param fromClient whether the client sent it; else the server is about to
 * @param key the state key it is about, where there is one
 * @param replayed whether it is a DELTA that answers a RESUME
 * @param frame the frame
 */
public record SodpEvent(
        int session, boolean fromClient, @Nullable String key, boolean replayed, SodpFrame frame) {

    /** Whether the server sends a frame of this type. */
    public boolean isSent(int type) {
        return !fromClient && frame.type() == type;
    }

    /** Whether the client asks with a frame of this type. */
    public boolean isAsked(int type) {
        return fromClient && frame.type() == type;
    }

    /** Whether it is about this key. */
    public boolean isAbout(String name) {
        return name.equals(key);
    }
}
