package dev.tributary.spi;

import dev.tributary.Checkpoint;
import dev.tributary.LimitExceededException;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import org.jspecify.annotations.Nullable;

/**
 * The open commit of one query. Nothing of it is visible before {@link Output#commit}. Reads see the committed rows with
 * this draft applied.
 *
 * <p>Every method that adds throws {@link LimitExceededException} when the draft outgrows its bound; the engine then
 * fails the query.
 */
public interface Draft {

    /**
     * Begins a new content: what was held is replaced as a whole at the commit, and readers then hear only the
     * differences. Called for the first content too. What this draft held before is dropped.
     */
    void replaceAll(RowSchema schema);

    /** The schema of the rows in this draft; null before the first {@link #replaceAll}. */
    @Nullable
    RowSchema schema();

    /** The row of the same key; null when there is none, or when no rows are kept. */
    @Nullable
    Row get(Row keyed);

    /** Inserts, or replaces the row of that key. */
    void put(Row row);

    /**
     * Changes the columns that are present in the partial row.
     *
     * @return false when there is no row of that key: nothing was done. Always true where no rows are kept
     */
    default boolean patch(Row partial) {
        return patch(partial, null);
    }

    /**
     * Changes the columns that are present in the partial row.
     *
     * @param before the whole row as the server says that it was; told on where no rows are kept. Null when it does not
     * @return as {@link #patch(Row)}
     */
    boolean patch(Row partial, @Nullable Row before);

    /**
     * Removes the row of that key.
     *
     * @return the row that was there; null when there was none. Where no rows are kept, the row given
     */
    @Nullable
    Row remove(Row keyed);

    /**
     * Counts copies of a row, for protocols that send multisets: the row is there while its count is above 0. At the
     * commit a row that left and one of the same key that came make one update. A row that was {@link #put} counts once,
     * so a first content without repeated rows need not be counted; whoever takes such rows away again takes the old row of
     * a key away before it adds the new one.
     *
     * @return the new count; below 0 the protocol and the server disagree
     */
    int add(Row row, int copies);

    /** Something that passes by and is never stored; delivered with the commit, in order. */
    void event(Object event);

    /** From here the query goes on, once this draft is committed. */
    void checkpoint(@Nullable Checkpoint checkpoint);

    /**
     * Whether the rows will be known to be whole once this is committed: nothing that the server sent before can be
     * missing. Where nothing is said it stays as it was, and it is true after {@link #replaceAll}. Only a transport that
     * is not {@link dev.tributary.Capability#LOSSLESS} ever says false.
     */
    void verified(boolean whole);

    /** How many rows there would be if it were committed now. */
    int size();
}
