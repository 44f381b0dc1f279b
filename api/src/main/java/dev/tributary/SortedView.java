package dev.tributary;

import java.util.List;
import java.util.function.Consumer;

/**
 * The rows of a view in an order.
 *
 * @param <T> what rows are read as
 */
public interface SortedView<T> extends AutoCloseable {

    /** The same order, but only the first so many rows. */
    SortedView<T> limit(int rows);

    /** The rows now, in order: {@code snapshot().toList()} reads as it does on a view. */
    Ordered<T> snapshot();

    /** Calls back after each commit that may have changed the rows, on the executor that the source shares. */
    Registration listen(Consumer<? super Ordered<T>> listener);

    /** Ends this order; the view goes on. */
    @Override
    void close();

    /**
     * Rows in order at one instant; immutable.
     *
     * @param <T> what rows are read as
     */
    interface Ordered<T> extends Iterable<T> {

        int size();

        List<T> toList();

        /** The number of the commit that made this content. */
        long version();
    }
}
