package dev.tributary.electric;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tributary.ProtocolException;
import java.io.IOException;

/**
 * Takes the tokens of one body as far as they are there, and tells {@link Message} what they mean. The input may end
 * anywhere between two tokens, so the place is kept as a state; what usually comes together is read in one go.
 */
final class BodyTokens {

    /** Where in the body the next token stands. */
    private enum State {
        /** Before the array. */
        START,
        /** Between messages. */
        MESSAGES,
        /** Among the members of a message. */
        MEMBERS,
        KEY,
        VALUE,
        OLD_VALUE,
        /** Among the columns of a value. */
        COLUMNS,
        COLUMN,
        HEADERS,
        /** Among the headers of a message. */
        HEADER_NAMES,
        HEADER,
        /** Within an array that a header holds. */
        HEADER_ITEMS,
        /** Within something that nobody wants. */
        SKIP,
        /** After the array. */
        END,
        /** This is no array at all. */
        NO_ARRAY
    }

    private final JsonParser parser;
    private final Message message;
    private State state = State.START;
    private State afterSkip = State.MESSAGES;
    private int depth;
    /** The input up to here ends where a value or a name must follow. */
    private boolean isOpen;

    BodyTokens(JsonParser parser, Message message) {
        this.parser = parser;
        this.message = message;
    }

    /** Nothing of the array came yet. */
    boolean isBeforeArray() {
        return state == State.START;
    }

    /** What came last is the array's beginning, or a message, or what follows that. */
    boolean isBetweenMessages() {
        return state == State.MESSAGES;
    }

    boolean isAfterArray() {
        return state == State.END;
    }

    /** Something else came than an array. */
    boolean isNoArray() {
        return state == State.NO_ARRAY;
    }

    /** Not even JSON came where the array should begin. */
    void noArray() {
        state = State.NO_ARRAY;
    }

    /**
     * Takes what is there.
     *
     * @throws ProtocolException when it is no message
     */
    void drain() throws IOException {
        JsonToken token = next();
        while (token != JsonToken.NOT_AVAILABLE && state != State.NO_ARRAY) {
            accept(token);
            token = next();
        }
    }

    /** The next token. Cut behind a colon or a comma, the parser takes the end of an object for what is missing. */
    private JsonToken next() throws IOException {
        JsonToken token = parser.nextToken();
        if (token != JsonToken.NOT_AVAILABLE) {
            if (isOpen && token.isStructEnd()) {
                throw new ProtocolException("a value is missing");
            }
            isOpen = false;
        }
        return token;
    }

    /** Of a piece nothing is left to take; here it is, for how it ends. Within a text it may end as it likes. */
    void drained(byte[] bytes, int from, int to) {
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

    private void accept(JsonToken token) throws IOException {
        switch (state) {
            case START -> state = token == JsonToken.START_ARRAY ? State.MESSAGES : State.NO_ARRAY;
            case MESSAGES -> betweenMessages(token);
            case MEMBERS -> member(token);
            case KEY -> key(token);
            case VALUE -> value(token);
            case OLD_VALUE -> oldValue(token);
            case COLUMNS -> columns(token);
            case COLUMN -> column(token);
            case HEADERS -> headers(token);
            case HEADER_NAMES -> headerNames(token);
            case HEADER -> header(token);
            case HEADER_ITEMS -> headerItems(token);
            case SKIP -> skip(token);
            default -> throw new ProtocolException("something follows the array of messages");
        }
    }

    private void betweenMessages(JsonToken token) throws IOException {
        if (token == JsonToken.START_OBJECT) {
            message.begin();
            state = State.MEMBERS;
        } else if (token == JsonToken.END_ARRAY) {
            state = State.END;
        } else {
            // Neither null nor anything else that is no object says something.
            skipFrom(token, State.MESSAGES);
        }
    }

    private void member(JsonToken token) throws IOException {
        if (token == JsonToken.END_OBJECT) {
            endMessage();
            return;
        }
        state = switch (parser.currentName()) {
            case "key" -> State.KEY;
            case "value" -> State.VALUE;
            case "old_value" -> State.OLD_VALUE;
            case "headers" -> State.HEADERS;
            default -> skipNext(State.MEMBERS);
        };
    }

    private void endMessage() {
        message.end();
        state = State.MESSAGES;
    }

    private void key(JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            message.key(parser);
            state = State.MEMBERS;
        } else {
            skipFrom(token, State.MEMBERS);
        }
    }

