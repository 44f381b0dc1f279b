package dev.tributary.testkit.sodp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All keys, their versions, and what a log on disk would hold. */
final class KeyStore {

    /** A record on disk: what changed, and the value that came of it. */
    private record Recorded(
            String key,
            long version,
            List<SodpOp> ops,
            @Nullable Object value) {}

    private final boolean versionPerKey;
    private final boolean onDisk;
    private final int window;
    private final Map<String, KeyState> keys = new LinkedHashMap<>();
    private final List<Recorded> disk = new ArrayList<>();
    private long lastVersion;

    KeyStore(SodpOptions options) {
        versionPerKey = options.dialect() == SodpDialect.TYPESCRIPT;
        onDisk = options.logOnDisk();
        window = options.window();
    }

    /** The state of a key, also of one never written. */
    KeyState of(String key) {
        KeyState state = keys.get(key);
        return state == null ? new KeyState(key) : state;
    }

    /** How many keys exist. */
    int size() {
        int count = 0;
        for (KeyState state : keys.values()) {
            count += state.exists() ? 1 : 0;
        }
        return count;
    }

    /** The keys that exist, oldest first. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        keys.values().forEach(state -> {
            if (state.exists()) {
                names.add(state.key());
            }
        });
        return names;
    }

    /**
     * Makes an edit real.
     *
     * @return the version it took, or the one the key had before
     */
    long commit(String key, Edit edit) {
        KeyState state = keys.computeIfAbsent(key, KeyState::new);
        if (!edit.takesVersion()) {
            long kept = state.version();
            state.become(edit.value(), edit.exists(), kept);
            return kept;
        }
        lastVersion++;
        long version = versionPerKey ? state.version() + 1 : lastVersion;
        state.become(edit.value(), edit.exists(), version);
        if (!edit.ops().isEmpty()) {
            state.log(version, edit.ops(), window);
            if (onDisk) {
                disk.add(new Recorded(key, version, edit.ops(), edit.value()));
            }
        }
        if (versionPerKey && !edit.exists()) {
            state.forgetLog();
        }
        return version;
    }

    /** Puts a value there as if it came from elsewhere: no DELTA, no log. */
    void load(String key, @Nullable Object value, long version) {
        keys.computeIfAbsent(key, KeyState::new).become(value, true, version);
        lastVersion = Math.max(lastVersion, version);
    }

    /** Forgets everything, or all but what can be read back from disk: that ends before the first REMOVE. */
    void restart(boolean keepLog) {
        keys.clear();
        lastVersion = 0;
        int readable = 0;
        while (keepLog && readable < disk.size() && isReadable(disk.get(readable))) {
            Recorded recorded = disk.get(readable++);
            KeyState state = keys.computeIfAbsent(recorded.key(), KeyState::new);
            state.become(recorded.value(), true, recorded.version());
            state.log(recorded.version(), recorded.ops(), window);
            lastVersion = Math.max(lastVersion, recorded.version());
        }
        disk.subList(readable, disk.size()).clear();
    }

    private static boolean isReadable(Recorded recorded) {
        return recorded.ops().stream().noneMatch(op -> op.kind() == SodpOp.Kind.REMOVE);
    }
}
