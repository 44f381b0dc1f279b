package dev.tributary.testkit.spacetimedb;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The type of a column, a parameter or a result. Values of them in Java: {@link Boolean}; {@link Integer} for I8 to I32,
 * U8 and U16; {@link Long} for U32 and I64; {@link java.math.BigInteger} for the wider ones (any number is taken where
 * one is written); {@link Float}, {@link Double}, {@link String}; {@code byte[]} for arrays of U8 and {@link List} for
 * others; the list of the fields for a product, but the bare value for an identity, a connection id, a time, a duration
 * and a UUID; {@link java.util.Optional} for an option and {@link SumValue} for other sums.
 */
public sealed interface SpacetimeType {

    /** A type without parts. */
    enum Scalar implements SpacetimeType {
        BOOL("Bool", 1),
        I8("I8", 1),
        U8("U8", 1),
        I16("I16", 2),
        U16("U16", 2),
        I32("I32", 4),
        U32("U32", 4),
        I64("I64", 8),
        U64("U64", 8),
        I128("I128", 16),
        U128("U128", 16),
        I256("I256", 32),
        U256("U256", 32),
        F32("F32", 4),
        F64("F64", 8),
        STRING("String", 0);

        private final String schemaName;
        private final int size;

        Scalar(String schemaName, int size) {
            this.schemaName = schemaName;
            this.size = size;
        }

        String schemaName() {
            return schemaName;
        }

        /** How many bytes a value has, 0 for text. */
        int size() {
            return size;
        }

        boolean isInteger() {
            return this != BOOL && this != F32 && this != F64 && this != STRING;
        }

        boolean isSigned() {
            return name().startsWith("I");
        }

        /** As error texts of the server name it. */
        String plainName() {
            return schemaName.toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A field of a product or a variant of a sum.
     *
     * @param name null for a field without one
     */
    record Field(@Nullable String name, SpacetimeType type) {}

    /** An array. */
    record Array(SpacetimeType element) implements SpacetimeType {

        boolean isBytes() {
            return element == Scalar.U8;
        }
    }

    /** A product. */
    record Product(List<Field> fields) implements SpacetimeType {

        private static final Set<String> WRAPPERS = Set.of(
                "__identity__",
                "__connection_id__",
                "__timestamp_micros_since_unix_epoch__",
                "__time_duration_micros__",
                "__uuid__");

        public Product {
            fields = List.copyOf(fields);
        }

        /** Whether it is one of the special types with a single field. */
        boolean isWrapper() {
            if (fields.size() != 1) {
                return false;
            }
            String only = fields.get(0).name();
            return only != null && WRAPPERS.contains(only);
        }

        boolean isWrapper(String name) {
            return isWrapper() && name.equals(fields.get(0).name());
        }

        int indexOf(String name) {
            for (int i = 0; i < fields.size(); i++) {
                if (name.equals(fields.get(i).name())) {
                    return i;
                }
            }
            return -1;
        }
    }

    /** A sum. */
    record Sum(List<Field> variants) implements SpacetimeType {

        public Sum {
            variants = List.copyOf(variants);
        }

        boolean isOption() {
            return variants.size() == 2
                    && "some".equals(variants.get(0).name())
                    && "none".equals(variants.get(1).name());
        }
    }

    /** One of the named types of a module, by its number. */
    record Ref(int index) implements SpacetimeType {}

    /** An array of these. */
    static SpacetimeType array(SpacetimeType element) {
        return new Array(element);
    }

    /** Bytes. */
    static SpacetimeType bytes() {
        return new Array(Scalar.U8);
    }

    /** The value or nothing. */
    static SpacetimeType option(SpacetimeType some) {
        return new Sum(List.of(new Field("some", some), new Field("none", unit())));
    }

    /** A product without fields. */
    static Product unit() {
        return new Product(List.of());
    }

    /** A field or variant. */
    static Field field(String name, SpacetimeType type) {
        return new Field(name, type);
    }

    /** A product of these fields. */
    static Product product(Field... fields) {
        return new Product(List.of(fields));
    }

    /** A sum of these variants. */
    static SpacetimeType sum(Field... variants) {
        return new Sum(List.of(variants));
    }

    /** A sum of variants without payload. */
    static SpacetimeType choice(String... names) {
        List<Field> variants = new ArrayList<>();
        for (String name : names) {
            variants.add(new Field(name, unit()));
        }
        return new Sum(variants);
    }

    /** Who is connected. */
    static SpacetimeType identity() {
        return product(field("__identity__", Scalar.U256));
    }

    /** A connection. */
    static SpacetimeType connectionId() {
        return product(field("__connection_id__", Scalar.U128));
    }

    /** Microseconds since 1970. */
    static SpacetimeType timestamp() {
        return product(field("__timestamp_micros_since_unix_epoch__", Scalar.I64));
    }

    /** Microseconds. */
    static SpacetimeType duration() {
        return product(field("__time_duration_micros__", Scalar.I64));
    }

    /** A UUID. */
    static SpacetimeType uuid() {
        return product(field("__uuid__", Scalar.U128));
    }

    /** When a row of a schedule is due: variant 0 is an interval, 1 a time. */
    static SpacetimeType scheduleAt() {
        return sum(field("Interval", duration()), field("Time", timestamp()));
    }
}
