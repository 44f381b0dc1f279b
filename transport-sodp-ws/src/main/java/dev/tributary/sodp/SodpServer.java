package dev.tributary.sodp;

import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a server said of itself when the connection began.
 *
 * @param name as it calls itself; null where it gives no name
 * @param version of the protocol
 * @param dialect which of the known servers it is taken for
 * @param writesPerSecond how many calls it takes in a second; empty where it names no limit
 * @param watchesPerSecond how many requests for keys it takes in a second; empty where it names no limit
 * @param multiWatch whether one request may name several keys
 * @param params whether requests may carry parameters
 * @param resume whether it replays what was missed
 * @param capabilities all that it said about them, as a document
 * @param subject who the token says that we are; null without authentication
 */
public record SodpServer(
        @Nullable String name,
        String version,
        SodpDialect dialect,
        OptionalInt writesPerSecond,
        OptionalInt watchesPerSecond,
        boolean multiWatch,
        boolean params,
        boolean resume,
        Map<String, @Nullable Object> capabilities,
        @Nullable String subject) {

    SodpServer withSubject(@Nullable String who) {
        return new SodpServer(
                name,
                version,
                dialect,
                writesPerSecond,
                watchesPerSecond,
                multiWatch,
                params,
                resume,
                capabilities,
                who);
    }
}
