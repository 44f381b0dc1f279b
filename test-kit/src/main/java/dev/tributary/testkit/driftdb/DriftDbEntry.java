package dev.tributary.testkit.driftdb;

/**
 * One entry of a stream.
 *
 * @param seq its number, unsigned
 */
public record DriftDbEntry(long seq, DriftValue value) {}
