package dev.tributary.testkit.electric;

import org.jspecify.annotations.Nullable;

/**
 * A parsed part of a filter: a column, a literal or a condition.
 *
 * @param kind what it is
 * @param location index in the filter
 * @param type Postgres type name; for an untyped literal {@code unknown}
 * @param dims array dimensions
 * @param literal text of a literal
 * @param column column index
 * @param condition the condition
 */
record SqlNode(
        Kind kind,
        int location,
        String type,
        int dims,
        @Nullable String literal,
        int column,
        @Nullable Where condition) {

    enum Kind {
        COLUMN,
        UNKNOWN,
        LITERAL,
        NULL,
        CONDITION
    }

    static SqlNode column(int location, Column column, int index) {
        return new SqlNode(Kind.COLUMN, location, column.type(), column.dims(), null, index, null);
    }

    static SqlNode unknown(int location, String text) {
        return new SqlNode(Kind.UNKNOWN, location, "unknown", 0, text, -1, null);
    }

    static SqlNode literal(int location, String type, int dims, String text) {
        return new SqlNode(Kind.LITERAL, location, type, dims, text, -1, null);
    }

    static SqlNode ofNull(int location) {
        return new SqlNode(Kind.NULL, location, "unknown", 0, null, -1, null);
    }

    static SqlNode condition(int location, Where condition) {
        return new SqlNode(Kind.CONDITION, location, "bool", 0, null, -1, condition);
    }

    boolean is(Kind wanted) {
        return kind == wanted;
    }

    /** Whether the type comes from the other operand. */
    boolean untyped() {
        return kind == Kind.UNKNOWN || kind == Kind.NULL;
    }

    /** This node with an untyped literal read as the given type. */
    SqlNode as(String wantedType, int wantedDims) {
        if (kind != Kind.UNKNOWN || literal == null) {
            return this;
        }
        String value = SqlFamily.literal(wantedType, wantedDims, literal);
        if (value == null) {
            throw new WhereException(location, "invalid syntax for type " + wantedType + ": " + literal);
        }
        return literal(location, wantedType, wantedDims, value);
    }

    @Nullable
    String value(@Nullable String[] row) {
        if (kind == Kind.COLUMN) {
            return row[column];
        }
        if (condition != null) {
            Boolean result = condition.test(row);
            return result == null ? null : result ? "t" : "f";
        }
        return literal;
    }

    /** This node as a condition. */
    Where toCondition() {
        if (condition != null) {
            return condition;
        }
        SqlNode bool = as("bool", 0);
        if (!bool.is(Kind.NULL) && SqlFamily.of(bool.type, bool.dims) != SqlFamily.BOOL) {
            throw new WhereException(location, "argument must be bool, not " + type);
        }
        return row -> {
            String value = bool.value(row);
            return value == null ? null : Boolean.valueOf(value.equals("t"));
        };
    }
}
