package dev.tributary.spacetimedb;

import dev.tributary.Row;
import dev.tributary.spi.SizedDocument;

/**
 * A row of an event table: it passes by with its transaction and is never stored.
 *
 * @param row its columns
 */
public record EventRow(Row row) implements SizedDocument {

    @Override
    public long sizeInBytes() {
        return row.sizeInBytes();
    }
}
