package dev.tributary.testkit.sodp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One key: its value, its version and the last of its deltas. It outlives a deletion, for its log may. */
final class KeyState {

    /**
     * A change as it can be replayed.
     *
     * @param version of the key after it
     * @param ops what it did
     */
    record Logged(long version, List<SodpOp> ops) {}

    private final String key;
    private final Deque<Logged> log = new ArrayDeque<>();
    private @Nullable Object value;
    private boolean exists;
    private long version;

    KeyState(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    @Nullable
    Object value() {
        return value;
    }

    boolean exists() {
        return exists;
    }

    /** 0 for a key that does not exist. */
    long version() {
        return exists ? version : 0;
    }

    void become(@Nullable Object newValue, boolean nowExists, long newVersion) {
        value = newValue;
        exists = nowExists;
        version = newVersion;
    }

    void log(long at, List<SodpOp> ops, int window) {
        log.add(new Logged(at, ops));
        if (log.size() > window) {
            log.remove();
        }
    }

    void forgetLog() {
        log.clear();
    }

    /** The version of the oldest delta that can be replayed; beyond all versions when there is none. */
    long oldestLogged() {
        Logged oldest = log.peek();
        return oldest == null ? Long.MAX_VALUE : oldest.version();
    }

    /** The deltas after a version that can be replayed. */
    List<Logged> after(long since) {
        List<Logged> missed = new ArrayList<>();
        for (Logged logged : log) {
            if (logged.version() > since) {
                missed.add(logged);
            }
        }
        return missed;
    }
}
