package dev.tributary.driftdb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.TokenStreamFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import dev.tributary.ProtocolException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the messages of a server, in both encodings. Whatever is wrong ends as a {@link ProtocolException}. */
final class MessageReader {

    private static final int MOST_DEPTH = 300;
    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(MOST_DEPTH)
            .maxStringLength(Integer.MAX_VALUE)
            .maxNameLength(1 << 20)
            .maxNumberLength(400)
            .build();

    private static final TokenStreamFactory JSON =
            JsonFactory.builder().streamReadConstraints(LIMITS).build();
    private static final TokenStreamFactory CBOR = CBORFactory.builder()
            .streamReadConstraints(LIMITS)
            // Unless told, the parser is off by one in large negative numbers.
            .enable(CBORParser.Feature.DECODE_USING_STANDARD_NEGATIVE_BIGINT_ENCODING)
            .build();

    private MessageReader() {}

    /** Reads something with a parser; what Jackson says becomes a sentence of ours. */
    @FunctionalInterface
    interface Reading<T> {
        T read(JsonParser in) throws IOException;
    }

    static ServerMessage message(Encoding encoding, byte[] bytes) {
        return read(encoding, "message", bytes, in -> {
            in.nextToken();
            return message(in);
        });
    }

    /** The body of an answer over HTTP: a message, or {@code null}. */
    static @Nullable ServerMessage answer(byte[] bytes) {
        return read(
                        Encoding.JSON,
                        "answer",
                        bytes,
                        in -> in.nextToken() == JsonToken.VALUE_NULL
                                ? Optional.<ServerMessage>empty()
                                : Optional.of(message(in)))
                .orElse(null);
    }

    static <T> T read(Encoding encoding, String what, byte[] bytes, Reading<T> reading) {
        TokenStreamFactory factory = encoding == Encoding.JSON ? JSON : CBOR;
        try (JsonParser in = factory.createParser(bytes)) {
            T result = reading.read(in);
            if (in.nextToken() != null) {
                throw new ProtocolException(what + ": something comes after its end, at byte "
                        + in.currentTokenLocation().getByteOffset());
            }
            return result;
        } catch (JsonProcessingException e) {
            throw wrong(encoding, what, e.getOriginalMessage(), e);
        } catch (IOException | IllegalArgumentException | IllegalStateException | ArithmeticException e) {
            throw wrong(encoding, what, String.valueOf(e.getMessage()), e);
        }
    }

    private static ProtocolException wrong(Encoding encoding, String what, @Nullable String why, Exception cause) {
        String text = why == null ? "" : why;
        return new ProtocolException(
                what + ": no " + encoding + ": " + (text.length() > 200 ? text.substring(0, 200) + "…" : text), cause);
    }

    private static ServerMessage message(JsonParser in) throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            throw new ProtocolException("message: expected an object, got " + in.currentToken());
        }
        Envelope envelope = new Envelope();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            in.nextToken();
            envelope.member(name, in);
        }
        return envelope.message();
    }
}
