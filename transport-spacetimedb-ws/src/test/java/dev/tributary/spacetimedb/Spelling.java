package dev.tributary.spacetimedb;

import dev.tributary.MaterializedView;
import dev.tributary.Row;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows as {@code peer.mjs} spells them: whole numbers as digits in quotes, identities as hexadecimal digits, times as microseconds. */
final class Spelling {

    private Spelling() {}

    static String rows(MaterializedView<Row> view) {
        return view.snapshot().toList().stream()
                .map(Spelling::row)
                .sorted()
                .map(Spelling::quoted)
                .collect(Collectors.joining(",", "[", "]"));
    }

    static String row(Row row) {
        return row.toMap().values().stream().map(Spelling::value).collect(Collectors.joining(",", "[", "]"));
    }

    private static String value(@Nullable Object value) {
        if (value == null || value instanceof Boolean) {
            return String.valueOf(value);
        }
        if (value instanceof Double number) {
            return number == Math.rint(number) ? quoted(Long.toString(number.longValue())) : number.toString();
        }
        if (value instanceof Integer || value instanceof Long || value instanceof BigInteger) {
            return quoted(value.toString());
        }
        if (value instanceof Instant time) {
            return quoted(Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, time)));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Spelling::value).collect(Collectors.joining(",", "[", "]"));
        }
        if (value instanceof Map<?, ?> product) {
            return product.values().stream().map(Spelling::value).collect(Collectors.joining(",", "[", "]"));
        }
        return quoted(value.toString());
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
