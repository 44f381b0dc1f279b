package dev.tributary.conformance;

import dev.tributary.Query;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What servers say about coming again, and whether the sources of a world keep to it. {@link ModelWorld#watched} tells it
 * what protocols hear and when they are asked for a query again; a world that keeps none tells nothing.
 */
public final class Patience {

    /** So long {@link Fault#COME_LATER} asks to wait: longer than any wait that the laws' sources draw by themselves. */
    public static final Duration ASKED = Duration.ofSeconds(20);

    private Duration longest = Duration.ZERO;
    private long cuts;
    private @Nullable String broken;

    /** Nothing was heard yet. */
    public Patience() {}

    /** A server asked a source to wait. */
    void asked(Duration wait) {
        longest = wait.compareTo(longest) > 0 ? wait : longest;
    }

    /** The longest wait that any server asked for. */
    Duration longest() {
        return longest;
    }

    /** An application wants to go on at once, whatever servers say. */
    void cutShort() {
        cuts++;
    }

    /** How often an application did. */
    long cuts() {
        return cuts;
    }

    /** A source came back too early. */
    void early(Query query, Duration tooSoon) {
        if (broken == null) {
            broken = "an attempt for " + query + " came " + tooSoon + " before the server had said";
        }
    }

    /** Throws for the first source that came back too early. */
    void check() {
        if (broken != null) {
            throw Law.COMES_LATER.brokenBy(broken);
        }
    }
}
