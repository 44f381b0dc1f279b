package dev.tributary.electric;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.tributary.JsonNull;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON documents as plain Java: maps, lists, strings, numbers, truth values, and {@link JsonNull}. */
final class JsonText {

    private static final int MAX_DEPTH = 1_000;

    /** More zeros than these are written as an exponent. */
    private static final int MOST_ZEROS = 1_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(PgNumbers.MOST_DIGITS)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private JsonText() {}

    /**
     * Reads a document.
     *
     * @throws IllegalArgumentException when the text is none
     */
    static Object read(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            Object value = value(parser);
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("more than one JSON value");
            }
            return value;
        } catch (IOException e) {
            throw new IllegalArgumentException("no JSON: " + e.getMessage(), e);
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IllegalArgumentException("no JSON: empty");
        }
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> JsonNull.INSTANCE;
            default -> throw new IllegalArgumentException("no JSON");
        };
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, value(parser));
        }
        return Collections.unmodifiableMap(members);
    }

    private static List<Object> array(JsonParser parser) throws IOException {
        List<Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
        }
        return Collections.unmodifiableList(items);
    }

    /**
     * Writes a document with blanks where the server's jsonb has them.
     *
     * @throws IllegalArgumentException when a part is of no fitting type
     */
    static String write(Object document) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            generator.setPrettyPrinter(new OneLine());
            write(document, generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(Object value, JsonGenerator generator) throws IOException {
        if (value instanceof Map<?, ?> members) {
            generator.writeStartObject();
            for (Map.Entry<?, ?> member : members.entrySet()) {
                generator.writeFieldName((String) member.getKey());
                write(member.getValue(), generator);
            }
            generator.writeEndObject();
        } else if (value instanceof List<?> items) {
            generator.writeStartArray();
            for (Object item : items) {
                write(item, generator);
            }
            generator.writeEndArray();
        } else if (value instanceof String text) {
            generator.writeString(text);
        } else if (value instanceof Boolean truth) {
            generator.writeBoolean(truth);
        } else if (value instanceof BigDecimal decimal) {
            generator.writeNumber(number(decimal));
        } else if (value instanceof BigInteger || value instanceof Long || value instanceof Integer) {
            generator.writeNumber(value.toString());
        } else if (value == JsonNull.INSTANCE) {
            generator.writeNull();
        } else {
            throw ScalarType.unfit("Map, List, String, Boolean, an integer, BigDecimal or JsonNull", value);
        }
    }

    /** All digits, as the server's jsonb has them, unless a few characters stand for very many. */
    private static String number(BigDecimal decimal) {
        boolean isShort = Math.abs((long) decimal.scale()) <= MOST_ZEROS;
        return isShort ? decimal.toPlainString() : decimal.toString();
    }

    /** A blank after each comma and colon, and nothing else. */
    private static final class OneLine extends DefaultPrettyPrinter {

        private static final long serialVersionUID = 1;

        OneLine() {
            indentArraysWith(NopIndenter.instance);
            indentObjectsWith(NopIndenter.instance);
        }

        @Override
        public OneLine createInstance() {
            return new OneLine();
        }

        @Override
        public void writeStartObject(JsonGenerator generator) throws IOException {
            generator.writeRaw('{');
        }

        @Override
        public void writeEndObject(JsonGenerator generator, int members) throws IOException {
            generator.writeRaw('}');
        }

        @Override
        public void writeStartArray(JsonGenerator generator) throws IOException {
            generator.writeRaw('[');
        }

        @Override
        public void writeEndArray(JsonGenerator generator, int items) throws IOException {
            generator.writeRaw(']');
        }

        @Override
        public void beforeArrayValues(JsonGenerator generator) {}

        @Override
        public void beforeObjectEntries(JsonGenerator generator) {}

        @Override
        public void writeObjectFieldValueSeparator(JsonGenerator generator) throws IOException {
            generator.writeRaw(": ");
        }

        @Override
        public void writeObjectEntrySeparator(JsonGenerator generator) throws IOException {
            generator.writeRaw(", ");
        }

        @Override
        public void writeArrayValueSeparator(JsonGenerator generator) throws IOException {
            generator.writeRaw(", ");
        }
    }
}
