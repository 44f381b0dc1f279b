package dev.tributary.electric;

import dev.tributary.ConfigurationException;
import dev.tributary.Query;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Makes the query of a shape: {@code Electric.shape("items").where("price > $1").params(10).build()}. Not safe for use
 * by several threads at once.
 */
public final class ShapeBuilder {

    private Query query;

    ShapeBuilder(String table) {
        this.query = Query.of(table);
    }

    /** Only the rows for which this SQL condition holds; {@code $1}, {@code $2} … stand for {@link #params}. */
    public ShapeBuilder where(String condition) {
        return with("where", condition);
    }

    /** The values of {@code $1}, {@code $2} … in order; numbers of any size are sent as they print. */
    public ShapeBuilder params(Object... values) {
        return params(List.of(values));
    }

    /** The values of {@code $1}, {@code $2} … in order. */
    public ShapeBuilder params(List<?> values) {
        for (int i = 0; i < values.size(); i++) {
            with("params[" + (i + 1) + "]", values.get(i).toString());
        }
        return this;
    }

    /** The values by the number of their placeholder. */
    public ShapeBuilder params(Map<Integer, ?> values) {
        values.forEach((number, value) -> with("params[" + number + "]", value.toString()));
        return this;
    }

    /** Only these columns. They are quoted, so that any name is taken as it is. */
    public ShapeBuilder columns(String... names) {
        return columns(List.of(names));
    }

    /** Only these columns. They are quoted, so that any name is taken as it is. */
    public ShapeBuilder columns(List<String> names) {
        return with("columns", names.stream().map(SqlIdentifiers::quote).collect(Collectors.joining(",")));
    }

    /** The server sends whole rows with each update, and the old values of what changed. */
    public ShapeBuilder fullReplica() {
        return with("replica", "full");
    }

    /** No rows to begin with, only changes. */
    public ShapeBuilder changesOnly() {
        return with("log", "changes_only");
    }

    /** What is there now is skipped: only rows that are inserted from here on are held. */
    public ShapeBuilder fromNow() {
        return with("offset", ShapeQuery.NOW);
    }

    private ShapeBuilder with(String name, String value) {
        query = query.with(name, Objects.requireNonNull(value, name));
        return this;
    }

    /**
     * The query.
     *
     * @throws ConfigurationException when something was given twice, or the numbers of params have a gap
     */
    public Query build() {
        ShapeQuery.of(query);
        return query;
    }
}
