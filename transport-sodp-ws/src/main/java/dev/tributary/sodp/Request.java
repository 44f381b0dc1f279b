package dev.tributary.sodp;

import org.jspecify.annotations.Nullable;

/** Something that the server was asked and has not answered yet: for a key, or by a call. Compared by identity. */
final class Request {

    private final @Nullable String key;
    private final @Nullable Outgoing call;
    private final long stream;
    private final long sentAt;

    private Request(@Nullable String key, @Nullable Outgoing call, long stream, long sentAt) {
        this.key = key;
        this.call = call;
        this.stream = stream;
        this.sentAt = sentAt;
    }

    static Request forKey(String key, long stream, long sentAt) {
        return new Request(key, null, stream, sentAt);
    }

    static Request forCall(Outgoing call, long sentAt) {
        return new Request(null, call, 0, sentAt);
    }

    /** Null for a call. */
    @Nullable
    String key() {
        return key;
    }

    /** Null for a key. */
    @Nullable
    Outgoing call() {
        return call;
    }

    /** The number that it was sent with. */
    long stream() {
        return stream;
    }

    long sentAt() {
        return sentAt;
    }
}
