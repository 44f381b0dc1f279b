package dev.tributary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

@Tag("L6")
class BackoffProperties {

    private static final long LONGEST = Duration.ofDays(365).toNanos();

    @Property
    void boundDoublesUpToTheHighest(
            @ForAll @LongRange(min = 1, max = 31_536_000_000_000_000L) long one,
            @ForAll @LongRange(min = 1, max = 31_536_000_000_000_000L) long other,
            @ForAll @IntRange(min = 1, max = 100) int attempt) {
        long initial = Math.min(one, other);
        long max = Math.max(one, other);
        BigInteger doubled = BigInteger.valueOf(initial).shiftLeft(attempt - 1);

        Duration bound = Backoff.exponential(Duration.ofNanos(initial), Duration.ofNanos(max))
                .bound(attempt);

        assertThat(bound)
                .isEqualTo(Duration.ofNanos(doubled.min(BigInteger.valueOf(max)).longValueExact()));
    }

    @Property
    void anyAttemptHasABound(@ForAll int attempt) {
        Backoff backoff = Backoff.exponential(Duration.ofNanos(1), Duration.ofNanos(LONGEST));
        assertThat(backoff.bound(attempt)).isBetween(backoff.initial(), backoff.max());
        if (attempt <= 1) {
            assertThat(backoff.bound(attempt)).isEqualTo(backoff.initial());
        }
    }

    @Example
    void wrongBoundsAreRefused() {
        Duration second = Duration.ofSeconds(1);
        refused(Duration.ZERO, second);
        refused(second.negated(), second);
        refused(second, Duration.ofMillis(999));
        refused(second, Duration.ofNanos(LONGEST + 1));
        refused(second, Duration.ofSeconds(Long.MAX_VALUE));
        assertThatThrownBy(() -> Backoff.DEFAULT.forgetAfter(second.negated()))
                .isInstanceOf(ConfigurationException.class);
    }

    @Example
    void forgetAfterChangesNothingElse() {
        assertThat(Backoff.DEFAULT.fullJitter().forgetAfter(Duration.ofMinutes(1)))
                .isEqualTo(new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(32), Duration.ofMinutes(1)));
    }

    private static void refused(Duration initial, Duration max) {
        assertThatThrownBy(() -> Backoff.exponential(initial, max))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("back-off needs 0 < initial <= max <= 365 days, got " + initial + " and " + max);
    }
}
