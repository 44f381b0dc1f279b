package dev.tributary;

/** A value of a decimal column that is no number, which {@link java.math.BigDecimal} cannot hold. */
public enum SpecialDecimal {
    NAN("NaN"),
    POSITIVE_INFINITY("Infinity"),
    NEGATIVE_INFINITY("-Infinity");

    private final String text;

    SpecialDecimal(String text) {
        this.text = text;
    }

    /** {@code NaN}, {@code Infinity} or {@code -Infinity}. */
    @Override
    public String toString() {
        return text;
    }
}
