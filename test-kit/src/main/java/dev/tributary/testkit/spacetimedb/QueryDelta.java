package dev.tributary.testkit.spacetimedb;

/** What a transaction, or a (un)subscription, changed in the rows of one query. */
record QueryDelta(Query query, RowBag deletes, RowBag inserts) {

    boolean isEmpty() {
        return deletes.isEmpty() && inserts.isEmpty();
    }
}
