package dev.tributary.replay.sodp;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What our client asked on one connection. */
final class OurRequests {

    /** Of one key. */
    private static final class Asked {

        /** How many requests have no answer yet. */
        int open;

        boolean answered;
        boolean unprompted;
        long wish;
    }

    private final Map<String, Asked> keys = new HashMap<>();
    private final Set<String> permitted = new HashSet<>();
    private boolean token;

    private Asked of(String key) {
        return keys.computeIfAbsent(key, unknown -> new Asked());
    }

    /** Our client asks for a key. */
    void asks(String key, long wish) {
        Asked asked = of(key);
        asked.open++;
        asked.wish = wish;
    }

    void sendsToken() {
        token = true;
    }

    boolean hasSentToken() {
        return token;
    }

    /** Whether it asked for the key at any time. */
    boolean hasAsked(String key) {
        return keys.containsKey(key);
    }

    /** Whether a whole value came since it first asked. */
    boolean isAnswered(String key) {
        return keys.containsKey(key) && of(key).answered;
    }

    /** Whether it waits for a whole value, or gets one that the recorded client alone asked for. */
    boolean expects(String key) {
        return keys.containsKey(key) && (of(key).open > 0 || of(key).unprompted);
    }

    boolean isWaiting(String key) {
        return keys.containsKey(key) && of(key).open > 0;
    }

    /** The recorded client asks once more for what it follows; ours has one subscription for all. */
    void unprompted(String key) {
        of(key).unprompted = true;
    }

    void answered(String key) {
        Asked asked = of(key);
        // Asking again before the answer came does not make two answers.
        asked.open = 0;
        asked.unprompted = false;
        asked.answered = true;
        permitted.remove(key);
    }

    /** The number that our client last asked for the key with. */
    long wish(String key) {
        return of(key).wish;
    }

    /** The application asks again: the next request for the key is no repair. */
    void permit(String key) {
        permitted.add(key);
    }

    boolean isPermitted(@Nullable String key) {
        return permitted.contains(key);
    }
}
