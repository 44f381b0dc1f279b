package dev.tributary.sodp;

/**
 * Which of the known servers is spoken to, or the written standard. They differ in versions, paths, errors and answers;
 * the dialect is read from the server's HELLO and can be given on the builder or as the option {@code dialect}.
 */
public enum SodpDialect {
    /**
     * The TypeScript server: versions by key that begin again after a delete, paths as JSON Pointers, ADD at an index
     * inserts.
     */
    TYPESCRIPT(PathSyntax.POINTER, true, true, false, false),
    /** The Rust server: one counter for all keys, raw paths, deep and exact differences, answers in order. */
    RUST(PathSyntax.RAW, false, false, true, true),
    /** The Go server: as Rust's, but it drops frames silently and leaves out values that are empty. */
    GO(PathSyntax.RAW, false, false, true, true),
    /** What the written standard says, where it does not contradict itself; for servers that are none of the others. */
    STANDARD(PathSyntax.POINTER, false, false, false, false);

    private final PathSyntax paths;
    private final boolean insertsAtIndex;
    private final boolean versionsByKey;
    private final boolean exactDeltas;
    private final boolean answersInOrder;

    SodpDialect(
            PathSyntax paths,
            boolean insertsAtIndex,
            boolean versionsByKey,
            boolean exactDeltas,
            boolean answersInOrder) {
        this.paths = paths;
        this.insertsAtIndex = insertsAtIndex;
        this.versionsByKey = versionsByKey;
        this.exactDeltas = exactDeltas;
        this.answersInOrder = answersInOrder;
    }

    PathSyntax paths() {
        return paths;
    }

    /** Whether ADD at an index shifts what stands there; else it replaces it. */
    boolean insertsAtIndex() {
        return insertsAtIndex;
    }

    /** Whether each key counts its own versions, without gaps. */
    boolean versionsByKey() {
        return versionsByKey;
    }

    /** Whether a version may begin again at 1 after a delete. */
    boolean mayRestartVersions() {
        return versionsByKey || this == STANDARD;
    }

    /** Whether a delta that does not fit to the last bit shows that something was missed. */
    boolean exactDeltas() {
        return exactDeltas;
    }

    /** Whether requests are answered in the order in which they were sent. */
    boolean answersInOrder() {
        return answersInOrder;
    }

    /** Whether the server may drop a frame without a word. */
    boolean dropsSilently() {
        return this == GO;
    }

    /** Whether a key that holds nil is told as one that does not exist, but with its version. */
    boolean tellsNilAsAbsent() {
        return this == GO;
    }

    /** Whether it ends a connection when the token that began it is over. */
    boolean cutsAtExpiry() {
        return this == RUST || this == STANDARD;
    }

    /** Whether a patch goes on into objects within the value. */
    boolean patchesDeep() {
        return this == RUST;
    }

    boolean knowsPresence() {
        return this != GO;
    }
}
