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
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one body as it streams in, in pieces of any size: bytes to packed rows with no tree, no map and no string per
 * column between. A body is an array of messages; what a message means is {@link Message}'s business.
 */
final class ChunkDecoder {

    private static final int MAX_DEPTH = 100;
    private static final int PREVIEW = 200;
    /** What a message quotes of a body has an end. */
    private static final int MOST_QUOTED = 500;
    /** So many messages more that no template knows than such that one knows, and none is looked for any more. */
    private static final int MOST_MISSES = 16;
    /** The beginning of a message is kept until its end comes if it is no longer than this. */
    private static final int MOST_KEPT = 16_384;

    /** One for all, because its parsers share the names they know. A text is bounded by the body that it stands in. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final JsonParser parser;
    private final ByteArrayFeeder feeder;
    private final Message message;
    private final BodyTokens tokens;
    private final Chunk chunk = new Chunk();
    private final long maxBytes;
    private final String where;
    private final UnaryOperator<String> mask;
    private final byte[] preview = new byte[PREVIEW];
    private byte[] copy = new byte[0];
    private int previewed;

    /** How the rows of this body look, once one was seen. */
    private @Nullable InsertTemplate template;
    /** Messages that a template knew, less those that none knew. */
    private int gain;
    /** The last byte that was read is the end of a message. */
    private boolean between;
    /** What templates read: the parser never saw it. */
    private long skipped;
    /** The beginning of a message at the end of the piece before. */
    private byte[] joined = new byte[0];

    private int rest;

    /**
     * @param streamed whether changes may have positions, so that their keys are wanted
     * @param where the table and the address, for messages
     * @param mask takes secrets out of what a message quotes
     * @param maxBytes a larger body is refused
     */
    ChunkDecoder(LogSchema schema, boolean streamed, String where, UnaryOperator<String> mask, long maxBytes) {
        this.parser = newParser();
        this.feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
        this.message = new Message(schema, chunk, streamed);
        this.tokens = new BodyTokens(parser, message);
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
                read(piece.array(), start, start + length);
            } else {
                if (copy.length < length) {
                    copy = new byte[Math.max(length, 16_384)];
                }
                piece.duplicate().get(copy, 0, length);
                read(copy, 0, length);
            }
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

    /** Reads a piece, behind what is left of the one before. */
    private void read(byte[] bytes, int start, int end) throws IOException {
        int at = start;
        if (rest > 0) {
            at = endOfMessage(bytes, start, end);
            int length = rest + at - start;
            if (length > joined.length) {
                joined = Arrays.copyOf(joined, length);
            }
            System.arraycopy(bytes, start, joined, rest, at - start);
            rest = 0;
            readAll(joined, 0, length, at == end);
        }
        readAll(bytes, at, end, true);
    }

    /**
     * Reads rows by the template as long as it knows them. The parser is fed the others, each by itself.
     *
     * @param last whether more of the last message may come
     */
    private void readAll(byte[] bytes, int start, int end, boolean last) throws IOException {
        int at = start;
        while (at < end && !tokens.isNoArray()) {
            if (between && template != null) {
                at = readKnown(template, bytes, at, end);
            }
            int to = gain < -MOST_MISSES ? end : endOfMessage(bytes, at, end);
            if (to == end && last && between && template != null && end - at <= MOST_KEPT) {
                keepRest(bytes, at, end);
                return;
            }
            if (at < to) {
                feedParser(bytes, at, to);
            }
            at = to;
        }
    }

    private int readKnown(InsertTemplate known, byte[] bytes, int start, int end) {
        int at = start;
        for (int next = known.read(bytes, at, end, message); next >= 0; next = known.read(bytes, at, end, message)) {
            skipped += next - at;
            gain++;
            at = next;
        }
        return at;
    }

    private void feedParser(byte[] bytes, int from, int to) throws IOException {
        boolean atMessage = between || tokens.isBeforeArray();
        int before = chunk.messages();
        feeder.feedInput(bytes, from, to);
        tokens.drain();
        tokens.drained(bytes, from, to);
        between = tokens.isBetweenMessages() && bytes[to - 1] == '}';
        gain--;
        boolean one = atMessage && between && chunk.messages() == before + 1;
        if (gain < -MOST_MISSES) {
            template = null;
        } else if (one && message.isPlainInsert()) {
            int begin = from;
            while (bytes[begin] != '{') {
                begin++;
            }
            template = InsertTemplate.of(bytes, begin, to, message.columnCount());
        }
    }

    /** Where the next message may end. A wrong guess does no harm. */
    private static int endOfMessage(byte[] bytes, int start, int end) {
        for (int at = start + 1; at < end; at++) {
            if (bytes[at] == '}' && bytes[at - 1] == '}') {
                return at + 1;
            }
        }
        return end;
    }

    private void keepRest(byte[] bytes, int at, int end) {
        rest = end - at;
        if (joined.length < rest) {
            joined = new byte[Math.max(rest, 1_024)];
        }
        System.arraycopy(bytes, at, joined, 0, rest);
    }

    private void readRest() {
        int length = rest;
        rest = 0;
        if (length > 0) {
            try {
                feedParser(joined, 0, length);
            } catch (ProtocolException e) {
                throw fault(String.valueOf(e.getMessage()), e);
            } catch (IOException e) {
                malformed(e);
            }
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
        readRest();
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
        String masked = mask.apply(what);
        String shown = masked.length() <= MOST_QUOTED ? masked : masked.substring(0, MOST_QUOTED) + "…";
        return new ProtocolException(
                where + ": " + shown + " (message " + chunk.messages() + ", byte "
                        + (skipped + parser.currentLocation().getByteOffset()) + ")",
                cause);
    }
}
