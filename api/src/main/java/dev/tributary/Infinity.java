package dev.tributary;

/** A date, a time stamp or an interval beyond all others, which {@code java.time} cannot hold. */
public enum Infinity {
    /** Later than every date, longer than every interval. */
    POSITIVE("infinity"),
    /** Earlier than every date. */
    NEGATIVE("-infinity");

    private final String text;

    Infinity(String text) {
        this.text = text;
    }

    /** {@code infinity} or {@code -infinity}. */
    @Override
    public String toString() {
        return text;
    }
}
