package dev.tributary.engine;

import dev.tributary.Change;
import dev.tributary.Checkpoint;
import dev.tributary.Commit;
import dev.tributary.Row;
import dev.tributary.RowMapper;
import dev.tributary.Snapshot;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** A commit, its rows read by a mapper when they are asked for. */
final class MappedCommit<T> implements Commit<T> {

    private final RowCommit commit;
    private final RowMapper<T> mapper;

    MappedCommit(RowCommit commit, RowMapper<T> mapper) {
        this.commit = commit;
        this.mapper = mapper;
    }

    @Override
    public Origin origin() {
        return commit.origin();
    }

    @Override
    public long version() {
        return commit.after().version();
    }

    @Override
    public List<Change<T>> changes() {
        return new Changes<>(commit.changes(), mapper);
    }

    @Override
    public Snapshot<T> snapshot() {
        return new RowSnapshot<>(commit.after(), mapper);
    }

    @Override
    public boolean isMerged() {
        return commit.isMerged();
    }

    @Override
    public @Nullable Checkpoint checkpoint() {
        return commit.after().checkpoint();
    }

    @Override
    public <M> Optional<M> metadata(Class<M> type) {
        Object metadata = commit.metadata();
        return type.isInstance(metadata) ? Optional.of(type.cast(metadata)) : Optional.empty();
    }

    @Override
    public String toString() {
        return "commit " + version() + " " + origin() + " of "
                + commit.changes().size() + " changes";
    }

    private static final class Changes<T> extends AbstractList<Change<T>> implements RandomAccess {

        private final List<RowChange> changes;
        private final RowMapper<T> mapper;

        Changes(List<RowChange> changes, RowMapper<T> mapper) {
            this.changes = changes;
            this.mapper = mapper;
        }

        @Override
        public Change<T> get(int index) {
            return new MappedChange<>(changes.get(index), mapper);
        }

        @Override
        public int size() {
            return changes.size();
        }
    }

    private record MappedChange<T>(RowChange change, RowMapper<T> mapper) implements Change<T> {

        @Override
        public Kind kind() {
            return change.kind();
        }

        @Override
        public List<@Nullable Object> key() {
            return change.keyed().key();
        }

        @Override
        public @Nullable T after() {
            return read(change.after());
        }

        @Override
        public @Nullable T before() {
            return read(change.before());
        }

        private @Nullable T read(@Nullable Row row) {
            return row == null ? null : mapper.map(row);
        }

        /** {@code + 42 {…}}, {@code ~ 42 {…} was {…}}, {@code - 42}. */
        @Override
        public String toString() {
            String key = change.keyed().keyText();
            return switch (kind()) {
                case INSERT -> "+ " + key + " " + after();
                case UPDATE -> "~ " + key + " " + after() + " was " + before();
                case DELETE -> "- " + key;
            };
        }
    }
}
