package dev.tributary.spacetimedb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tributary.ProtocolException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Small JSON answers as plain objects: {@code Map}, {@code List}, {@code String}, whole numbers kept exact. */
final class PlainJson {

    private static final JsonFactory FACTORY = new JsonFactory();

    private PlainJson() {}

    /**
     * Reads one value.
     *
     * @param what for messages, which do not repeat the text
     * @throws ProtocolException when it is none
     */
    static @Nullable Object of(String what, String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw new ProtocolException(what + ": something follows behind the value");
            }
            return value;
        } catch (IOException e) {
            throw new ProtocolException(what + " is no JSON");
        }
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IOException("there is nothing");
        }
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT ->
                parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? parser.getBigIntegerValue()
                        : Long.valueOf(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            default -> throw new IOException("unexpected " + token);
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            map.put(name, value(parser));
        }
        return Collections.unmodifiableMap(map);
    }

    private static List<@Nullable Object> array(JsonParser parser) throws IOException {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(parser));
        }
        return Collections.unmodifiableList(list);
    }

    /** The object that a value must be. */
    static Map<?, ?> map(String what, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new ProtocolException(what + " is no JSON object");
    }

    /** The list that a value must be. */
    static List<?> list(String what, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new ProtocolException(what + " is no JSON array");
    }

    /** The text that a field must be. */
    static String text(String what, Map<?, ?> map, String field) {
        if (map.get(field) instanceof String text) {
            return text;
        }
        throw new ProtocolException(what + " has no text '" + field + "'");
    }
}
