package dev.tributary;

/** The {@code null} of a JSON document: a value, unlike SQL's null, which is the lack of one. */
public enum JsonNull {
    INSTANCE;

    /** {@code null}. */
    @Override
    public String toString() {
        return "null";
    }
}
