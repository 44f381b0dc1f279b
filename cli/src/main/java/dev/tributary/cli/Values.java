package dev.tributary.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import dev.tributary.JsonNull;
import dev.tributary.spacetimedb.Sum;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of columns as text. Numbers are exact: decimals keep their digits, and what is no number to JSON ({@code NaN})
 * is a string. Times are ISO 8601 with seconds, bytes are Base64.
 */
final class Values {

    private static final int BUFFER = 1 << 16;
    // Raw text stands between the values, so the generator must not separate them.
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .rootValueSeparator((String) null)
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build();

    private Values() {}

    /** A generator for many values, as UTF-8, with its own buffer. */
    static JsonGenerator generator(OutputStream out) throws IOException {
        return FACTORY.createGenerator(new BufferedOutputStream(out, BUFFER));
    }

    /** Without recursion: a server may send documents of any depth. */
    static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        if (!isDocument(value)) {
            writeScalar(json, value);
            return;
        }
        Deque<Iterator<?>> open = new ArrayDeque<>();
        begin(json, value, open);
        while (!open.isEmpty()) {
            Iterator<?> rest = open.element();
            boolean inObject = json.getOutputContext().inObject();
            if (!rest.hasNext()) {
                open.pop();
                if (inObject) {
                    json.writeEndObject();
                } else {
                    json.writeEndArray();
                }
            } else if (inObject && rest.next() instanceof Map.Entry<?, ?> member) {
                json.writeFieldName(String.valueOf(member.getKey()));
                begin(json, member.getValue(), open);
            } else {
                begin(json, rest.next(), open);
            }
        }
    }

    private static boolean isDocument(@Nullable Object value) {
        return value instanceof Map || value instanceof List || value instanceof Sum;
    }

    private static void begin(JsonGenerator json, @Nullable Object value, Deque<Iterator<?>> open) throws IOException {
        if (value instanceof Map<?, ?> members) {
            json.writeStartObject();
            open.push(members.entrySet().iterator());
        } else if (value instanceof Sum sum) {
            // As servers write it: the variant is the only member.
            json.writeStartObject();
            open.push(Collections.singletonMap(sum.variant(), sum.value())
                    .entrySet()
                    .iterator());
        } else if (value instanceof List<?> items) {
            json.writeStartArray();
            open.push(items.iterator());
        } else {
            writeScalar(json, value);
        }
    }

    private static void writeScalar(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value == null || value == JsonNull.INSTANCE) {
            json.writeNull();
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (isJsonNumber(value)) {
            json.writeNumber(scalar(value));
        } else {
            json.writeString(scalar(value));
        }
    }

    private static boolean isJsonNumber(Object value) {
        if (value instanceof Double || value instanceof Float) {
            return Double.isFinite(((Number) value).doubleValue());
        }
        return value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte
                || value instanceof BigInteger
                || value instanceof BigDecimal;
    }

    /** A value without quotes; lists and documents are JSON. */
    static String text(@Nullable Object value) throws IOException {
        if (isDocument(value) || value == JsonNull.INSTANCE) {
            return json(value);
        }
        return value == null ? "" : scalar(value);
    }

    /** A value as JSON. */
    static String json(@Nullable Object value) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            write(json, value);
        }
        return text.toString();
    }

    private static String scalar(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        // Their toString leaves out seconds that are zero, which many readers refuse.
        if (value instanceof OffsetDateTime time) {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
        }
        if (value instanceof LocalDateTime time) {
            return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
        }
        if (value instanceof LocalTime time) {
            return DateTimeFormatter.ISO_LOCAL_TIME.format(time);
        }
        if (value instanceof OffsetTime time) {
            return DateTimeFormatter.ISO_OFFSET_TIME.format(time);
        }
        return String.valueOf(value);
    }
}
