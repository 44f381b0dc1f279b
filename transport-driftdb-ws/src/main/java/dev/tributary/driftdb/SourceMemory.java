package dev.tributary.driftdb;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the sessions of one source know together. Touched only in inputs of its protocols. */
final class SourceMemory {

    /** The room, once it was found. */
    @Nullable
    Room room;

    /** What is spoken from now on; null while the options say it. */
    @Nullable
    Encoding encoding;

    /** How often in a row a connection ended while it owed the answer to a get. */
    int diedOwing;

    /** The highest number of a message on any connection so far. */
    @Nullable
    Long newestMessage;

    /** By key, the clients that announce themselves there. */
    final Map<String, Map<String, Announcement>> announcements = new LinkedHashMap<>();

    /** Keys that are being folded. */
    final Set<String> folding = new HashSet<>();

    /** The way there and back, smoothed; null while nothing was measured. */
    @Nullable
    Duration latency;

    boolean isOwn(String key, String client) {
        return announcements.getOrDefault(key, Map.of()).containsKey(client);
    }
}
