package dev.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tributary.Infinity;
import dev.tributary.Interval;
import dev.tributary.JsonNull;
import dev.tributary.SpecialDecimal;
import dev.tributary.spacetimedb.Sum;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Values as JSON and as plain text. */
class ValuesTest {

    private static String json(Object value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = Values.generator(out)) {
            Values.write(generator, value);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void numbersAreExact() throws IOException {
        assertThat(json(new BigDecimal("1E+20"))).isEqualTo("100000000000000000000");
        assertThat(json(new BigDecimal("0.10"))).isEqualTo("0.10");
        assertThat(json(Long.MAX_VALUE)).isEqualTo("9223372036854775807");
        assertThat(json(new BigInteger("123456789012345678901234567890"))).isEqualTo("123456789012345678901234567890");
        assertThat(json(0.1f)).isEqualTo("0.1");
    }

    @Test
    void whatIsNoNumberToJsonIsAString() throws IOException {
        assertThat(json(Double.NaN)).isEqualTo("\"NaN\"");
        assertThat(json(SpecialDecimal.NAN)).isEqualTo("\"NaN\"");
        assertThat(json(Infinity.NEGATIVE)).isEqualTo("\"-infinity\"");
    }

    @Test
    void timesAreIso() throws IOException {
        assertThat(json(LocalDate.of(2026, 11, 21))).isEqualTo("\"2026-11-21\"");
        assertThat(json(LocalTime.NOON)).isEqualTo("\"12:00:00\"");
        assertThat(json(OffsetDateTime.of(2026, 11, 21, 12, 0, 0, 0, ZoneOffset.UTC)))
                .isEqualTo("\"2026-11-21T12:00:00Z\"");
        assertThat(json(new Interval(14, 3, 0))).isEqualTo("\"P1Y2M3D\"");
    }

    @Test
    void documentsAndLists() throws IOException {
        List<Object> list = Arrays.asList(1, null, Map.of("a", JsonNull.INSTANCE));
        assertThat(json(list)).isEqualTo("[1,null,{\"a\":null}]");
        assertThat(Values.text(list)).isEqualTo("[1,null,{\"a\":null}]");
        assertThat(Values.text("plain, text")).isEqualTo("plain, text");
        assertThat(Values.text(null)).isEmpty();
        assertThat(json(new byte[] {0, 1, -1})).isEqualTo("\"AAH/\"");
    }

    @Test
    void sumsAreObjectsOfTheirVariant() throws IOException {
        assertThat(json(List.of(new Sum("rect", Map.of("w", 3)), new Sum("empty"))))
                .isEqualTo("[{\"rect\":{\"w\":3}},{\"empty\":null}]");
        assertThat(Values.text(new Sum("some", new Sum("some", 7)))).isEqualTo("{\"some\":{\"some\":7}}");
    }
}
