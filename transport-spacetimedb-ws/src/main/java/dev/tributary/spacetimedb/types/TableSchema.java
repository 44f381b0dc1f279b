package dev.tributary.spacetimedb.types;

/**
 * A table or a view of the database. Immutable.
 *
 * @param name the canonical name, which the wire uses
 * @param sourceName the name in the module's source, which queries may use as well; the same where it is not known
 * @param layout its columns, and the way from the bytes of a row to a {@link dev.tributary.Row}
 * @param kind what it is
 * @param isPublic whether others than the owner may read it
 */
public record TableSchema(String name, String sourceName, RowLayout layout, Kind kind, boolean isPublic) {

    /** What rows come from. */
    public enum Kind {
        /** A stored table. */
        TABLE,
        /** Its rows pass by with a transaction and are never stored. Known from version 10 of a schema alone. */
        EVENT_TABLE,
        /** A view of the module, not of this library. */
        VIEW
    }

    /** Whether its rows are events. */
    public boolean isEvent() {
        return kind == Kind.EVENT_TABLE;
    }

    /** Whether the rows have a primary key; without one they are counted as wholes. */
    public boolean hasPrimaryKey() {
        return layout.schema().declaresKey();
    }
}
