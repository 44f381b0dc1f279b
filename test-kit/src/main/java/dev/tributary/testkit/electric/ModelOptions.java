package dev.tributary.testkit.electric;

import org.jspecify.annotations.Nullable;

/**
 * How a reference server is set up.
 *
 * @param chunkBytes size at which a chunk of a snapshot or log ends
 * @param longPollMillis how long a live request is held; an offset out of bounds is held half of it
 * @param secret the API secret requests must carry, or null for none
 * @param deleteAllowed whether shapes can be dropped over HTTP
 * @param firstLsn LSN before the first transaction, unsigned
 * @param firstXid 64-bit id of the first transaction
 */
public record ModelOptions(
        int chunkBytes,
        long longPollMillis,
        @Nullable String secret,
        boolean deleteAllowed,
        long firstLsn,
        long firstXid) {

    /** What a server has without configuration: 10 MiB chunks, 20 s polls, no secret. */
    public static ModelOptions defaults() {
        return new ModelOptions(10 * 1024 * 1024, 20_000, null, true, 42_534_744L, 1_111);
    }

    /** These options with another chunk size. */
    public ModelOptions withChunkBytes(int bytes) {
        return new ModelOptions(bytes, longPollMillis, secret, deleteAllowed, firstLsn, firstXid);
    }

    /** These options with another long-poll time. */
    public ModelOptions withLongPollMillis(long millis) {
        return new ModelOptions(chunkBytes, millis, secret, deleteAllowed, firstLsn, firstXid);
    }

    /** These options with an API secret. */
    public ModelOptions withSecret(@Nullable String apiSecret) {
        return new ModelOptions(chunkBytes, longPollMillis, apiSecret, deleteAllowed, firstLsn, firstXid);
    }

    /** These options with DELETE switched on or off. */
    public ModelOptions withDeleteAllowed(boolean allowed) {
        return new ModelOptions(chunkBytes, longPollMillis, secret, allowed, firstLsn, firstXid);
    }

    /** These options starting at another LSN, unsigned: {@code Long.MIN_VALUE} is 2^63. */
    public ModelOptions withFirstLsn(long lsn) {
        return new ModelOptions(chunkBytes, longPollMillis, secret, deleteAllowed, lsn, firstXid);
    }

    /** These options starting at another transaction id. */
    public ModelOptions withFirstXid(long xid) {
        return new ModelOptions(chunkBytes, longPollMillis, secret, deleteAllowed, firstLsn, xid);
    }
}
