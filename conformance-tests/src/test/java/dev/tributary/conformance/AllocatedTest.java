package dev.tributary.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("L9")
class AllocatedTest {

    /** What holds the arrays, or they might never be made. */
    private final AtomicReference<byte[]> kept = new AtomicReference<>();

    @Test
    void workThatAllocatesMoreThanItsBoundFails() {
        assertThatThrownBy(() -> Allocated.atMost(1 << 20, () -> kept.set(new byte[1 << 21])))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("more than 1048576");
    }

    @Test
    void workWithinItsBoundIsDoneOnce() {
        AtomicInteger times = new AtomicInteger();
        Allocated.atMost(1 << 20, () -> {
            times.incrementAndGet();
            kept.set(new byte[1 << 19]);
        });
        assertThat(times).hasValue(1);
    }

    @Test
    void whatIsOnlyNeededTheFirstTimeDoesNotCount() {
        AtomicInteger times = new AtomicInteger();
        assertThatCode(() -> Allocated.atMost(1 << 20, () -> {
                    if (times.getAndIncrement() == 0) {
                        kept.set(new byte[1 << 21]);
                    }
                }))
                .doesNotThrowAnyException();
        assertThat(times).hasValue(2);
    }
}
