package dev.tributary.testkit.spacetimedb;

import java.util.LinkedHashSet;
import java.util.Set;

/** What a transaction did to one table or view, after all is netted. */
record Change(Set<Row> deletes, Set<Row> inserts) {

    static final Change NONE = new Change(Set.of(), Set.of());

    static Change between(Set<Row> before, Set<Row> after) {
        Set<Row> deletes = new LinkedHashSet<>(before);
        deletes.removeAll(after);
        Set<Row> inserts = new LinkedHashSet<>(after);
        inserts.removeAll(before);
        return new Change(deletes, inserts);
    }

    boolean isEmpty() {
        return deletes.isEmpty() && inserts.isEmpty();
    }
}
