package dev.tributary.sodp;

/**
 * How far a patch goes into objects within the value. Servers differ; what a server does not do itself is done by several
 * calls, one after the other, each of them a change of its own that others see: when one of them fails those before it have
 * happened.
 */
public enum PatchDepth {
    /** As the server does it, in one call: the Rust server goes into objects, the others replace members as a whole. */
    AS_SERVER,
    /** Members of the value are replaced as a whole. On the Rust server each that is an object takes a call of its own. */
    MEMBERS,
    /**
     * Objects within the patch are merged with those within the value; an empty one within it changes nothing. On other
     * servers than Rust's each place in an object within the patch takes a call of its own.
     */
    DEEP
}
