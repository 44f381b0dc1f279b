package dev.tributary.spacetimedb.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.tributary.LimitExceededException;
import dev.tributary.ProtocolException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of {@code v1.json}, one in each WebSocket message, with a parser that takes pieces. The wire has
 * checked that the text is UTF-8.
 */
final class JsonMessages implements Stage {

    /** The envelope has a dozen levels; rows are texts and do not count. */
    private static final int MOST_LEVELS = 64;

    private final List<Message> grammar;
    private final ServerMessages messages;
    private final Meter meter;
    private final JsonFactory json;
    private final JsonWalker walker;

    /** Null between two messages. */
    private @Nullable JsonParser parser;

    private @Nullable Message current;
    private @Nullable String unknown;
    private boolean opened;
    private boolean whole;
    /** The input up to here ends where a value or a name must follow. */
    private boolean isOpen;

    JsonMessages(List<Message> grammar, Limits limits, Meter meter, ServerMessages messages) {
        this.grammar = grammar;
        this.messages = messages;
        this.meter = meter;
        this.json = JsonFactory.builder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MOST_LEVELS)
                        .maxStringLength(Math.max(limits.rowBytes(), limits.textBytes()))
                        .build())
                .build();
        this.walker = new JsonWalker(limits, messages);
    }

    @Override
    public void feed(byte[] bytes, int from, int to) {
        meter.expand(to - from);
        try {
            if (parser == null) {
                parser = json.createNonBlockingByteArrayParser();
            }
            ((ByteArrayFeeder) parser.getNonBlockingInputFeeder()).feedInput(bytes, from, to);
            readTokens(parser);
            drained(bytes, from, to);
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Within a text a piece may end as it likes. */
    private void drained(byte[] bytes, int from, int to) {
        int at = to;
        while (at > from && isBlank(bytes[at - 1])) {
            at--;
        }
        if (at > from) {
            isOpen = bytes[at - 1] == ':' || bytes[at - 1] == ',';
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    @Override
    public void end() {
        if (parser == null) {
            throw new ProtocolException("a message of the server is empty");
        }
        try (JsonParser ending = parser) {
            ((ByteArrayFeeder) ending.getNonBlockingInputFeeder()).endOfInput();
            readTokens(ending);
        } catch (IOException e) {
            throw malformed(e);
        }
        if (!whole) {
            throw new ProtocolException(name() + " ends early");
        }
        Message done = current;
        String variant = unknown;
        parser = null;
        current = null;
        unknown = null;
        opened = false;
        whole = false;
        if (done != null) {
            walker.finish(done);
        } else if (variant != null) {
            messages.unknown(new ServerMessage.Unknown(variant, false));
        }
    }

    private void readTokens(JsonParser from) throws IOException {
        JsonToken token = from.nextToken();
        while (token != null && token != JsonToken.NOT_AVAILABLE) {
            read(token, from);
            token = from.nextToken();
        }
    }

    private void read(JsonToken token, JsonParser from) throws IOException {
        if (whole) {
            throw wrong("has left-over text", from, null);
        }
        if (isOpen && token.isStructEnd()) {
            // Cut behind a colon or a comma, the parser takes the end of an object for what is missing.
            throw wrong("lacks a value", from, null);
        }
        isOpen = false;
        if (!walker.isDone()) {
            try {
                walker.read(token, from);
            } catch (BadValue e) {
                throw wrong(e.problem(), from, e);
            }
        } else if (!opened && token == JsonToken.START_OBJECT) {
            opened = true;
        } else if (opened && token == JsonToken.FIELD_NAME && current == null && unknown == null) {
            begin(from.currentName());
        } else if (opened && token == JsonToken.END_OBJECT && (current != null || unknown != null)) {
            whole = true;
        } else {
            throw wrong("is no object with one variant", from, null);
        }
    }

    private void begin(String name) {
        for (Message each : grammar) {
            if (each.name().equals(name)) {
                current = each;
                messages.begin(each.kind());
                walker.begin(each);
                return;
            }
        }
        unknown = name;
        walker.beginToSkip();
    }

    private String name() {
        return current == null ? "a message of the server" : current.name();
    }

    private ProtocolException wrong(String problem, JsonParser from, @Nullable Throwable cause) {
        return new ProtocolException(
                walker.field() + name() + " " + problem + ", at byte "
                        + from.currentLocation().getByteOffset(),
                cause);
    }

    private RuntimeException malformed(IOException e) {
        String where = walker.field() + name();
        if (e instanceof StreamConstraintsException limit) {
            return new LimitExceededException(where + " is too large or too deep: " + limit.getOriginalMessage());
        }
        long offset = parser == null ? 0 : parser.currentLocation().getByteOffset();
        // The parser's own text may quote what was sent, a token for example.
        return new ProtocolException(where + " is malformed JSON, at byte " + offset + " ("
                + e.getClass().getSimpleName() + ")");
    }
}
