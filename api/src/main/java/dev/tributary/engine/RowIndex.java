package dev.tributary.engine;

import dev.tributary.Commit;
import dev.tributary.Index;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.RowMapper;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Rows by a value of theirs: an immutable trie for each value. A row whose value is null is in no trie. */
final class RowIndex<K, T> implements Index<K, T> {

    private final Map<K, RowTrie> rowsByKey = new ConcurrentHashMap<>();
    private final RowMapper<T> mapper;
    private final Function<? super T, ? extends K> key;
    private final Registration registration;

    private RowIndex(View<T> view, Function<? super T, ? extends K> key) {
        this.mapper = view.mapper();
        this.key = key;
        this.registration = view.derive(this::apply, () -> {});
    }

    static <K, T> RowIndex<K, T> of(View<T> view, Function<? super T, ? extends K> key) {
        return new RowIndex<>(view, key);
    }

    private void apply(Commit<Row> commit) {
        if (commit.origin() == Commit.Origin.INITIAL) {
            rowsByKey.clear();
        }
        commit.changes().forEach(change -> {
            Row before = change.before();
            Row after = change.after();
            K was = before == null ? null : key.apply(mapper.map(before));
            K is = after == null ? null : key.apply(mapper.map(after));
            if (before != null && was != null && !was.equals(is)) {
                rowsByKey.computeIfPresent(was, (k, rows) -> {
                    RowTrie rest = rows.without(before);
                    return rest.isEmpty() ? null : rest;
                });
            }
            if (after != null && is != null) {
                rowsByKey.merge(is, RowTrie.EMPTY.with(after), (rows, one) -> rows.with(after));
            }
        });
    }

    @Override
    public List<T> get(K value) {
        return rowsByKey.getOrDefault(value, RowTrie.EMPTY).stream()
                .map(mapper::map)
                .toList();
    }

    @Override
    public Set<K> keys() {
        return Set.copyOf(rowsByKey.keySet());
    }

    @Override
    public void close() {
        registration.close();
    }
}
