package dev.tributary.spacetimedb.types;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A type of the database, with the ways between its three forms: BSATN, Java values, and JSON. The BSATN bytes are the
 * canonical form of every value: JSON and Java values become BSATN first.
 *
 * <p>The ways in throw {@link IllegalArgumentException} when something is no value of the type; the message says what was
 * expected and what was found. Callers add the place. Types may be recursive, so all ways count levels and refuse a value
 * that is deeper than {@link #MOST_LEVELS}; so no input can overflow the stack. Types are compared by identity: a
 * recursive one has no end. Immutable once a schema is read.
 */
public sealed interface AlgebraicType permits Leaf, ArrayOf, Product, SumOf, OptionOf, Ref {

    /** The size of types whose values have many. */
    int VARIABLE = -1;

    /** How deep a type without recursion, and how deep any value may be. */
    int MOST_LEVELS = 400;

    /** The bytes of each value, or {@link #VARIABLE}. */
    int size();

    /** Whether the size is fixed and any bytes of that number are a value. */
    boolean isAnyBytes();

    /** How many types are nested in this one at most, itself included; a recursive reference counts as one. */
    int levels();

    /** The class of {@link #decode}'s values; {@code Object} where there are several. */
    Class<?> javaType();

    /** Checks one value and goes behind it. */
    void skip(BsatnReader in, int levelsLeft);

    /** Reads one value. */
    @Nullable
    Object decode(BsatnReader in, int levelsLeft);

    /** Writes a Java value. What it wrote before it throws is to be thrown away. */
    void encode(@Nullable Object value, BsatnWriter out, int levelsLeft);

    /** Writes the JSON value whose first token is the current one, and stays at its last token. */
    void fromJson(JsonSource in, BsatnWriter out, int levelsLeft) throws IOException;

    /**
     * Writes one value as the server takes it in arguments: products as arrays, variants by their tags.
     *
     * @throws IllegalArgumentException also where JSON has no such value: NaN and infinities
     */
    void toJson(BsatnReader in, JsonGenerator out, int levelsLeft) throws IOException;

    /** Writes the name of this type, see {@link TypeName}. */
    void name(TypeName.Writer out);

    /** One level deeper. */
    static int deeper(int levelsLeft) {
        if (levelsLeft <= 0) {
            throw new IllegalArgumentException("a value is nested deeper than " + MOST_LEVELS + " levels");
        }
        return levelsLeft - 1;
    }

    /** The refusal of a Java value. */
    static IllegalArgumentException unfit(String expected, @Nullable Object value) {
        return new IllegalArgumentException("expected " + expected + ", got "
                + (value == null ? "null" : value.getClass().getSimpleName()));
    }
}
