package dev.tributary;

import java.lang.invoke.MethodHandles;

/** Mappers from rows to records. */
public final class Rows {

    /** What to do where a row and a record do not fit. */
    public enum Policy {
        /** A column that the record does not have is ignored; by default it is refused. */
        IGNORE_UNKNOWN,
        /** A component that has no column, or none in a partial row, becomes null; by default it is refused. */
        NULL_FOR_MISSING
    }

    private Rows() {}

    /**
     * Reads rows as a record: components are matched to columns by name, also {@code userId} to {@code user_id}. A
     * component has the Java type of its column, or one that loses nothing: a wider integer, {@code BigInteger} or
     * {@code BigDecimal} for an integer, {@code double} for a float, {@code Instant} or {@code ZonedDateTime} for a time
     * with offset, an enum for the name of its constant. Type arguments ({@code List<String>}) are not checked. Null is
     * for all but primitives.
     *
     * <p>The mapper is immutable and safe for any thread. What does not fit is refused with a {@link MappingException}
     * that names it: by {@link RowMapper#bind} for columns and types, by {@link RowMapper#map} for values.
     *
     * @throws ConfigurationException when the type is no record, or its module does not open it; then use
     *     {@link #mapper(Class, MethodHandles.Lookup, Policy...)}
     */
    public static <T> RowMapper<T> mapper(Class<T> record, Policy... policies) {
        return mapper(record, MethodHandles.publicLookup(), policies);
    }

    /** Reads rows as a record of a module that does not open it: pass {@code MethodHandles.lookup()}. */
    public static <T> RowMapper<T> mapper(Class<T> record, MethodHandles.Lookup lookup, Policy... policies) {
        return RecordMapper.of(record, lookup, policies);
    }
}
