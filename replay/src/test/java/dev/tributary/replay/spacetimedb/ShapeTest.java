package dev.tributary.replay.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.replay.recording.Json;
import dev.tributary.spacetimedb.Identity;
import dev.tributary.spacetimedb.Sum;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Values are compared as the transcripts spell them. */
@Tag("T21")
@Tag("T26")
class ShapeTest {

    private static final Shape TEXT = new Shape.Text();

    private static void same(Shape shape, Object value, String json) throws IOException {
        assertThat(shape.ofValue(value)).isEqualTo(shape.ofJson(Json.parse(json)));
    }

    private static void other(Shape shape, Object value, String json) throws IOException {
        assertThat(shape.ofValue(value)).isNotEqualTo(shape.ofJson(Json.parse(json)));
    }

    @Test
    void integersAreNumbersOrDigits() throws IOException {
        Shape whole = Shape.Whole.number();
        same(whole, 9007199254740992L, "9007199254740992");
        same(whole, 9007199254740993L, "\"9007199254740993\"");
        same(
                whole,
                BigInteger.ONE.shiftLeft(255).negate(),
                "\"" + BigInteger.ONE.shiftLeft(255).negate() + "\"");
        same(whole, 0, "0");
        other(whole, 1L, "1.0");
        other(whole, 1L, "\"x\"");
        other(whole, 1.0, "1");
    }

    @Test
    void floatsAreTheSameWhenTheirBitsAre() throws IOException {
        Shape single = new Shape.Real(true, false);
        Shape wide = new Shape.Real(false, false);
        same(single, 0.1f, "0.1");
        same(wide, 0.1, "0.1");
        other(wide, (double) 0.1f, "0.1");
        same(wide, -0.0, "-0.0");
        other(wide, 0.0, "-0.0");
        other(wide, -0.0, "0.0");
        same(wide, 0.0, "0");
        same(wide, Double.NEGATIVE_INFINITY, "\"-Infinity\"");
        same(single, Float.NaN, "\"NaN\"");
        other(single, Float.NaN, "null");
        same(new Shape.Real(true, true), Float.NaN, "null");
        other(new Shape.Real(true, true), 1f, "null");
    }

    @Test
    void idsAndBytesAreDigits() throws IOException {
        Shape hex = new Shape.Hex();
        same(hex, new Identity(BigInteger.valueOf(42)), "\"" + "0".repeat(62) + "2a\"");
        same(hex, new UUID(1, 2), "\"00000000000000010000000000000002\"");
        same(hex, new byte[] {0, (byte) 0xff}, "\"00ff\"");
        other(hex, new byte[] {0}, "\"0\"");
    }

    @Test
    void timesAreMicros() throws IOException {
        same(Shape.Whole.timestamp(), Instant.EPOCH.minusNanos(1_000), "-1");
        same(Shape.Whole.timestamp(), Instant.ofEpochSecond(9223372036854L, 775_807_000), "\"9223372036854775807\"");
        same(Shape.Whole.duration(), Duration.ofDays(-1), "-86400000000");
        same(new Shape.Schedule(), Duration.ofMillis(1500), "{\"Interval\":1500000}");
        same(new Shape.Schedule(), Instant.EPOCH.minusNanos(5_000), "{\"Time\":-5}");
        other(new Shape.Schedule(), Duration.ofNanos(5_000), "{\"Time\":5}");
    }

    @Test
    void theTwoKindsOfNothingOfANestedOptionAreApart() throws IOException {
        Shape one = new Shape.Option(TEXT);
        same(one, null, "null");
        same(one, "a", "\"a\"");
        Shape two = new Shape.Option(one);
        same(two, null, "null");
        same(two, new Sum("some", null), "{\"some\":null}");
        same(two, new Sum("some", "a"), "{\"some\":\"a\"}");
        other(two, new Sum("some", null), "null");
        other(two, new Sum("some", "a"), "\"a\"");
    }

    @Test
    void sumsHaveTheNameOfTheirVariant() throws IOException {
        Shape unit = new Shape.Fields(Map.of());
        Shape sum = new Shape.Variants(Map.of("empty", unit, "named", TEXT));
        same(sum, new Sum("empty"), "{\"empty\":{}}");
        same(sum, "empty", "{\"empty\":{}}");
        same(sum, new Sum("named", "x"), "{\"named\":\"x\"}");
        other(sum, new Sum("named", "x"), "{\"empty\":{}}");
        other(sum, "empty", "\"empty\"");
    }

    @Test
    void aProductHasAllItsFieldsAndNoOthers() throws IOException {
        Shape product = new Shape.Fields(Map.of("a", new Shape.Elements(new Shape.Bool())));
        same(product, Map.of("a", List.of(true, false)), "{\"a\":[true,false]}");
        other(product, Map.of("a", List.of()), "{}");
        other(product, Map.of("a", List.of()), "{\"a\":[],\"b\":1}");
        other(product, Map.of("a", List.of(true)), "{\"a\":[false]}");
    }
}
