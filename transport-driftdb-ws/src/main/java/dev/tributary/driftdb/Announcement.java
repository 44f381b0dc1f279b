package dev.tributary.driftdb;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one of our clients says of itself, as long as it is here. */
final class Announcement {

    final String key;
    final String client;
    final Duration least;
    final Duration most;

    @Nullable
    Object value;

    Announcement(String key, String client, @Nullable Object value, Duration least, Duration most) {
        this.key = key;
        this.client = client;
        this.value = value;
        this.least = least;
        this.most = most;
    }
}
