package dev.tributary.testkit.spacetimedb;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** What can befall a server message. */
public final class SpacetimeDbFault {

    private final Action action;

    private SpacetimeDbFault(Action action) {
        this.action = action;
    }

    /** Takes the place of sending a message. */
    interface Action {

        void apply(SpacetimeDbSession session, OutMessage message);
    }

    void apply(SpacetimeDbSession session, OutMessage message) {
        action.apply(session, message);
    }

    /** It never leaves: a lost delta. */
    public static SpacetimeDbFault lose() {
        return new SpacetimeDbFault((session, message) -> {});
    }

    /** It comes twice. */
    public static SpacetimeDbFault duplicate() {
        return new SpacetimeDbFault((session, message) -> {
            session.transmit(message, null, UnaryOperator.identity());
            session.transmit(message, null, UnaryOperator.identity());
        });
    }

    /** The connection breaks in its place. */
    public static SpacetimeDbFault breakBefore() {
        return new SpacetimeDbFault((session, message) -> session.breakNow());
    }

    /** The connection breaks after it. */
    public static SpacetimeDbFault breakAfter() {
        return new SpacetimeDbFault((session, message) -> {
            session.transmit(message, null, UnaryOperator.identity());
            session.breakNow();
        });
    }

    /** The connection breaks after so many of its bytes. */
    public static SpacetimeDbFault breakWithin(int bytes) {
        return new SpacetimeDbFault((session, message) -> session.breakWithin(message, bytes));
    }

    /** From here on nothing comes, not even pongs, and the connection stays. */
    public static SpacetimeDbFault silence() {
        return new SpacetimeDbFault((session, message) -> session.fallSilent());
    }

    /** It and all that follow come later. */
    public static SpacetimeDbFault delay(Duration time) {
        return new SpacetimeDbFault((session, message) -> session.delay(message, time.toMillis()));
    }

    /** A close frame in its place; the reason may be longer than allowed. */
    public static SpacetimeDbFault close(int code, String reason) {
        return new SpacetimeDbFault((session, message) -> session.closeByServer(code, reason));
    }

    /** The stream ends in its place without a close frame. */
    public static SpacetimeDbFault end() {
        return new SpacetimeDbFault((session, message) -> session.endNow());
    }

    /** It comes with a wrong list of rows; in JSON it comes as it is. */
    public static SpacetimeDbFault rows(RowDamage damage) {
        return new SpacetimeDbFault((session, message) -> session.transmit(message, damage, UnaryOperator.identity()));
    }

    /** It comes with other bytes, without the byte for the compression, before that is done; UTF-8 for JSON. */
    public static SpacetimeDbFault body(UnaryOperator<byte[]> change) {
        return new SpacetimeDbFault((session, message) -> session.transmit(message, null, change));
    }

    /** It lacks so many bytes at its end. */
    public static SpacetimeDbFault truncated(int missing) {
        return body(body -> Arrays.copyOf(body, Math.max(0, body.length - missing)));
    }

    /** It has so many more bytes at its end. */
    public static SpacetimeDbFault surplus(int more) {
        return body(body -> Arrays.copyOf(body, body.length + more));
    }

    /** Its first byte, the number of its variant, is another. */
    public static SpacetimeDbFault unknownVariant() {
        return body(body -> {
            byte[] other = body.clone();
            other[0] = (byte) 200;
            return other;
        });
    }

    /** In its place comes a frame with these bytes, the one for the compression first. */
    public static SpacetimeDbFault frame(byte... bytes) {
        byte[] frame = bytes.clone();
        return new SpacetimeDbFault((session, message) -> session.frame(frame));
    }

    /** It comes with another byte for the compression than is true. */
    public static SpacetimeDbFault compressionByte(int tag) {
        return new SpacetimeDbFault((session, message) -> {
            byte[] frame = message.encoding().bytes(null).clone();
            frame[0] = (byte) tag;
            session.frame(frame);
        });
    }

    /** In its place comes a gzip stream of so many zeros. */
    public static SpacetimeDbFault bomb(long zeros) {
        return new SpacetimeDbFault((session, message) -> {
            byte[] zip = Compression.gzipOfZeros(zeros);
            session.frame(new BsatnWriter(zip.length + 1)
                    .u8(Compression.GZIP.tag())
                    .raw(zip)
                    .toBytes());
        });
    }
}
