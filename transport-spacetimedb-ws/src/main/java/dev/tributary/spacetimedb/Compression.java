package dev.tributary.spacetimedb;

/** How the server may compress what it sends; it does so with what is longer than 1,024 bytes. Not for {@code v1.json}. */
public enum Compression {
    /** Not at all. */
    NONE("None"),
    /** As the JDK reads it. */
    GZIP("Gzip"),
    /** Smaller, and slower to read here. */
    BROTLI("Brotli");

    private final String spelling;

    Compression(String spelling) {
        this.spelling = spelling;
    }

    /** As the server wants it in the address. */
    String spelling() {
        return spelling;
    }
}
