package dev.tributary.spacetimedb.types;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tributary.Row;
import dev.tributary.spacetimedb.Sum;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows that a real server sent, in both JSON forms: counted as they come and go, they end as what the server held. A
 * delete in one form finds its insert in the other, or the counts would not come out.
 */
class RecordedRowsTest {

    private final Map<Row, Integer> counts = new HashMap<>();
    private @Nullable DatabaseSchema schema;

    @ParameterizedTest
    @ValueSource(strings = {"01-v1json-all-types", "15-v1json-1x-module"})
    @Tag("T27")
    @Tag("T21")
    @Tag("T59")
    void rowsOfARealServerEndAsWhatItHolds(String file) throws IOException {
        List<String> lines = lines("/transcripts/spacetimedb/" + file + ".jsonl");
        Map<?, ?> header = (Map<?, ?>) requireNonNull(tree(lines.get(0)));
        for (String line : lines.subList(1, lines.size())) {
            Map<?, ?> event = (Map<?, ?>) requireNonNull(tree(line));
            if ("http-response".equals(event.get("kind")) && schema == null) {
                schema = DatabaseSchema.parse((String) requireNonNull(event.get("body")));
            } else if ("ws-recv".equals(event.get("kind"))) {
                apply(tree((String) requireNonNull(event.get("text"))));
            }
        }
        Map<?, ?> finals = (Map<?, ?>) requireNonNull(header.get("final"));
        Map<?, ?> tables = (Map<?, ?>) requireNonNull(finals.get("tables"));
        Map<String, List<String>> held = new TreeMap<>();
        counts.forEach((row, count) -> {
            assertThat(count).as(row.toString()).isNotNegative();
            if (count > 0) {
                held.computeIfAbsent(row.schema().toString(), key -> new ArrayList<>())
                        .add(text(row.toMap()));
            }
        });
        for (Map.Entry<?, ?> table : tables.entrySet()) {
            String columns = requireNonNull(requireNonNull(schema).table((String) table.getKey()))
                    .layout()
                    .schema()
                    .toString();
            List<String> expected = ((List<?>) table.getValue())
                    .stream().map(RecordedRowsTest::text).toList();
            assertThat(held.getOrDefault(columns, List.of())).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    /** Any object with the name of a table and updates. */
    private void apply(@Nullable Object message) {
        if (message instanceof Map<?, ?> map) {
            if (map.containsKey("table_name") && map.containsKey("updates")) {
                RowDecoder decoder = requireNonNull(requireNonNull(schema).table((String) map.get("table_name")))
                        .layout()
                        .decoder();
                for (Object update : (List<?>) map.get("updates")) {
                    count(decoder, (List<?>) ((Map<?, ?>) update).get("inserts"), 1);
                    count(decoder, (List<?>) ((Map<?, ?>) update).get("deletes"), -1);
                }
                return;
            }
            map.values().forEach(this::apply);
        } else if (message instanceof List<?> list) {
            list.forEach(this::apply);
        }
    }

    private void count(RowDecoder decoder, List<?> rows, int by) {
        for (Object row : rows) {
            counts.merge(decoder.jsonRow((String) row), by, Integer::sum);
        }
    }

    /** Both our values and those of the recording as one text. */
    private static String text(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            if (map.size() == 1) {
                Map.Entry<?, ?> only = map.entrySet().iterator().next();
                if (isNothing(only.getValue())) {
                    return String.valueOf(only.getKey());
                }
                if (List.of("Interval", "Time").contains(only.getKey())) {
                    return text(only.getValue());
                }
            }
            TreeMap<String, String> sorted = new TreeMap<>();
            map.forEach((key, item) -> sorted.put((String) key, text(exact((String) key, item))));
            return sorted.toString();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(RecordedRowsTest::text).toList().toString();
        }
        if (value instanceof Sum sum) {
            return isNothing(sum.value()) ? sum.variant() : "{" + sum.variant() + "=" + text(sum.value()) + "}";
        }
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return Double.isNaN(number) ? "null" : String.valueOf(number);
        }
        if (value instanceof Instant instant) {
            return String.valueOf(instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000);
        }
        if (value instanceof Duration duration) {
            return String.valueOf(duration.getSeconds() * 1_000_000 + duration.getNano() / 1_000);
        }
        if (value instanceof UUID uuid) {
            return uuid.toString().replace("-", "");
        }
        return String.valueOf(value);
    }

    /** A single float is written with fewer digits than a double of the same value. */
    private static @Nullable Object exact(String column, @Nullable Object value) {
        return column.equals("f_single") && value instanceof Double number ? Float.valueOf(number.floatValue()) : value;
    }

    private static boolean isNothing(@Nullable Object value) {
        return value == null || (value instanceof Map<?, ?> map && map.isEmpty());
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream in = requireNonNull(RecordedRowsTest.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static @Nullable Object tree(String json) throws IOException {
        try (JsonParser parser = JsonInput.FACTORY.createParser(json)) {
            parser.nextToken();
            return tree(parser);
        }
    }

    private static @Nullable Object tree(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> map = new HashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                map.put(name, tree(parser));
            }
            return map;
        }
        if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(tree(parser));
            }
            return list;
        }
        return switch (token) {
            case VALUE_NULL -> null;
            case VALUE_NUMBER_FLOAT -> Double.valueOf(parser.getText());
            default -> parser.getText();
        };
    }
}
