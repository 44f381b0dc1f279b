package dev.tributary;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The texts for people, in a locale that spells numbers in another way. */
@Tag("L5")
class StatusTest {

    private static final Instant SINCE = LocalDate.of(2026, 3, 1)
            .atTime(LocalTime.of(12, 3, 11))
            .atZone(ZoneId.systemDefault())
            .toInstant();
    private static final Throwable RESET = new ConnectionException("connection reset");

    private final Locale before = Locale.getDefault();

    @BeforeEach
    void otherLocale() {
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    }

    @AfterEach
    void oldLocale() {
        Locale.setDefault(before);
    }

    @Test
    void loading() {
        assertThat(loading(0.414, null)).hasToString("loading 41 %");
        assertThat(loading(Double.NaN, null)).hasToString("loading 312400 rows");
        assertThat(loading(0, "no object")).hasToString("loading 0 %; no object");
    }

    @Test
    void live() {
        assertThat(status(Phase.LIVE, null, null)).hasToString("live");
        assertThat(status(Phase.LIVE, null, "seq 17")).hasToString("live, verified up to seq 17");
        assertThat(unverified(null)).hasToString("live, not verified");
        assertThat(unverified("seq 17")).hasToString("live, verified up to seq 17, newer changes are not");
    }

    @Test
    void staleSaysSinceWhenAndWhy() {
        assertThat(status(Phase.STALE, RESET, null)).hasToString("stale since 12:03:11 (connection reset)");
        assertThat(status(Phase.STALE, null, null)).hasToString("stale since 12:03:11");
    }

    @Test
    void failedSaysWhyEvenIfTheReasonHasNoMessage() {
        assertThat(status(Phase.FAILED, RESET, null)).hasToString("failed (connection reset)");
        assertThat(status(Phase.FAILED, new IllegalStateException(), null))
                .hasToString("failed (IllegalStateException)");
    }

    @Test
    void closed() {
        assertThat(status(Phase.CLOSED, null, null)).hasToString("closed");
    }

    @Test
    void source() {
        assertThat(new SourceStatus(SourceStatus.Phase.WAITING, 4, Duration.ofMillis(3210), RESET))
                .hasToString("waiting 3.2 s (attempt 4: connection reset)");
        assertThat(new SourceStatus(SourceStatus.Phase.WAITING, 1, Duration.ZERO, null))
                .hasToString("waiting 0.0 s (attempt 1)");
        assertThat(new SourceStatus(SourceStatus.Phase.CONNECTED, 0, Duration.ZERO, null))
                .hasToString("connected");
    }

    private static ViewStatus unverified(@Nullable String upTo) {
        return new ViewStatus(Phase.LIVE, SINCE, null, null, 0, 0, Double.NaN, false, upTo);
    }

    private static ViewStatus loading(double fraction, @Nullable String condition) {
        return new ViewStatus(Phase.LOADING, SINCE, null, condition, 312_400, 98_000_000, fraction, true, null);
    }

    private static ViewStatus status(Phase phase, @Nullable Throwable reason, @Nullable String verified) {
        return new ViewStatus(phase, SINCE, reason, null, 0, 0, Double.NaN, true, verified);
    }
}
