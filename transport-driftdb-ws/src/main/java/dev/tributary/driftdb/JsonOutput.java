package dev.tributary.driftdb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes values as JSON in the spelling that comes back unchanged from the server. */
final class JsonOutput {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamWriteConstraints(
                    StreamWriteConstraints.builder().maxNestingDepth(200).build())
            .build();

    /** 2^63: smaller doubles that are whole fit a long. */
    private static final double LONGS = 0x1p63;
    /** 2^64. */
    private static final double INTEGERS = 0x1p64;

    /** Writes the members of one object. */
    @FunctionalInterface
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private JsonOutput() {}

    static byte[] object(Body body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(128);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static void value(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Boolean yes) {
            json.writeBoolean(yes);
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof BigInteger number) {
            json.writeNumber(number);
        } else if (value instanceof Double number) {
            number(json, number, Double.toString(number));
        } else if (value instanceof Float number) {
            // The shortest text of the single: it is what comes back.
            number(json, number, Float.toString(number));
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                value(json, element);
            }
            json.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                value(json, entry.getValue());
            }
            json.writeEndObject();
        } else {
            throw new IllegalArgumentException(
                    "JSON cannot hold a " + value.getClass().getName());
        }
    }

    /** A whole number that fits 64 bits is written as an integer: the server spoils Java's text of a large one. */
    private static void number(JsonGenerator json, double number, String text) throws IOException {
        boolean negativeZero = number == 0 && 1 / number < 0;
        if (number != Math.rint(number) || negativeZero || number < -LONGS || number >= INTEGERS) {
            json.writeNumber(text);
        } else if (number < LONGS) {
            json.writeNumber((long) number);
        } else {
            json.writeNumber(new BigDecimal(number).toBigIntegerExact());
        }
    }
}
