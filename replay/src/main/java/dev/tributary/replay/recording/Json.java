package dev.tributary.replay.recording;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * JSON as a tree of {@code Map}, {@code List}, {@code String}, {@code BigDecimal}, {@code Boolean} and null. For
 * transcripts, where speed does not count and every form that a test file has must be kept.
 */
public final class Json {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(100_000)
                    .build())
            // A message would repeat the source, which may be long.
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /** What {@code -0.0} is read as: decimals have no such number, so the instance tells. */
    private static final BigDecimal NEGATIVE_ZERO = new BigDecimal("0.0");

    private Json() {}

    /** @throws IOException when the text is no single JSON value */
    public static @Nullable Object parse(String text) throws IOException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new IOException("nothing there");
            }
            Object value = value(parser, first);
            if (parser.nextToken() != null) {
                throw new IOException("more after the end of the value");
            }
            return value;
        }
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> new BigDecimal(parser.getText());
            case VALUE_NUMBER_FLOAT -> {
                BigDecimal number = new BigDecimal(parser.getText());
                if (number.signum() == 0 && parser.getText().startsWith("-")) {
                    yield NEGATIVE_ZERO;
                }
                // The scale tells that it was written as a float, which "1e0" does not show by itself.
                yield number.scale() == 0 ? number.setScale(1) : number;
            }
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            default -> throw new IOException("unexpected " + token);
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            members.put(name, value(parser, parser.nextToken()));
        }
        return members;
    }

    private static List<@Nullable Object> array(JsonParser parser) throws IOException {
        List<@Nullable Object> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            elements.add(value(parser, token));
        }
        return elements;
    }

    /** Whether two trees say the same: members in any order, numbers by value. */
    public static boolean same(@Nullable Object a, @Nullable Object b) {
        if (a instanceof Map<?, ?> left && b instanceof Map<?, ?> right) {
            return left.keySet().equals(right.keySet())
                    && left.keySet().stream().allMatch(name -> same(left.get(name), right.get(name)));
        }
        if (a instanceof List<?> left && b instanceof List<?> right) {
            if (left.size() != right.size()) {
                return false;
            }
            for (int i = 0; i < left.size(); i++) {
                if (!same(left.get(i), right.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a instanceof BigDecimal left && b instanceof BigDecimal right) {
            return left.compareTo(right) == 0;
        }
        return Objects.equals(a, b);
    }

    /** Whether a number was written as a zero with a sign and a fraction. */
    @SuppressWarnings("ReferenceEquality") // see NEGATIVE_ZERO
    public static boolean isNegativeZero(BigDecimal number) {
        return number == NEGATIVE_ZERO;
    }

    /** Whether a number was written with a fraction or an exponent. */
    public static boolean isFloat(BigDecimal number) {
        return number.scale() != 0;
    }

    /** This value as an object; empty for anything else. */
    public static Map<String, @Nullable Object> members(@Nullable Object value) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> members.put((String) name, member));
        }
        return members;
    }

    /** This value as an array; empty for anything else. */
    public static List<@Nullable Object> elements(@Nullable Object value) {
        return value instanceof List<?> list ? new ArrayList<>(list) : List.of();
    }
}
