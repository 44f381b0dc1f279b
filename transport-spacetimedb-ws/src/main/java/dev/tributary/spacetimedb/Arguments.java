package dev.tributary.spacetimedb;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a reducer or a procedure, in one of four forms. Values and names are checked against the schema of the
 * database when the call is made. Immutable, if the values are.
 */
public sealed interface Arguments {

    /** Java values in the order of the parameters; what {@code docs/types.md} shows fits. */
    static Arguments of(@Nullable Object... values) {
        return new Positional(Arrays.asList(values));
    }

    /** Java values by the names of the parameters. */
    static Arguments named(Map<String, ? extends @Nullable Object> values) {
        return new Named(new LinkedHashMap<>(values));
    }

    /** A JSON text: an array by position, or an object by the names of the parameters. */
    static Arguments json(String text) {
        return new Json(text);
    }

    /** The BSATN of one product of all arguments. */
    static Arguments bsatn(byte[] bytes) {
        return new Bsatn(bytes);
    }

    /**
     * See {@link #of}.
     *
     * @param values in the order of the parameters
     */
    record Positional(List<@Nullable Object> values) implements Arguments {

        /** Copies the list. */
        public Positional {
            values = Collections.unmodifiableList(new ArrayList<>(values));
        }
    }

    /**
     * See {@link #named}.
     *
     * @param values by parameter name
     */
    record Named(Map<String, @Nullable Object> values) implements Arguments {

        /** Copies the map. */
        public Named {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }
    }

    /**
     * See {@link #json}.
     *
     * @param text an array or an object
     */
    record Json(String text) implements Arguments {}

    /** See {@link #bsatn}. */
    final class Bsatn implements Arguments {

        private final byte[] bytes;

        Bsatn(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        /** A copy of the bytes. */
        public byte[] bytes() {
            return bytes.clone();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Bsatn that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "Bsatn[" + bytes.length + " bytes]";
        }
    }
}
