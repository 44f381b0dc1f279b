package dev.tributary.engine;

import dev.tributary.Row;
import dev.tributary.RowMapper;
import dev.tributary.RowSchema;
import dev.tributary.Snapshot;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A state of a view, its rows read by a mapper. */
final class RowSnapshot<T> implements Snapshot<T> {

    private final ViewState state;
    private final RowMapper<T> mapper;

    RowSnapshot(ViewState state, RowMapper<T> mapper) {
        this.state = state;
        this.mapper = mapper;
    }

    @Override
    public int size() {
        return state.rows().size();
    }

    @Override
    public boolean isEmpty() {
        return state.rows().isEmpty();
    }

    @Override
    public @Nullable T get(@Nullable Object... key) {
        Row row = find(key);
        return row == null ? null : mapper.map(row);
    }

    @Override
    public boolean contains(@Nullable Object... key) {
        return find(key) != null;
    }

    private @Nullable Row find(@Nullable Object... key) {
        RowSchema schema = state.schema();
        return schema == null ? null : state.rows().get(schema.key(key));
    }

    @Override
    public Stream<T> stream() {
        return state.rows().stream().map(mapper::map);
    }

    @Override
    public List<T> toList() {
        return stream().toList();
    }

    @Override
    public Iterator<T> iterator() {
        Iterator<Row> rows = state.rows().iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public T next() {
                return mapper.map(rows.next());
            }
        };
    }

    @Override
    public long version() {
        return state.version();
    }

    @Override
    public boolean isVerified() {
        return state.hasContent() && state.verified();
    }

    @Override
    public Optional<RowSchema> schema() {
        return Optional.ofNullable(state.schema());
    }

    @Override
    public String toString() {
        return "snapshot " + version() + " of " + size() + " rows";
    }
}
