package dev.tributary;

/**
 * What a transport may promise. A transport declares capabilities, a connection may negotiate fewer, and an application
 * asks for what it needs with {@link SourceBuilder#require}.
 */
public enum Capability {
    /** A new connection goes on from where the last one stopped. */
    RESUME,
    /** A checkpoint is good after the process, and the server, restarted. */
    RESUME_AFTER_RESTART,
    /**
     * The server never drops a message silently. Views of a transport without it say whether, and up to where, they are
     * verified: {@link Snapshot#isVerified}.
     */
    LOSSLESS,
    /** A commit is one server transaction, not only a message or a batch. */
    TRANSACTIONS,
    /** Views of one session commit together: {@link SyncSource#snapshot} reads them at one instant. */
    ATOMIC_ACROSS_VIEWS,
    /** A slow subscriber of {@link SyncSource#changes} delays the wire. */
    BACKPRESSURE,
    /** {@link Change#before} comes from the server even where no rows are kept. */
    OLD_VALUES,
    /** Updates name only the columns that changed. */
    PARTIAL_UPDATES,
    /** The protocol has events: what passes by and is never stored. */
    EVENTS,
    /** The protocol knows which clients are present. */
    PRESENCE,
    /** The protocol takes writes or calls, by the interface that {@link SyncSource#unwrap} gives. */
    WRITES
}
