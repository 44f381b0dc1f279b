package dev.tributary.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.Environment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The threads of a process: there while a source is open, gone afterwards. */
class SharedEnvironmentTest {

    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    private final SharedEnvironment environment = new SharedEnvironment();

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }

    private CompletableFuture<Thread> threadOf(java.util.concurrent.Executor executor) {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        executor.execute(() -> thread.complete(Thread.currentThread()));
        return thread;
    }

    @Test
    @Tag("L12")
    void threadsLiveAsLongAsAnybodyHoldsThem() throws Exception {
        Environment.Hold one = environment.hold();
        Environment.Hold two = environment.hold();
        Thread engine = get(threadOf(environment.engine()));
        Thread listener = get(threadOf(environment.listeners()));
        one.close();
        one.close();
        assertThat(get(threadOf(environment.engine())).isDaemon())
                .as("the second still holds them, and a hold counts once")
                .isTrue();
        assertThat(get(threadOf(environment.listeners())).isDaemon()).isTrue();
        two.close();
        engine.join(TimeUnit.SECONDS.toMillis(10));
        listener.join(TimeUnit.SECONDS.toMillis(10));
        assertThat(engine.isAlive()).isFalse();
        assertThat(listener.isAlive()).isFalse();
        try (Environment.Hold again = environment.hold()) {
            assertThat(again).isNotNull();
            assertThat(get(threadOf(environment.engine())).isAlive()).isTrue();
        }
    }

    @Test
    void engineAndListenersAreToldApart() throws Exception {
        try (Environment.Hold hold = environment.hold()) {
            assertThat(hold).isNotNull();
            assertThat(get(threadOf(environment.engine())).getName()).startsWith("tributary-engine-");
            assertThat(get(threadOf(environment.listeners())).getName()).startsWith("tributary-listener-");
            CompletableFuture<Boolean> onEngine = new CompletableFuture<>();
            environment.engine().execute(() -> onEngine.complete(environment.isEngineThread()));
            assertThat(get(onEngine)).isTrue();
            CompletableFuture<Boolean> onListener = new CompletableFuture<>();
            environment.listeners().execute(() -> onListener.complete(environment.isEngineThread()));
            assertThat(get(onListener)).isFalse();
            assertThat(environment.isEngineThread()).isFalse();
        }
    }

    @Test
    @Tag("L11")
    void aListenerThatBlocksLeavesThreadsForOthers() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        try (Environment.Hold hold = environment.hold()) {
            assertThat(hold).isNotNull();
            List<CompletableFuture<Boolean>> released = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                CompletableFuture<Boolean> one = new CompletableFuture<>();
                released.add(one);
                environment.listeners().execute(() -> {
                    try {
                        one.complete(blocked.await(10, TimeUnit.SECONDS));
                    } catch (InterruptedException e) {
                        one.completeExceptionally(e);
                    }
                });
            }
            assertThat(get(threadOf(environment.listeners()))).isNotNull();
            blocked.countDown();
            for (CompletableFuture<Boolean> one : released) {
                assertThat(get(one)).isTrue();
            }
        }
    }

    @Test
    @Tag("L12")
    void timersRunOnTheEngineAndEndWithIt() throws Exception {
        Environment.Hold hold = environment.hold();
        CompletableFuture<Boolean> due = new CompletableFuture<>();
        environment.schedule(() -> due.complete(environment.isEngineThread()), 1);
        assertThat(get(due)).isTrue();
        CompletableFuture<Boolean> late = new CompletableFuture<>();
        Environment.Timer cancelled = environment.schedule(() -> late.complete(true), HOUR);
        assertThat(environment.timersWaiting()).isEqualTo(1);
        cancelled.cancel();
        cancelled.cancel();
        assertThat(environment.timersWaiting()).as("it will not run").isZero();
        Thread engine = get(threadOf(environment.engine()));
        environment.schedule(() -> late.complete(true), HOUR);
        hold.close();
        engine.join(TimeUnit.SECONDS.toMillis(10));
        assertThat(engine.isAlive()).as("a timer that waits keeps no thread").isFalse();
        assertThat(late).isNotDone();
    }

    @Test
    @Tag("L12")
    void withoutAnyHoldNothingNewBeginsAndNothingStaysPending() throws Exception {
        CompletableFuture<Thread> inPlace = threadOf(environment.listeners());
        assertThat(inPlace).as("what is left to say is said in place").isCompletedWithValue(Thread.currentThread());
        assertThat(threadOf(environment.engine())).isNotDone();
        environment.schedule(() -> {}, 1).cancel();
    }

    @Test
    void clocksAndRandomnessAreThoseOfTheProcess() {
        long before = System.nanoTime();
        long now = environment.nanoTime();
        assertThat(now - before).isBetween(0L, HOUR);
        assertThat(environment.now()).isBetween(Instant.now().minusSeconds(3600), Instant.now());
        assertThat(environment.random().nextDouble()).isBetween(0.0, 1.0);
    }
}
