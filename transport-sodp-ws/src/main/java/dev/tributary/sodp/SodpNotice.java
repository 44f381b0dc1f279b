package dev.tributary.sodp;

/**
 * An error that the server told of, whatever it was about and whatever became of it.
 *
 * @param code the server's, for example 429
 * @param text the server's
 * @param stream the number that it came with; 0 mostly
 */
public record SodpNotice(long code, String text, long stream) {}
