package dev.tributary.electric;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import dev.tributary.LimitExceededException;
import dev.tributary.ProtocolException;
import dev.tributary.http.HttpOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one body as it streams in, in pieces of any size: bytes to packed rows with no tree, no map and no string per
 * column between. A body is an array of messages; what a message means is {@link Message}'s business.
 */
final class ChunkDecoder {

    private static final int MAX_DEPTH = 100;
    private static final int PREVIEW = 200;

    /** One for all, because its parsers share the names they know. A text is bounded by the body that it stands in. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final JsonParser parser;
    private final ByteArrayFeeder feeder;
    private final BodyTokens tokens;
    private final Chunk chunk = new Chunk();
    private final long maxBytes;
    private final String where;
    private final UnaryOperator<String> mask;
    private final byte[] preview = new byte[PREVIEW];
    private byte[] copy = new byte[0];
    private int previewed;

    /**
     * @param streamed whether changes may have positions, so that their keys are wanted
     * @param where the table and the address, for messages
     * @param mask takes secrets out of what a message quotes
     * @param maxBytes a larger body is refused
     */
    ChunkDecoder(LogSchema schema, boolean streamed, String where, UnaryOperator<String> mask, long maxBytes) {
        this.parser = newParser();
        this.feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
        this.tokens = new BodyTokens(parser, new Message(schema, chunk, streamed));
        this.where = where;
        this.mask = mask;
        this.maxBytes = maxBytes;
    }

    private static JsonParser newParser() {
        try {
            return JSON.createNonBlockingByteArrayParser();
        } catch (IOException e) {
            throw new IllegalStateException("a parser without input cannot fail", e);
        }
    }

    /**
     * Decodes a piece of the body.
     *
     * @throws ProtocolException when it is none; the message says what, where and in which message
     */
    void feed(ByteBuffer piece) {
        int length = piece.remaining();
        chunk.received(length);
        if (chunk.bytes() > maxBytes) {
            throw new LimitExceededException(where + ": the body is larger than " + maxBytes
                    + " bytes; raise the option '" + HttpOptions.MAX_BODY_BYTES.name() + "'");
        }
        keepPreview(piece);
        if (tokens.isNoArray()) {
            return;
        }
        try {
            if (piece.hasArray()) {
                int start = piece.arrayOffset() + piece.position();
                feeder.feedInput(piece.array(), start, start + length);
            } else {
                if (copy.length < length) {
                    copy = new byte[Math.max(length, 16_384)];
                }
                piece.duplicate().get(copy, 0, length);
                feeder.feedInput(copy, 0, length);
            }
            tokens.drain();
        } catch (ProtocolException e) {
            throw fault(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            malformed(e);
        }
    }

    private void keepPreview(ByteBuffer piece) {
        int count = Math.min(PREVIEW - previewed, piece.remaining());
        if (count > 0) {
            piece.duplicate().get(preview, previewed, count);
            previewed += count;
        }
    }

    private void malformed(IOException e) {
        if (tokens.isBeforeArray()) {
            tokens.noArray();
            return;
        }
        String what = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        throw fault("malformed JSON: " + what, e);
    }

    /**
     * The body is complete.
     *
     * @return what it says
     * @throws ProtocolException when it is no array of messages, or ends within one
     */
    Chunk end() {
        boolean empty = tokens.isBeforeArray() && isBlank();
        if (tokens.isNoArray() || (tokens.isBeforeArray() && !empty)) {
            String beginning = mask.apply(new String(preview, 0, previewed, StandardCharsets.UTF_8));
            throw new ProtocolException(where + ": expected a JSON array of messages, got '" + beginning
                    + (chunk.bytes() > previewed ? "…" : "") + "'");
        }
        if (!tokens.isAfterArray() && !empty) {
            throw fault("the body ends too early", null);
        }
        release();
        return chunk;
    }

    /** Gives the parser's buffers and names back for the next one. */
    private void release() {
        try {
            parser.close();
        } catch (IOException e) {
            throw new IllegalStateException("a parser without input cannot fail", e);
        }
    }

    private boolean isBlank() {
        return chunk.bytes() <= previewed && new String(preview, 0, previewed, StandardCharsets.UTF_8).isBlank();
    }

    /** How many changes were decoded so far. */
    int changes() {
        return chunk.size();
    }

    long bytes() {
        return chunk.bytes();
    }

    private ProtocolException fault(String what, @Nullable Throwable cause) {
        return new ProtocolException(
                where + ": " + mask.apply(what) + " (message " + chunk.messages() + ", byte "
                        + parser.currentLocation().getByteOffset() + ")",
                cause);
    }
}
