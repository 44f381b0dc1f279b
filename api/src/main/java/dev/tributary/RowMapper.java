package dev.tributary;

/**
 * Reads rows as something else. Called on the thread that reads; must be a pure function.
 *
 * @param <T> what rows are read as
 */
@FunctionalInterface
public interface RowMapper<T> {

    /**
     * @throws MappingException when the row cannot be read so
     */
    T map(Row row);

    /**
     * Checks a schema before the first row is mapped, so that a missing column is found once and early.
     *
     * @return the mapper to use for rows of this schema
     * @throws MappingException when no row of this schema can be read so
     */
    default RowMapper<T> bind(RowSchema schema) {
        return this;
    }
}
