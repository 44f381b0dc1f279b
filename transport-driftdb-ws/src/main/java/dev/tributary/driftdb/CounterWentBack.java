package dev.tributary.driftdb;

/**
 * A notice: the room was loaded again and gives numbers anew that it gave before. New messages have old numbers; none is
 * taken for a known one because of that.
 *
 * @param newest the highest number that was known
 * @param given the number that a new message has
 */
public record CounterWentBack(long newest, long given) {}
