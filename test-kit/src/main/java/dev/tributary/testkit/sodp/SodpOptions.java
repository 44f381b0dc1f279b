package dev.tributary.testkit.sodp;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a reference server is set up.
 *
 * @param dialect which real server it behaves like
 * @param tokens who may connect, or null for a server without authentication
 * @param access who may read and write what, or null for everybody everything
 * @param schemas what values of some keys must look like
 * @param writesPerSecond calls of one connection, 0 for no limit
 * @param watchesPerSecond WATCH and RESUME frames of one connection, 0 for no limit
 * @param sessions connections at one time, 0 for no limit
 * @param watches subscriptions of one connection, 0 for no limit
 * @param queueFrames frames that may wait for one client, 0 for no limit
 * @param window deltas of one key that are kept for RESUME
 * @param frameBytes the longest frame a client may send
 * @param beatMillis time between two HEARTBEATs, or two pings
 * @param logOnDisk whether a log survives restarts; Rust only
 */
public record SodpOptions(
        SodpDialect dialect,
        @Nullable SodpTokens tokens,
        @Nullable SodpAccess access,
        Map<String, SodpSchema> schemas,
        int writesPerSecond,
        int watchesPerSecond,
        int sessions,
        int watches,
        int queueFrames,
        int window,
        int frameBytes,
        long beatMillis,
        boolean logOnDisk) {

    private static final int MEBIBYTE = 1024 * 1024;

    /** Checks and copies. */
    public SodpOptions {
        if (logOnDisk && dialect != SodpDialect.RUST) {
            throw new IllegalArgumentException("only the Rust server has a log on disk");
        }
        schemas = Map.copyOf(schemas);
    }

    /** What the real server has without configuration. */
    public static SodpOptions of(SodpDialect dialect) {
        return switch (dialect) {
            case TYPESCRIPT ->
                new SodpOptions(dialect, null, null, Map.of(), 50, 10, 0, 0, 0, 1024, MEBIBYTE, 30_000, false);
            case RUST ->
                new SodpOptions(dialect, null, null, Map.of(), 0, 0, 0, 0, 1024, 1000, MEBIBYTE, 25_000, false);
            case GO ->
                new SodpOptions(dialect, null, null, Map.of(), 100, 0, 4096, 64, 128, 1000, 64 * 1024, 30_000, false);
        };
    }

    /** These options with authentication. */
    public SodpOptions withTokens(@Nullable SodpTokens other) {
        return new SodpOptions(
                dialect,
                other,
                access,
                schemas,
                writesPerSecond,
                watchesPerSecond,
                sessions,
                watches,
                queueFrames,
                window,
                frameBytes,
                beatMillis,
                logOnDisk);
    }

    /** These options with rules of access. */
    public SodpOptions withAccess(@Nullable SodpAccess other) {
        return new SodpOptions(
                dialect,
                tokens,
                other,
                schemas,
                writesPerSecond,
                watchesPerSecond,
                sessions,
                watches,
                queueFrames,
                window,
                frameBytes,
                beatMillis,
                logOnDisk);
    }

    /** These options with schemas by key. */
    public SodpOptions withSchemas(Map<String, SodpSchema> other) {
        return new SodpOptions(
                dialect,
                tokens,
                access,
                other,
                writesPerSecond,
                watchesPerSecond,
                sessions,
                watches,
                queueFrames,
                window,
                frameBytes,
                beatMillis,
                logOnDisk);
    }

    /** These options with other limits of rate, 0 for none. */
    public SodpOptions withRates(int writes, int watchFrames) {
        return new SodpOptions(
                dialect,
                tokens,
                access,
                schemas,
                writes,
                watchFrames,
                sessions,
                watches,
                queueFrames,
                window,
                frameBytes,
                beatMillis,
                logOnDisk);
    }

    /** These options with other limits of connections, subscriptions and waiting frames, 0 for none. */
    public SodpOptions withLimits(int mostSessions, int mostWatches, int mostQueued) {
        return new SodpOptions(
                dialect,
                tokens,
                access,
                schemas,
                writesPerSecond,
                watchesPerSecond,
                mostSessions,
                mostWatches,
                mostQueued,
                window,
                frameBytes,
                beatMillis,
                logOnDisk);
    }

    /** These options with another number of deltas kept for each key. */
    public SodpOptions withWindow(int deltas) {
        return new SodpOptions(
                dialect,
                tokens,
                access,
                schemas,
                writesPerSecond,
                watchesPerSecond,
                sessions,
                watches,
                queueFrames,
                deltas,
                frameBytes,
                beatMillis,
                logOnDisk);
    }

    /** These options with a log that survives restarts. */
    public SodpOptions withLogOnDisk() {
        return new SodpOptions(
                dialect,
                tokens,
                access,
                schemas,
                writesPerSecond,
                watchesPerSecond,
                sessions,
                watches,
                queueFrames,
                window,
                frameBytes,
                beatMillis,
                true);
    }

    /** Names no token. */
    @Override
    public String toString() {
        return "SODP " + dialect + (tokens == null ? "" : " with authentication");
    }
}
