package dev.tributary.replay.recording;

/**
 * How to replay.
 *
 * @param seed of all that the client draws
 * @param mostPiece bodies are cut into pieces of 1 to so many bytes; 0 leaves them whole
 */
public record ReplayOptions(long seed, int mostPiece) {}
