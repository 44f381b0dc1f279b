package dev.tributary.testkit.sodp;

/**
 * An entry that goes when the connection that made it ends.
 *
 * @param key in which value
 * @param path where
 */
record Presence(String key, String path) {}
