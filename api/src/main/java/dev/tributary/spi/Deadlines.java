package dev.tributary.spi;

import java.time.Duration;

/**
 * How long a wire may be silent, by phase. The engine watches, even where the wire does not answer.
 *
 * @param connect until the connection is there; the wire's own timeout, and the engine's for handshakes
 * @param head until {@link Protocol#opened}, counted from the opening
 * @param idle between two pieces of content, and from the head to the first
 */
public record Deadlines(Duration connect, Duration head, Duration idle) {}
