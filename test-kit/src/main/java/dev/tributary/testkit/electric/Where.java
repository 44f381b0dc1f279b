package dev.tributary.testkit.electric;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A filter over the rows of one table, in three-valued logic. */
@FunctionalInterface
interface Where {

    /** Accepts every row. */
    Where ALL = row -> Boolean.TRUE;

    /** True, false, or null for unknown. */
    @Nullable
    Boolean test(@Nullable String[] row);

    default boolean matches(@Nullable String[] row) {
        return Boolean.TRUE.equals(test(row));
    }

    /**
     * Compiles SQL text.
     *
     * @param params values of {@code $n} by number
     * @throws WhereException when the filter is refused
     */
    static Where compile(String sql, TableSpec table, Map<Integer, String> params) {
        return new SqlParser(sql, table, params).parse();
    }
}
