package dev.tributary.driftdb;

/**
 * An event: a message that is not retained. It was relayed; of a message of somebody else it is known only that it was gone
 * when the stream was read, so it may also have been replaced or folded before.
 */
public record Passed(Entry entry) {}
