package dev.tributary.engine;

import dev.tributary.MappingException;
import dev.tributary.Row;
import dev.tributary.RowMapper;
import dev.tributary.RowSchema;
import org.jspecify.annotations.Nullable;

/** A mapper bound once to each schema that it meets; its refusals name the query. */
final class BoundMapper<T> implements RowMapper<T> {

    private record Bound<T>(RowSchema schema, RowMapper<T> mapper) {}

    private final String name;
    private final RowMapper<T> mapper;
    private volatile @Nullable Bound<T> last;

    BoundMapper(String name, RowMapper<T> mapper) {
        this.name = name;
        this.mapper = mapper;
    }

    @Override
    public T map(Row row) {
        RowMapper<T> bound = boundTo(row.schema());
        try {
            return bound.map(row);
        } catch (MappingException e) {
            throw new MappingException(name + "." + e.getMessage(), e);
        }
    }

    private RowMapper<T> boundTo(RowSchema schema) {
        Bound<T> bound = last;
        if (bound == null || !bound.schema().equals(schema)) {
            bound = new Bound<>(schema, bind(mapper, schema));
            last = bound;
        }
        return bound.mapper();
    }

    private RowMapper<T> bind(RowMapper<T> to, RowSchema schema) {
        try {
            return to.bind(schema);
        } catch (MappingException e) {
            throw new MappingException(name + ": " + e.getMessage(), e);
        }
    }
}
