package dev.tributary.spi;

/** One WebSocket or one HTTP exchange, as a protocol names it. Compared by identity. */
public interface Wire {

    /** What it was opened for. */
    Target target();
}
