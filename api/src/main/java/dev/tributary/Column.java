package dev.tributary;

import java.util.Objects;

/**
 * One column of a {@link RowSchema}.
 *
 * @param name as the server spells it
 * @param type how its values are packed and read
 * @param nullable whether the server may send null
 * @param keyIndex place in the primary key from 0, or -1 when the column is no part of it
 */
public record Column(String name, ColumnType type, boolean nullable, int keyIndex) {

    /** Checks that there is a name and a type. */
    public Column {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
    }

    /** Whether the column is a part of the primary key. */
    public boolean isKey() {
        return keyIndex >= 0;
    }
}
