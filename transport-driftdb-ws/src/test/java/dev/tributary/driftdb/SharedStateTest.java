package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.LimitExceededException;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.testkit.driftdb.FrameFault;
import dev.tributary.testkit.driftdb.ServerMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A shared state where others write at the worst moment, and where what was set cannot be sent. */
class SharedStateTest {

    private static final ValueCodec<Long> LONGS = ValueCodec.plain(Long.class);
    private static final ValueCodec<String> TEXTS = ValueCodec.plain(String.class);

    /** An update that the server has, and that somebody else overwrote before it is looked for. */
    private static CompletableFuture<Long> overwritten(Rig rig, SharedState<Long> state, AtomicInteger made) {
        CompletableFuture<Long> update = state.update(value -> (long) made.incrementAndGet());
        for (int steps = 0; rig.room.entries("s").isEmpty(); steps++) {
            assertThat(steps).as("steps until the server has it").isLessThan(1_000);
            rig.advance(Duration.ofNanos(100_000));
        }
        rig.room.replace("s", "{\"v\":9,\"i\":\"js\"}");
        return update;
    }

    @Test
    @Tag("D35")
    void anUpdateThatWasOverwrittenAfterItWasSeenIsDone() {
        try (Rig rig = new Rig()) {
            SharedState<Long> state = SharedState.open(rig.open(), "s", LONGS);
            rig.run();
            AtomicInteger made = new AtomicInteger();
            assertThat(rig.get(overwritten(rig, state, made))).isEqualTo(1);
            rig.run();
            assertThat(made).as("it is not made again").hasValue(1);
            assertThat(state.get()).contains(9L);
            assertThat(rig.room.entries("s")).hasSize(1);
        }
    }

    @Test
    @Tag("D24")
    @Tag("D35")
    void anUpdateThatWasOverwrittenAndNeverSeenIsUnknown() {
        try (Rig rig = new Rig()) {
            SharedState<Long> state = SharedState.open(rig.open(), "s", LONGS);
            rig.run();
            rig.model.faults().frame(frame -> frame instanceof ServerMessage.Push, 1, new FrameFault.Lose());
            AtomicInteger made = new AtomicInteger();
            assertThat(rig.failure(overwritten(rig, state, made)))
                    .isInstanceOf(OutcomeUnknownException.class)
                    .hasMessageContaining("echo was lost");
            assertThat(made).hasValue(1);
        }
    }

    @Test
    @Tag("D35")
    void whatIsSetIsToldAtOnceAndTakenBackWhenItCannotBeSent() {
        try (Rig rig = new Rig()) {
            SharedState<String> state = SharedState.open(rig.open(), "s", TEXTS);
            List<String> told = new ArrayList<>();
            state.listen(value -> told.add(String.valueOf(value).substring(0, 1)));
            rig.run();
            CompletableFuture<Void> set = state.set("a");
            assertThat(told).containsExactly("n", "a");
            rig.get(set);
            CompletableFuture<String> update = state.update(value -> value + "b");
            assertThat(rig.get(update)).isEqualTo("ab");
            CompletableFuture<Void> large = state.set("x".repeat(WriteWindow.MOST_MESSAGE));
            assertThat(told).endsWith("x");
            assertThat(rig.failure(large)).isInstanceOf(LimitExceededException.class);
            assertThat(state.get()).contains("ab");
            assertThat(told).endsWith("x", "a");
        }
    }
}
