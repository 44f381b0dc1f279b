package dev.tributary.cli;

import dev.tributary.Change;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import java.io.IOException;

/** Writes rows and changes in one format, from one thread at a time. What it wrote is out after {@link #flush}. */
interface RowFormat {

    /** The columns of what follows. Called before any row, and again when they change. */
    default void schema(RowSchema schema) throws IOException {}

    /** A row of the content at the start. */
    void row(Row row) throws IOException;

    /** So many rows of the content were left out. */
    default void more(long rows) throws IOException {}

    /** A change of the content. */
    void change(Change<Row> change) throws IOException;

    /** Hands everything to the system. */
    void flush() throws IOException;
}
