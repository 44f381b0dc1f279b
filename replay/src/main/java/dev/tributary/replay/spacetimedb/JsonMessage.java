package dev.tributary.replay.spacetimedb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tributary.replay.recording.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server message of {@code v1.json}, with the numbers that our client knows in place of those of the recording. Immutable.
 *
 * @param variant its name
 * @param fields what it holds
 */
record JsonMessage(String variant, Map<String, @Nullable Object> fields) {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** Reads a frame; null when it is none. */
    static @Nullable JsonMessage read(@Nullable String text) {
        try {
            Map<String, @Nullable Object> sum = Json.members(text == null ? null : Json.parse(text));
            return sum.size() == 1
                    ? sum.entrySet().stream()
                            .map(only -> new JsonMessage(only.getKey(), Json.members(only.getValue())))
                            .findFirst()
                            .orElse(null)
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    JsonMessage with(String field, @Nullable Object value) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(fields);
        changed.put(field, value);
        return new JsonMessage(variant, changed);
    }

    /** A number at some place; -1 where there is none. */
    long number(String... path) {
        @Nullable Object value = fields;
        for (String name : path) {
            value = Json.members(value).get(name);
        }
        return value instanceof BigDecimal number ? number.longValue() : -1;
    }

    /** A member of a member. */
    @Nullable
    Object at(String outer, String inner) {
        return Json.members(fields.get(outer)).get(inner);
    }

    /** The answer about a query set in the form of many queries, with the rows of one table alone. */
    JsonMessage ofSet(String name, long request, long querySet, String table) {
        List<@Nullable Object> tables = new ArrayList<>(Json.elements(at("update", "tables")));
        Object single = at("rows", "table_rows");
        if (single != null) {
            tables.add(single);
        }
        tables.removeIf(entry -> !table.equals(Json.members(entry).get("table_name")));
        Map<String, @Nullable Object> changed = new LinkedHashMap<>();
        changed.put("request_id", BigDecimal.valueOf(request));
        changed.put("total_host_execution_duration_micros", BigDecimal.ONE);
        changed.put("query_id", Map.of("id", BigDecimal.valueOf(querySet)));
        changed.put("update", Map.of("tables", tables));
        return new JsonMessage(name, changed);
    }

    /** As it goes over the wire. */
    String text() {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            Map<String, @Nullable Object> sum = new LinkedHashMap<>();
            sum.put(variant, fields);
            write(sum, out);
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
