package dev.tributary.replay.spacetimedb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tributary.replay.recording.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server message as a tree, whatever its protocol: from {@code v1.json}, or by {@link ServerLayouts}. Immutable.
 *
 * @param variant its name
 * @param fields what it holds
 */
record Message(String variant, Map<String, @Nullable Object> fields) {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** Takes a sum apart. */
    static Message of(@Nullable Object sum) throws UnreadableException {
        Map<String, @Nullable Object> only = Json.members(sum);
        if (only.size() != 1) {
            throw new UnreadableException("no sum");
        }
        Map.Entry<String, @Nullable Object> variant = only.entrySet().iterator().next();
        return new Message(variant.getKey(), Json.members(variant.getValue()));
    }

    private Map<String, @Nullable Object> sum() {
        Map<String, @Nullable Object> sum = new LinkedHashMap<>();
        sum.put(variant, fields);
        return sum;
    }

    Message with(String field, @Nullable Object value) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(fields);
        changed.put(field, value);
        return new Message(variant, changed);
    }

    Message with(String field, long number) {
        return with(field, BigDecimal.valueOf(number));
    }

    /** What is at some place; null where there is nothing. */
    @Nullable
    Object at(String... path) {
        @Nullable Object value = fields;
        for (String name : path) {
            value = Json.members(value).get(name);
        }
        return value;
    }

    /** A number at some place; -1 where there is none. */
    long number(String... path) {
        return at(path) instanceof BigDecimal number ? number.longValue() : -1;
    }

    /** A text at some place; empty where there is none. */
    String text(String... path) {
        return at(path) instanceof String text ? text : "";
    }

    /** As BSATN. */
    byte[] bsatn(Layout layout) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        layout.write(sum(), out);
        return out.toByteArray();
    }

    /** As JSON. */
    String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            write(sum(), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(@Nullable Object value, JsonGenerator out) throws IOException {
        if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> member : map.entrySet()) {
                out.writeFieldName(String.valueOf(member.getKey()));
                write(member.getValue(), out);
            }
            out.writeEndObject();
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object element : list) {
                write(element, out);
            }
            out.writeEndArray();
        } else if (value instanceof BigDecimal number) {
            out.writeNumber(number);
        } else if (value instanceof Boolean truth) {
            out.writeBoolean(truth);
        } else if (value instanceof String text) {
            out.writeString(text);
        } else {
            out.writeNull();
        }
    }
}
