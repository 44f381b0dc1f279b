package dev.tributary.spacetimedb.types;

/** A type that holds no other type of the schema. */
sealed interface Leaf extends AlgebraicType permits WholeNumber, Real, Bool, Text, Bytes, Special {

    @Override
    default int levels() {
        return 1;
    }
}
