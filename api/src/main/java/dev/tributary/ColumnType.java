package dev.tributary;

/**
 * How the values of one column are packed into bytes and read back. A transport brings one for every type its protocol
 * has; the table in {@code docs/types.md} says what each becomes in Java.
 *
 * <p>Packed bytes are canonical: two values are equal exactly when their bytes are. Implementations are immutable and
 * safe for any thread.
 */
public interface ColumnType {

    /**
     * The type as the protocol names it, with all that is needed to make it again, for example {@code int4},
     * {@code numeric(10,2)} or {@code text[]}. It is kept in saved views.
     */
    String name();

    /**
     * Reads a packed value.
     *
     * @return the Java value; null only where the protocol has a null inside a type
     * @throws IllegalArgumentException when the bytes are no value of this type; the message says what was expected and
     *     what was found
     */
    Object decode(byte[] bytes, int offset, int length);

    /**
     * Packs a Java value, as a key is looked up: {@code 42} and {@code 42L} give the same bytes.
     *
     * @throws IllegalArgumentException when the value is of no fitting Java type; the message names the fitting ones
     */
    byte[] encode(Object value);

    /** The Java class that {@link #decode} gives, for messages and mapping. */
    Class<?> javaType();
}
