package dev.tributary.spacetimedb.codec;

import dev.tributary.spi.Protocol.DataKind;
import java.nio.ByteBuffer;

/**
 * Reads what the server sends over one WebSocket, in pieces of any size, without ever holding a whole message: what it
 * keeps between two pieces is at most a row, a text or, for Brotli, the compressed bytes.
 *
 * <p>Whatever is wrong is a {@link dev.tributary.ProtocolException} that names the message, the field and the byte; a
 * message beyond {@link Limits} is a {@link dev.tributary.LimitExceededException}. After either, the reader takes no
 * more. Not safe for use by several threads at once.
 */
public interface FrameReader {

    /** A reader for one connection. */
    static FrameReader of(Subprotocol subprotocol, Limits limits, ServerMessages messages) {
        Meter meter = new Meter(limits);
        Stage stage = switch (subprotocol) {
            case V1_JSON -> new JsonMessages(Grammar.V1, limits, meter, messages);
            case V1_BSATN -> new Compression(meter, new BsatnMessages(Grammar.V1, false, limits, meter, messages));
            case V2_BSATN, V3_BSATN ->
                new Compression(meter, new BsatnMessages(Grammar.V2, subprotocol.isBundled(), limits, meter, messages));
        };
        return new PieceReader(subprotocol.kind(), meter, stage);
    }

    /**
     * Takes a piece of a WebSocket message.
     *
     * @param bytes good only during the call
     * @param last whether the WebSocket message is complete with it
     */
    void data(DataKind kind, ByteBuffer bytes, boolean last);

    /** Whether a WebSocket message has begun and not ended: when the connection ends now, it was cut off. */
    boolean isInside();
}
