package dev.tributary.spacetimedb.types;

import org.jspecify.annotations.Nullable;

/**
 * A reducer or a procedure. Immutable.
 *
 * @param name the canonical name, the only one it can be called by
 * @param sourceName the name in the module's source; the same where it is not known
 * @param kind which of the two
 * @param parameters their names and types
 * @param returnType what a procedure returns; of a reducer the unit type, where it is not known too
 * @param errorType what a reducer fails with: a text where nothing else is known
 * @param lifecycle of a reducer that the server alone calls, for example {@code OnConnect}; else null
 */
public record FunctionSchema(
        String name,
        String sourceName,
        Kind kind,
        Product parameters,
        AlgebraicType returnType,
        AlgebraicType errorType,
        @Nullable String lifecycle) {

    /** The two kinds of functions that a client can call. */
    public enum Kind {
        /** Runs in a transaction, returns nothing. */
        REDUCER,
        /** Returns a value. */
        PROCEDURE
    }
}
