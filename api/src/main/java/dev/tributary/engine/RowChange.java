package dev.tributary.engine;

import dev.tributary.Change;
import dev.tributary.Row;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What happened to one key; at least one of the rows is there. */
record RowChange(
        Change.Kind kind, @Nullable Row before, @Nullable Row after) {

    RowChange(@Nullable Row before, @Nullable Row after) {
        this(kindOf(before, after), before, after);
    }

    private static Change.Kind kindOf(@Nullable Row before, @Nullable Row after) {
        if (before == null) {
            return Change.Kind.INSERT;
        }
        return after == null ? Change.Kind.DELETE : Change.Kind.UPDATE;
    }

    /** Either row: both have the key. */
    Row keyed() {
        return after != null ? after : Objects.requireNonNull(before);
    }
}
