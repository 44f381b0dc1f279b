package dev.tributary.driftdb;

/**
 * A notice: after a push of ours the key retains so many entries, two at least. Only who pushes hears it.
 *
 * @param size unsigned
 */
public record StreamSize(String key, long size) {}
