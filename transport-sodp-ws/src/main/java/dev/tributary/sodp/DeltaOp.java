package dev.tributary.sodp;

import org.jspecify.annotations.Nullable;

/**
 * One step of a delta.
 *
 * @param kind what it does
 * @param path where, as the server spells it; the slash alone is the whole value
 * @param value what becomes of the place; null for REMOVE
 */
public record DeltaOp(Kind kind, String path, @Nullable Object value) {

    /** What a step does. */
    public enum Kind {
        ADD,
        UPDATE,
        REMOVE
    }

    /** ADD of a value. */
    public static DeltaOp add(String path, @Nullable Object value) {
        return new DeltaOp(Kind.ADD, path, value);
    }

    /** UPDATE to a value. */
    public static DeltaOp update(String path, @Nullable Object value) {
        return new DeltaOp(Kind.UPDATE, path, value);
    }

    /** REMOVE of what is there. */
    public static DeltaOp remove(String path) {
        return new DeltaOp(Kind.REMOVE, path, null);
    }
}
