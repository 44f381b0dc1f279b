package dev.tributary.electric;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Handles that are known to be dead, by shape: a cache may still answer with them. All sessions of a source share one;
 * what was not used for longest is forgotten first.
 */
final class ExpiredHandles {

    static final int CAPACITY = 250;

    private final Map<String, String> handles = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > CAPACITY;
        }
    };

    /** The dead handle of a shape; reading keeps it from being forgotten. */
    @Nullable
    String get(String shapeKey) {
        return handles.get(shapeKey);
    }

    void put(String shapeKey, String handle) {
        handles.put(shapeKey, handle);
    }

    void remove(String shapeKey) {
        handles.remove(shapeKey);
    }

    /** Shape keys may hold secrets. */
    @Override
    public String toString() {
        return "ExpiredHandles[" + handles.size() + "]";
    }
}
