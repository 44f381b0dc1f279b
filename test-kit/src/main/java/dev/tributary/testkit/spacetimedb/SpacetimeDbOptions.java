package dev.tributary.testkit.spacetimedb;

/**
 * Which server it is.
 *
 * @param major of its version; {@code minor} and {@code patch} follow
 * @param database the name of its only database
 * @param durableMillis how long after a transaction it is safe from a crash
 * @param queueLimit how many messages may wait, in either direction
 * @param rowLimit how many rows a query of anyone but the owner may return, or -1
 */
public record SpacetimeDbOptions(
        int major, int minor, int patch, String database, long durableMillis, int queueLimit, long rowLimit) {

    private static final int QUEUE = 16_384;

    /** Server 2.8.3 with the database {@code game}, whose transactions are durable at once. */
    public static SpacetimeDbOptions current() {
        return new SpacetimeDbOptions(2, 8, 3, "game", 0, QUEUE, -1);
    }

    /** A server of another version. */
    public static SpacetimeDbOptions version(int major, int minor, int patch) {
        return new SpacetimeDbOptions(major, minor, patch, "game", 0, QUEUE, -1);
    }

    /** These options with another name of the database. */
    public SpacetimeDbOptions withDatabase(String name) {
        return new SpacetimeDbOptions(major, minor, patch, name, durableMillis, queueLimit, rowLimit);
    }

    /** These options with transactions that take a while to be durable. */
    public SpacetimeDbOptions withDurableMillis(long millis) {
        return new SpacetimeDbOptions(major, minor, patch, database, millis, queueLimit, rowLimit);
    }

    /** These options with other bounds of queues. */
    public SpacetimeDbOptions withQueueLimit(int limit) {
        return new SpacetimeDbOptions(major, minor, patch, database, durableMillis, limit, rowLimit);
    }

    /** These options with a bound on the rows of a query. */
    public SpacetimeDbOptions withRowLimit(long limit) {
        return new SpacetimeDbOptions(major, minor, patch, database, durableMillis, queueLimit, limit);
    }

    boolean atLeast(int otherMajor, int otherMinor, int otherPatch) {
        if (major != otherMajor) {
            return major > otherMajor;
        }
        return minor != otherMinor ? minor > otherMinor : patch >= otherPatch;
    }

    boolean speaks(Subprotocol subprotocol) {
        return switch (subprotocol) {
            case V1_JSON, V1_BSATN -> true;
            case V2 -> atLeast(2, 0, 0);
            case V3 -> atLeast(2, 2, 0);
        };
    }

    /** Into how many bytes server messages are cut, 0 for not at all. */
    public int fragmentBytes() {
        return atLeast(1, 12, 0) ? 4_096 : 0;
    }

    boolean compressesInside() {
        return !atLeast(1, 2, 0);
    }

    long pingMillis() {
        return atLeast(1, 3, 0) ? 15_000 : 60_000;
    }

    /** How long a client may be silent; older servers ask for a pong to each ping instead, which is as long. */
    long idleMillis() {
        return atLeast(1, 3, 0) ? 30_000 : 120_000;
    }

    boolean reportsInternalFailures() {
        return atLeast(2, 3, 0);
    }

    String noReducerName() {
        return atLeast(2, 0, 0) ? "" : "<none>";
    }
}
