package dev.tributary.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A write or another verb on its way to a protocol. Compared by identity.
 */
public interface Call {

    /** What to do, in the transport's own types. */
    Object request();

    /** The query it is about; null when it is about the session. */
    @Nullable
    Subscription subscription();

    /** What is left until the engine ends it with an unknown outcome. */
    Duration remaining();
}
