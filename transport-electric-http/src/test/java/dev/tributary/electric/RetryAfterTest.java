package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.Head;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server's word on waiting. */
class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @ParameterizedTest
    @org.junit.jupiter.api.Tag("E22")
    @CsvSource({
        "5, PT5S",
        "1.5, PT1.5S",
        "0, PT0S",
        "0.0, PT0S",
        "-3, PT0S",
        "'', PT0S",
        "soon, PT0S",
        "1e3, PT0S",
        "7200, PT2H",
        "' 12 ', PT12S",
        "999999999999999999, PT876000H",
        "'Sat, 21 Nov 2026 10:00:30 GMT', PT30S",
        "'Sat, 21 Nov 2026 09:00:00 GMT', PT0S",
        "'Sat, 21 Nov 2026 11:00:01 GMT', PT1H",
        "'Sat, 21 Nov 2026 11:00:00 GMT', PT1H",
        "'Sun, 21 Nov 2026 10:00:30 GMT', PT0S",
        "21 Nov 2026, PT0S",
    })
    void secondsDatesAndGarbage(String word, Duration wait) {
        assertThat(parse(word)).isEqualTo(wait);
    }

    @Property
    @Tag("E22")
    void anyNumberOfSecondsIsTakenAsItIs(@ForAll @IntRange(min = 0) int seconds) {
        assertThat(parse(Integer.toString(seconds))).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Property
    @Tag("E22")
    void anyDateLiesWithinAnHour(@ForAll @IntRange(min = -100_000, max = 100_000) int seconds) {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                NOW.plusSeconds(seconds).atOffset(ZoneOffset.UTC));

        assertThat(parse(date)).isEqualTo(Duration.ofSeconds(Math.max(0, Math.min(3600, seconds))));
    }

    @Property
    @Tag("E22")
    void noTextIsEverAnError(@ForAll String word) {
        assertThat(parse(word)).isGreaterThanOrEqualTo(Duration.ZERO);
    }

    private static Duration parse(String word) {
        return new Head(503, Map.of("Retry-After", List.of(word))).retryAfter(NOW);
    }
}
