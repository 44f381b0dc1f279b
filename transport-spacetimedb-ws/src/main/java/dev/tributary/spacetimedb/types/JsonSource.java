package dev.tributary.spacetimedb.types;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * The tokens of one JSON value on its way to BSATN.
 *
 * @param parser at the first token of what is read next
 * @param dialect whose JSON it is
 */
record JsonSource(JsonParser parser, Dialect dialect) {

    /** Who wrote it. */
    enum Dialect {
        /** The server, in rows and return values: variants by number, {@code null} for floats that JSON lacks. */
        SERVER,
        /** The application, in arguments: everything that the server would take. */
        ARGUMENTS
    }

    private static final int MOST_SHOWN = 40;

    boolean fromServer() {
        return dialect == Dialect.SERVER;
    }

    JsonToken token() throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IllegalArgumentException("the JSON text ends too early");
        }
        return token;
    }

    JsonToken next() throws IOException {
        parser.nextToken();
        return token();
    }

    /** The refusal of the current token. */
    IllegalArgumentException unfit(String expected) throws IOException {
        String text = token() == JsonToken.START_ARRAY || token() == JsonToken.START_OBJECT
                ? token() == JsonToken.START_ARRAY ? "an array" : "an object"
                : token() == JsonToken.VALUE_STRING
                        ? "the text '" + shortened(parser.getText()) + "'"
                        : shortened(parser.getText());
        return new IllegalArgumentException("expected " + expected + ", got " + text + " at character "
                + parser.currentTokenLocation().getCharOffset());
    }

    static String shortened(String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }
}
