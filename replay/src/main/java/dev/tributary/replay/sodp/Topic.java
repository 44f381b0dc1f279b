package dev.tributary.replay.sodp;

import org.jspecify.annotations.Nullable;

/**
 * What a frame of the server is about.
 *
 * @param key for {@link Kind#KEY}; else null
 * @param call for {@link Kind#CALL}; else null
 */
record Topic(Kind kind, @Nullable String key, @Nullable RecordedCall call) {

    /** What it can be. */
    enum Kind {
        /** The first word. */
        HELLO,
        /** The answer to a token. */
        AUTH,
        /** A key that was asked for. */
        KEY,
        /** A call. */
        CALL,
        /** The connection. */
        CONNECTION,
        /** A sign of life that the server wants answered. */
        HEARTBEAT,
        /** It answers what our client never sends. */
        FOREIGN
    }

    static final Topic HELLO = new Topic(Kind.HELLO, null, null);
    static final Topic AUTH = new Topic(Kind.AUTH, null, null);
    static final Topic CONNECTION = new Topic(Kind.CONNECTION, null, null);
    static final Topic HEARTBEAT = new Topic(Kind.HEARTBEAT, null, null);
    static final Topic FOREIGN = new Topic(Kind.FOREIGN, null, null);

    static Topic key(String key) {
        return new Topic(Kind.KEY, key, null);
    }

    static Topic call(RecordedCall call) {
        return new Topic(Kind.CALL, null, call);
    }
}
