package dev.tributary.testkit.sodp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one dialect talks over one connection. */
interface Speech {

    /** The connection is there. */
    void opened();

    /** A frame that could be read. */
    void frame(ClientFrame request);

    /** A binary message that could not be read. */
    void unreadable();

    /** A text message. */
    void text();

    /** A message above the size that is allowed. */
    void oversized(int bytes);

    /** A ping of the client. Returns how many pongs answer it. */
    default int ping() {
        return 1;
    }

    /** A pong of the client. */
    default void pong() {}

    /** Tells a subscription of a change. */
    void changed(Watch watch, long version, List<SodpOp> ops);

    /** How often presence entries are removed when the connection ends. */
    default int cleanUps(boolean afterFailure) {
        return 1;
    }

    /** The name of the client, once it is known. */
    @Nullable
    String subject();
}
