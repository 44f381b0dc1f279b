package dev.tributary;

import java.util.List;
import java.util.Set;

/**
 * The rows of a view by a value of theirs. One call is consistent in itself; two calls may see two commits.
 *
 * @param <K> the value
 * @param <T> what rows are read as
 */
public interface Index<K, T> extends AutoCloseable {

    /** The rows whose value equals this one; empty when there is none. */
    List<T> get(K key);

    /** The values that some row has; an immutable copy. */
    Set<K> keys();

    /** Ends the index; the view goes on. */
    @Override
    void close();
}
