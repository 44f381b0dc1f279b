package dev.tributary.testkit.spacetimedb;

import java.util.Map;

/**
 * A transaction that took place.
 *
 * @param number from 1
 * @param tables by name, event tables too
 */
record Commit(long number, long micros, Map<String, Change> tables, Map<ViewKey, Change> views) {

    Change table(String name) {
        return tables.getOrDefault(name, Change.NONE);
    }

    Change view(ViewKey key) {
        return views.getOrDefault(key, Change.NONE);
    }

    boolean isEmpty() {
        return tables.isEmpty() && views.isEmpty();
    }
}
