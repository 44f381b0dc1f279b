package dev.tributary.engine;

import dev.tributary.Commit;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.RowMapper;
import dev.tributary.SortedView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rows in an order: a sorted map maintained from commits. Rows that compare as equal are kept apart by their keys. A
 * snapshot is a list of the first rows, made once for each commit when it is asked for.
 */
final class RowOrder<T> implements SortedView<T> {

    /** A row with its value, so that the order does not read the row again and again. */
    private record Entry<T>(T value, Row row) {}

    private final View<T> view;
    private final Comparator<? super T> order;
    private final int limit;
    private final RowMapper<T> mapper;
    private final TreeMap<Entry<T>, T> sorted;
    private final List<Consumer<? super Ordered<T>>> listeners = new CopyOnWriteArrayList<>();
    private @Nullable Registration registration;
    private boolean closed;
    private long version;
    private @Nullable Ordered<T> known;

    private RowOrder(View<T> view, Comparator<? super T> order, int limit) {
        this.view = view;
        this.order = order;
        this.limit = limit;
        this.mapper = view.mapper();
        Comparator<Entry<T>> byValue = (a, b) -> order.compare(a.value(), b.value());
        this.sorted = new TreeMap<>(byValue.thenComparing(Entry::row, RowOrder::compareKeys));
    }

    static <T> RowOrder<T> of(View<T> view, Comparator<? super T> order) {
        return new RowOrder<>(view, order, Integer.MAX_VALUE);
    }

    private static int compareKeys(Row a, Row b) {
        if (a.sameKey(b)) {
            return 0;
        }
        int byHash = Integer.compare(a.keyHash(), b.keyHash());
        return byHash != 0 ? byHash : Arrays.compare(a.toPacked(), b.toPacked());
    }

    private void apply(Commit<Row> commit) {
        synchronized (sorted) {
            if (commit.origin() == Commit.Origin.INITIAL) {
                sorted.clear();
            }
            commit.changes().forEach(change -> {
                Row before = change.before();
                Row after = change.after();
                if (before != null) {
                    sorted.remove(new Entry<>(mapper.map(before), before));
                }
                if (after != null) {
                    T value = mapper.map(after);
                    sorted.put(new Entry<>(value, after), value);
                }
            });
            version = commit.version();
            known = null;
        }
        for (Consumer<? super Ordered<T>> listener : listeners) {
            listener.accept(ordered());
        }
    }

    @Override
    public SortedView<T> limit(int rows) {
        if (rows < 0) {
            throw new IllegalArgumentException("a limit of " + rows + " rows");
        }
        return new RowOrder<>(view, order, rows);
    }

    @Override
    public Ordered<T> snapshot() {
        begin();
        return ordered();
    }

    private Ordered<T> ordered() {
        synchronized (sorted) {
            Ordered<T> made = known;
            if (made == null) {
                made = new FirstRows<>(first(), version);
                known = made;
            }
            return made;
        }
    }

    /** Rows are sorted from the first time that somebody looks. */
    private synchronized void begin() {
        if (registration == null && !closed) {
            registration = view.derive(this::apply, () -> {});
        }
    }

    private List<T> first() {
        List<T> rows = new ArrayList<>(Math.min(limit, sorted.size()));
        Iterator<T> values = sorted.values().iterator();
        while (rows.size() < limit && values.hasNext()) {
            rows.add(values.next());
        }
        return List.copyOf(rows);
    }

    @Override
    public Registration listen(Consumer<? super Ordered<T>> listener) {
        begin();
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (registration != null) {
            registration.close();
        }
        listeners.clear();
    }

    private record FirstRows<T>(List<T> toList, long version) implements Ordered<T> {

        @Override
        public int size() {
            return toList.size();
        }

        @Override
        public Iterator<T> iterator() {
            return toList.iterator();
        }
    }
}
