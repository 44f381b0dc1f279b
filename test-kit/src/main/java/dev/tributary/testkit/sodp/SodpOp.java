package dev.tributary.testkit.sodp;

import org.jspecify.annotations.Nullable;

/**
 * One step of a DELTA.
 *
 * @param kind what is done
 * @param path where, as it is on the wire
 * @param value what is written; null for REMOVE
 */
public record SodpOp(Kind kind, String path, @Nullable Object value) {

    /** What an op does. */
    public enum Kind {
        ADD,
        UPDATE,
        REMOVE
    }

    /** ADD of a value. */
    public static SodpOp add(String path, @Nullable Object value) {
        return new SodpOp(Kind.ADD, path, value);
    }

    /** UPDATE to a value. */
    public static SodpOp update(String path, @Nullable Object value) {
        return new SodpOp(Kind.UPDATE, path, value);
    }

    /** REMOVE of what is there. */
    public static SodpOp remove(String path) {
        return new SodpOp(Kind.REMOVE, path, null);
    }

    /** Whether it is about the whole value. */
    boolean atRoot() {
        return path.isEmpty() || path.equals("/");
    }
}
