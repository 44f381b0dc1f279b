package dev.tributary.testkit.sodp;

/** Which of the three real servers a model behaves like. */
public enum SodpDialect {

    /** The TypeScript server 0.2.2: versions per key, RFC 6901 paths, RESULT for refusals, HEARTBEAT frames. */
    TYPESCRIPT,

    /** The Rust server 0.1.1: one version counter, deep diffs, ERROR for refusals, pings, a log on disk. */
    RUST,

    /** The Go server: wide integers, clients choose streams, falsy values left out, frames dropped in silence. */
    GO
}