    private void value(JsonToken token) throws IOException {
        if (token == JsonToken.START_OBJECT) {
            message.beginValue();
            columns(next());
        } else {
            skipFrom(token, State.MEMBERS);
        }
    }

    private void oldValue(JsonToken token) throws IOException {
        if (token == JsonToken.START_OBJECT) {
            message.beginOldValue();
            columns(next());
        } else {
            skipFrom(token, State.MEMBERS);
        }
    }

    /** Nearly all of a body is columns: as long as there is input they are read here, one after the other. */
    private void columns(JsonToken first) throws IOException {
        JsonToken token = first;
        while (token == JsonToken.FIELD_NAME) {
            if (!message.column(parser.currentName())) {
                state = skipNext(State.COLUMNS);
                return;
            }
            token = next();
            if (token == JsonToken.NOT_AVAILABLE) {
                state = State.COLUMN;
                return;
            }
            column(token);
            token = next();
        }
        state = token == JsonToken.END_OBJECT ? State.MEMBERS : State.COLUMNS;
    }

    private void column(JsonToken token) throws IOException {
        state = State.COLUMNS;
        if (token == JsonToken.VALUE_STRING) {
            message.text(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        } else if (token == JsonToken.VALUE_NULL) {
            message.nothing();
        } else if (token.isScalarValue()) {
            char[] text = parser.getText().toCharArray();
            message.text(text, 0, text.length);
        } else {
            throw new ProtocolException(
                    "column '" + message.columnName() + "' holds no text but an object or an array");
        }
    }

    private void headers(JsonToken token) throws IOException {
        if (token == JsonToken.START_OBJECT) {
            headerNames(next());
        } else {
            skipFrom(token, State.MEMBERS);
        }
    }

    private void headerNames(JsonToken first) throws IOException {
        JsonToken token = first;
        while (token == JsonToken.FIELD_NAME) {
            state = message.header(parser.currentName()) ? State.HEADER : skipNext(State.HEADER_NAMES);
            token = next();
            if (token == JsonToken.NOT_AVAILABLE) {
                return;
            }
            if (state == State.HEADER) {
                header(token);
            } else {
                skip(token);
            }
            if (state != State.HEADER_NAMES) {
                return;
            }
            token = next();
        }
        state = token == JsonToken.END_OBJECT ? State.MEMBERS : State.HEADER_NAMES;
    }

    private void header(JsonToken token) throws IOException {
        state = State.HEADER_NAMES;
        if (token == JsonToken.START_ARRAY) {
            headerItems(next());
        } else if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
            message.headerValue(parser);
        } else {
            skipFrom(token, State.HEADER_NAMES);
        }
    }

    private void headerItems(JsonToken first) throws IOException {
        JsonToken token = first;
        while (token.isScalarValue()) {
            message.headerItem(parser);
            token = next();
        }
        if (token == JsonToken.END_ARRAY) {
            state = State.HEADER_NAMES;
        } else if (token == JsonToken.NOT_AVAILABLE) {
            state = State.HEADER_ITEMS;
        } else {
            skipFrom(token, State.HEADER_ITEMS);
        }
    }

    /** What follows is skipped as a whole. */
    private State skipNext(State after) {
        afterSkip = after;
        depth = 0;
        return State.SKIP;
    }

    /** What begins with this token is skipped as a whole. */
    private void skipFrom(JsonToken token, State after) throws IOException {
        skipNext(after);
        skip(token);
    }

    private void skip(JsonToken first) throws IOException {
        JsonToken token = first;
        while (token != JsonToken.NOT_AVAILABLE) {
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            }
            if (depth == 0) {
                state = afterSkip;
                return;
            }
            token = next();
        }
        state = State.SKIP;
    }
}
