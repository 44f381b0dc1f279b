package dev.tributary.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.spi.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedEnvironmentTest {

    private final SimulatedEnvironment environment = new SimulatedEnvironment(7, Instant.parse("2026-03-01T00:00:00Z"));
    private final List<String> seen = new ArrayList<>();

    @Test
    void tasksRunInTheOrderGivenAndOnlyWhenAsked() {
        environment.engine().execute(() -> {
            seen.add("a");
            environment.listeners().execute(() -> seen.add("c"));
        });
        environment.engine().execute(() -> seen.add("b"));
        assertThat(seen).isEmpty();
        assertThat(environment.run()).isEqualTo(3);
        assertThat(seen).containsExactly("a", "b", "c");
        assertThat(environment.elapsed()).isZero();
    }

    @Test
    void onlyEngineTasksRunOnTheEngineThread() {
        List<Boolean> truth = new ArrayList<>();
        environment.engine().execute(() -> truth.add(environment.isEngineThread()));
        environment.listeners().execute(() -> truth.add(environment.isEngineThread()));
        environment.schedule(() -> truth.add(environment.isEngineThread()), 5);
        environment.after(Duration.ofNanos(6), () -> truth.add(environment.isEngineThread()));
        environment.advance(Duration.ofNanos(10));
        assertThat(truth).containsExactly(true, false, true, false);
        assertThat(environment.isEngineThread()).isFalse();
    }

    @Test
    void timersRunInOrderOfTimeThenOfSetting() {
        environment.schedule(() -> seen.add("late"), 20);
        environment.schedule(() -> seen.add("first of two"), 10);
        environment.schedule(() -> seen.add("second of two"), 10);
        Environment.Timer cancelled = environment.schedule(() -> seen.add("never"), 5);
        cancelled.cancel();
        environment.advance(Duration.ofNanos(15));
        assertThat(seen).containsExactly("first of two", "second of two");
        assertThat(environment.nanoTime()).isEqualTo(15);
        environment.advance(Duration.ofNanos(5));
        assertThat(seen).last().isEqualTo("late");
    }

    @Test
    void aTimerThatSetsTimersIsFollowedInTheSameAdvance() {
        environment.schedule(() -> environment.schedule(() -> seen.add("at " + environment.nanoTime()), 10), 10);
        environment.advance(Duration.ofNanos(25));
        assertThat(seen).containsExactly("at 20");
    }

    @Test
    void bothClocksMoveTogether() {
        environment.advance(Duration.ofSeconds(90));
        assertThat(environment.now()).isEqualTo(Instant.parse("2026-03-01T00:01:30Z"));
        assertThat(environment.nanoTime()).isEqualTo(90_000_000_000L);
    }

    @Test
    void aDelayWithoutEndNeverComes() {
        environment.advance(Duration.ofSeconds(1));
        environment.schedule(() -> seen.add("never"), Long.MAX_VALUE);
        environment.advance(Duration.ofDays(100_000));
        assertThat(seen).isEmpty();
        assertThat(environment.pending().timers()).isOne();
    }

    @Test
    void stepGoesToTheNextTimerWithinReach() {
        environment.schedule(() -> seen.add("a"), 1_000);
        assertThat(environment.step(Duration.ofNanos(999))).isFalse();
        assertThat(environment.nanoTime()).isZero();
        assertThat(environment.untilNextTimer()).contains(Duration.ofNanos(1_000));
        assertThat(environment.step(Duration.ofNanos(1_000))).isTrue();
        assertThat(seen).containsExactly("a");
        assertThat(environment.nanoTime()).isEqualTo(1_000);
    }

    @Test
    void runUntilQuietStopsAtTheLastThingToDo() {
        environment.schedule(() -> seen.add("a"), 1_000);
        environment.schedule(() -> seen.add("too late"), 1_000_000);
        assertThat(environment.runUntilQuiet(Duration.ofNanos(5_000))).isEqualTo(Duration.ofNanos(1_000));
        assertThat(seen).containsExactly("a");
    }

    @Test
    void whatIsLeftIsCounted() {
        assertThat(environment.pending().isNothing()).isTrue();
        Environment.Hold hold = environment.hold();
        environment.engine().execute(() -> {});
        Environment.Timer timer = environment.schedule(() -> {}, 10);
        environment.after(Duration.ofDays(1), () -> {});
        assertThat(environment.pending()).isEqualTo(new SimulatedEnvironment.Pending(1, 1, 1, 0));
        hold.close();
        hold.close();
        timer.cancel();
        environment.run();
        assertThat(environment.pending().isNothing()).isTrue();
    }

    @Test
    void whatTasksThrowIsKeptAndHarmsNoOther() {
        environment.engine().execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        environment.engine().execute(() -> seen.add("after"));
        environment.run();
        assertThat(seen).containsExactly("after");
        assertThat(environment.failures()).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTaskCannotRunTheSimulation() {
        environment.engine().execute(environment::run);
        environment.run();
        assertThat(environment.failures().get(0)).hasMessageContaining("cannot run the simulation");
    }

    @Test
    void aLoopWithoutEndIsReported() {
        Runnable[] again = new Runnable[1];
        again[0] = () -> environment.engine().execute(again[0]);
        again[0].run();
        assertThatThrownBy(environment::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no rest");
    }

    @Test
    void aTimerThatIsSetAgainForTheSameInstantIsReported() {
        Runnable[] again = new Runnable[1];
        again[0] = () -> environment.schedule(again[0], 0);
        again[0].run();
        assertThatThrownBy(() -> environment.advance(Duration.ofNanos(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no rest");
    }

    @Test
    void manyTasksAreNoLoopWhileTimeMoves() {
        for (int i = 0; i < 1_200_000; i++) {
            environment.schedule(() -> {}, i);
        }
        environment.advance(Duration.ofSeconds(1));
        assertThat(environment.pending().isNothing()).isTrue();
    }

    @Test
    void oneSeedGivesOneRun() {
        assertThat(shuffledRun(3)).isEqualTo(shuffledRun(3)).isNotEqualTo(shuffledRun(4));
    }

    @Test
    void shufflingKeepsEachQueueInOrder() {
        List<String> run = shuffledRun(11);
        assertThat(run.stream().filter(line -> line.contains("engine")).map(SimulatedEnvironmentTest::number))
                .isSorted();
        assertThat(run.stream().filter(line -> line.contains("listener")).map(SimulatedEnvironmentTest::number))
                .isSorted();
    }

    private static int number(String line) {
        return Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
    }

    private static List<String> shuffledRun(long seed) {
        SimulatedEnvironment environment =
                new SimulatedEnvironment(seed).shuffled().logged();
        for (int i = 0; i < 20; i++) {
            int number = i;
            environment.engine().execute(() -> environment.note("engine " + number));
            environment.listeners().execute(() -> environment.note("listener " + number));
        }
        environment.run();
        return environment.log();
    }
}
