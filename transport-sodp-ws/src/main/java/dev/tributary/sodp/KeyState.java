package dev.tributary.sodp;

import org.jspecify.annotations.Nullable;

/**
 * A key at one instant.
 *
 * @param key the state key
 * @param value null for nil, and where there is none
 * @param version the server's; 0 for a key that was never written
 * @param initialized whether the key exists; a key may exist and hold nil
 */
public record KeyState(String key, @Nullable Object value, long version, boolean initialized) {}
