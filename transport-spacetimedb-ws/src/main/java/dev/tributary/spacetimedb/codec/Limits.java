package dev.tributary.spacetimedb.codec;

/**
 * How much the server may make this client hold or chew.
 *
 * @param wireBytes of one WebSocket message as it arrives
 * @param messageBytes of one WebSocket message after decompression
 * @param ratio decompressed bytes per compressed one, once {@link #RATIO_FREE} bytes came out
 * @param rowBytes of one row; of a JSON row its characters
 * @param textBytes of one other text or byte string: an error, a token, arguments, a result
 */
public record Limits(long wireBytes, long messageBytes, int ratio, int rowBytes, int textBytes) {

    /** The ratio is not looked at before so many bytes came out. */
    static final long RATIO_FREE = 64L << 20;

    /** Initial rows can be hundreds of megabytes; rows are kept one by one, so the message need not fit in memory. */
    public static final Limits DEFAULT = new Limits(1L << 30, 4L << 30, 1_000, 64 << 20, 64 << 20);

    /** Checks that there is room for anything. */
    public Limits {
        if (wireBytes <= 0 || messageBytes <= 0 || ratio <= 0 || rowBytes <= 0 || textBytes <= 0) {
            throw new IllegalArgumentException("limits must be above zero");
        }
    }
}
