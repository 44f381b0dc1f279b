package dev.tributary.spacetimedb.types;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tributary.ProtocolException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in a JSON document that is read once and is small: a schema. Whatever is asked of it and is not there ends in a
 * {@link ProtocolException} that names the place.
 */
final class JsonTree {

    private static final int MOST_CHARACTERS = 64 << 20;
    private static final int MOST_VALUES = 2_000_000;
    private static final int MOST_LEVELS = 300;

    private final String place;
    private final @Nullable Object value;

    private JsonTree(String place, @Nullable Object value) {
        this.place = place;
        this.value = value;
    }

    /** A variant of a sum. */
    record Tagged(String name, JsonTree payload) {}

    /** The root of this text; the place of the root is the name of the document. */
    static JsonTree read(String document, String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new ProtocolException(
                    document + ": longer than " + MOST_CHARACTERS + " characters: " + text.length());
        }
        try (JsonParser parser = JsonInput.FACTORY.createParser(text)) {
            Reader reader = new Reader(document, parser);
            parser.nextToken();
            Object value = reader.value(MOST_LEVELS);
            if (parser.nextToken() != null) {
                throw reader.wrong("something follows it");
            }
            return new JsonTree(document, value);
        } catch (IOException e) {
            throw new ProtocolException(document + ": no JSON: " + JsonInput.firstLine(e), e);
        }
    }

    /** Reads plain lists and maps. */
    private static final class Reader {

        private final String document;
        private final JsonParser parser;
        private int valuesLeft = MOST_VALUES;

        Reader(String document, JsonParser parser) {
            this.document = document;
            this.parser = parser;
        }

        ProtocolException wrong(String what) {
            return new ProtocolException(document + ": " + what + " at character "
                    + parser.currentTokenLocation().getCharOffset());
        }

        @Nullable
        Object value(int levelsLeft) throws IOException {
            if (levelsLeft <= 0) {
                throw wrong("nested deeper than " + MOST_LEVELS + " levels");
            }
            if (--valuesLeft < 0) {
                throw wrong("more than " + MOST_VALUES + " values");
            }
            JsonToken token = parser.currentToken();
            if (token == null) {
                throw wrong("it ends too early");
            }
            return switch (token) {
                case START_OBJECT -> object(levelsLeft);
                case START_ARRAY -> array(levelsLeft);
                case VALUE_STRING -> parser.getText();
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number();
                case VALUE_TRUE -> true;
                case VALUE_FALSE -> false;
                case VALUE_NULL -> null;
                default -> throw wrong("no value");
            };
        }

        private Object number() throws IOException {
            boolean isLong = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && (parser.getNumberType() == JsonParser.NumberType.INT
                            || parser.getNumberType() == JsonParser.NumberType.LONG);
            // No other number means anything in a schema; its digits are for the message.
            return isLong ? (Object) parser.getLongValue() : new StringBuilder(parser.getText());
        }

        private Object array(int levelsLeft) throws IOException {
            List<@Nullable Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(value(levelsLeft - 1));
            }
            return list;
        }

        private Object object(int levelsLeft) throws IOException {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                map.put(name, value(levelsLeft - 1));
            }
            return map;
        }
    }

    String place() {
        return place;
    }

    ProtocolException wrong(String expected) {
        String found = value instanceof Map<?, ?> map
                ? "an object with " + JsonSource.shortened(map.keySet().toString())
                : value instanceof List<?> list
                        ? "an array of " + list.size()
                        : value instanceof String text
                                ? "'" + JsonSource.shortened(text) + "'"
                                : JsonSource.shortened(String.valueOf(value));
        return new ProtocolException(place + ": expected " + expected + ", got " + found);
    }

    /** A refusal that came from elsewhere, at this place. */
    ProtocolException refused(IllegalArgumentException e) {
        return new ProtocolException(place + ": " + e.getMessage(), e);
    }

    private @Nullable Map<?, ?> map() {
        return value instanceof Map<?, ?> map ? map : null;
    }

    boolean has(String name) {
        Map<?, ?> map = map();
        return map != null && map.containsKey(name);
    }

    JsonTree get(String name) {
        Map<?, ?> map = map();
        if (map == null || !map.containsKey(name)) {
            throw wrong("an object with '" + name + "'");
        }
        return new JsonTree(place + "." + name, map.get(name));
    }

    /** The member of that name, or what an empty array would be. */
    List<JsonTree> itemsIfAny(String name) {
        return has(name) ? get(name).items() : List.of();
    }

    List<JsonTree> items() {
        if (!(value instanceof List<?> list)) {
            throw wrong("an array");
        }
        List<JsonTree> items = new ArrayList<>(list.size());
        for (Object item : list) {
            items.add(new JsonTree(place + "[" + items.size() + "]", item));
        }
        return items;
    }

    /** An object with one key is a sum. */
    Tagged tagged() {
        Map<?, ?> map = map();
        if (map == null || map.size() != 1) {
            throw wrong("an object with one key");
        }
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        Map.Entry<?, ?> only = entries.next();
        String name = String.valueOf(only.getKey());
        return new Tagged(name, new JsonTree(place + "." + name, only.getValue()));
    }

    /** What {@code {"some": …}} holds; null for {@code {"none": []}}. */
    @Nullable
    JsonTree option() {
        Tagged tagged = tagged();
        return switch (tagged.name()) {
            case "some" -> tagged.payload();
            case "none" -> null;
            default -> throw wrong("some or none");
        };
    }

    String text() {
        if (!(value instanceof String text)) {
            throw wrong("a text");
        }
        return text;
    }

    boolean truth() {
        if (!(value instanceof Boolean truth)) {
            throw wrong("true or false");
        }
        return truth;
    }

    /** A number from 0 to below the bound. */
    int index(int bound) {
        if (!(value instanceof Long number) || number < 0 || number >= bound) {
            throw wrong("a number from 0 to below " + bound);
        }
        return (int) (long) number;
    }
}
