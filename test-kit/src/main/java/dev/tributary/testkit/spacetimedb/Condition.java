package dev.tributary.testkit.spacetimedb;

import java.util.List;

/** A WHERE clause over the values of the selected row and, in a join, of the row it is joined with. */
@FunctionalInterface
interface Condition {

    Condition TRUE = (selected, other) -> true;

    boolean test(List<Object> selected, List<Object> other);
}
