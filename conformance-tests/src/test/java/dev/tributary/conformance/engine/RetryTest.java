package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Backoff;
import dev.tributary.ConnectionException;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Registration;
import dev.tributary.RejectedException;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.spi.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When the engine tries again, how it counts, and what it tells of it. */
@Tag("L6")
@ExtendWith(QuietEngine.class)
class RetryTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Backoff BACKOFF = Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(2));

    private final ScriptedTransport transport = new ScriptedTransport();
    private final SourceDiary diary = new SourceDiary();
    private final SyncSource source =
            transport.builder().backoff(BACKOFF).listener(diary).open();

    private static Ending busy(Duration notBefore) {
        return Ending.retry(new ConnectionException("busy"), notBefore);
    }

    private MaterializedView<Row> loaded(String query) {
        MaterializedView<Row> view = source.materialize(query);
        transport.last().content(query, 1, 1, 10);
        return view;
    }

    private int timers() {
        transport.environment.run();
        return transport.environment.pending().timers();
    }

    @Test
    void failuresInARowAreCountedAndToldUntilASessionWasGoodForLong() {
        loaded("a");
        assertThat(diary.take("attempt")).containsExactly("attempt 1 of a");
        for (int failed = 1; failed <= 3; failed++) {
            transport.last().does(out -> out.end(busy(Duration.ZERO)));
            assertThat(diary.take("retry of")).containsExactly("retry of a after failure " + failed + ": busy");
            transport.advance(BACKOFF.max());
            assertThat(diary.take("attempt")).containsExactly("attempt " + (failed + 1) + " of a");
        }
        transport.last().does(out -> out.connected());
        transport.advance(BACKOFF.stable());
        transport.last().does(out -> out.end(busy(Duration.ZERO)));
        assertThat(diary.take("retry of"))
                .as("a session that was good for long makes up for the failures before it")
                .containsExactly("retry of a after failure 1: busy");
    }

    @Test
    void aSessionThatWasNeverGoodMakesUpForNothing() {
        source.materialize("a");
        for (int failed = 1; failed <= 3; failed++) {
            transport.environment.run();
            transport.advance(BACKOFF.stable().minusSeconds(1));
            diary.take("");
            transport.last().does(out -> out.end(busy(Duration.ZERO)));
            assertThat(diary.take("retry of")).containsExactly("retry of a after failure " + failed + ": busy");
            transport.advance(BACKOFF.max());
        }
    }

    @Test
    void failuresOfOneQueryInASessionOfOthersAreCountedAlone() {
        loaded("a");
        loaded("b");
        for (int failed = 1; failed <= 3; failed++) {
            diary.take("");
            transport.last().ends("b", busy(Duration.ZERO));
            assertThat(diary.take("retry of")).containsExactly("retry of b after failure " + failed + ": busy");
            transport.advance(BACKOFF.max());
            assertThat(diary.take("attempt")).containsExactly("attempt " + (failed + 1) + " of b");
            assertThat(transport.last().subscription("b")).isNotNull();
        }
        ScriptedTransport.Session session = transport.last();
        session.does(out -> out.upToDate(session.subscription("b")));
        transport.advance(BACKOFF.stable());
        diary.take("");
        session.ends("b", busy(Duration.ZERO));
        assertThat(diary.take("retry of")).containsExactly("retry of b after failure 1: busy");
        assertThat(transport.sessions).hasSize(1);
    }

    @Test
    void aQueryThatWasGoodForAMomentOnlyIsNotForgiven() {
        loaded("a");
        loaded("b");
        ScriptedTransport.Session session = transport.last();
        for (int failed = 1; failed <= 3; failed++) {
            session.does(out -> out.upToDate(session.subscription("b")));
            transport.advance(BACKOFF.stable().minusNanos(1));
            diary.take("");
            session.ends("b", busy(Duration.ZERO));
            assertThat(diary.take("retry of")).containsExactly("retry of b after failure " + failed + ": busy");
            transport.advance(BACKOFF.max());
        }
    }

    @Test
    void theServersWordHoldsForOneQueryToo() {
        loaded("a");
        loaded("b");
        transport.last().ends("b", busy(LONG));
        transport.advance(LONG.minusNanos(1));
        assertThat(transport.last().subscription("b")).isNull();
        transport.advance(Duration.ofNanos(1));
        assertThat(transport.last().subscription("b")).isNotNull();
        assertThat(transport.sessions).hasSize(1);
    }

    @Test
    void anEndIsToldWithItsReason() {
        loaded("a");
        loaded("b");
        transport.last().ends("b", Ending.proceed());
        assertThat(diary.take("end of")).as("a normal end has no reason").isEmpty();
        transport.last().ends("b", busy(LONG));
        assertThat(diary.take("end of")).containsExactly("end of b by RETRY: busy");
        transport.last().does(out -> out.end(Ending.gone(new RejectedException("dropped"))));
        assertThat(diary.take("end of")).containsExactly("end of a by GONE: dropped");
    }

    @Test
    void aFirstLoadIsStaleOnlyAfterThreeFailures() {
        MaterializedView<Row> view = source.materialize("a");
        for (int failed = 1; failed <= 4; failed++) {
            transport.last().does(out -> out.end(busy(Duration.ZERO)));
            assertThat(view.status().phase())
                    .as("after %s failures", failed)
                    .isEqualTo(failed < 3 ? Phase.LOADING : Phase.STALE);
            assertThat(view.status().reason()).hasMessage("busy");
            transport.advance(BACKOFF.max());
        }
    }

    @Test
    void aWaitThatWasCutShortDoesNotCountForALaterOne() {
        loaded("a");
        transport.last().does(out -> out.end(busy(LONG)));
        source.retryNow();
        transport.environment.run();
        assertThat(transport.sessions).hasSize(2);
        transport.last().does(out -> out.end(busy(LONG.multipliedBy(3))));
        transport.advance(LONG.plusSeconds(1));
        assertThat(transport.sessions)
                .as("the wait that was cut short is over and forgotten")
                .hasSize(2);
        transport.advance(LONG.multipliedBy(2));
        assertThat(transport.sessions).hasSize(3);
    }

    @Test
    void aWaitOfOneQueryThatWasCutShortDoesNotCountForALaterOne() {
        loaded("a");
        loaded("b");
        transport.last().ends("b", busy(LONG));
        source.retryNow();
        assertThat(transport.last().subscription("b")).isNotNull();
        transport.last().ends("b", busy(LONG.multipliedBy(3)));
        transport.advance(LONG.plusSeconds(1));
        assertThat(transport.last().subscription("b")).isNull();
        transport.advance(LONG.multipliedBy(2));
        assertThat(transport.last().subscription("b")).isNotNull();
    }

    @Test
    void aQueryThatComesDuringAWaitWaitsWithTheOthers() {
        loaded("a");
        transport.last().does(out -> out.end(busy(LONG)));
        source.materialize("b");
        transport.advance(LONG.minusNanos(1));
        assertThat(transport.sessions).hasSize(1);
        transport.advance(Duration.ofNanos(1));
        assertThat(transport.sessions).hasSize(2);
        assertThat(transport.last().subscriptions).containsOnlyKeys("a", "b");
    }

    @Test
    void aQueryThatJoinsASessionIsToldAsItsFirstAttempt() {
        loaded("a");
        transport.last().does(out -> out.end(busy(Duration.ZERO)));
        transport.advance(BACKOFF.max());
        diary.take("");
        source.materialize("b");
        transport.environment.run();
        assertThat(diary.take("attempt")).containsExactly("attempt 1 of b");
    }

    @Test
    @Tag("L12")
    void aViewThatClosesDuringAWaitTakesItsTimerWithIt() {
        MaterializedView<Row> view = loaded("a");
        transport.last().does(out -> out.end(busy(LONG)));
        assertThat(timers()).isOne();
        view.close();
        assertThat(timers()).isZero();
        transport.advance(LONG);
        assertThat(transport.sessions).hasSize(1);
    }

    @Test
    @Tag("L12")
    void aViewThatClosesWhileItWaitsAloneTakesItsTimerWithIt() {
        loaded("a");
        int before = timers();
        MaterializedView<Row> view = loaded("b");
        transport.last().ends("b", busy(LONG));
        assertThat(timers()).isEqualTo(before + 1);
        view.close();
        assertThat(timers()).isEqualTo(before);
    }

    @Test
    @Tag("L12")
    void aSessionThatEndsTakesTheTimersOfSingleQueriesWithIt() {
        loaded("a");
        loaded("b");
        transport.last().ends("b", busy(LONG));
        transport.last().does(out -> out.end(busy(Duration.ofSeconds(3))));
        assertThat(timers()).as("one wait for all").isOne();
    }

    @Test
    @Tag("L12")
    void aPauseEndsEveryWait() {
        loaded("a");
        transport.last().does(out -> out.end(busy(LONG)));
        Registration pause = source.pause("the lid is closed");
        assertThat(timers()).isZero();
        transport.advance(LONG);
        assertThat(transport.sessions).hasSize(1);
        pause.close();
        transport.environment.run();
        assertThat(transport.sessions)
                .as("after the pause there is nothing to wait for")
                .hasSize(2);
    }

    @Test
    @Tag("L5")
    void aPauseMakesEvenAFirstLoadStaleWithItsReason() {
        MaterializedView<Row> view = source.materialize("a");
        transport.environment.run();
        source.pause("the lid is closed");
        transport.environment.run();
        assertThat(view.status().phase()).isEqualTo(Phase.STALE);
        assertThat(view.status().reason()).hasMessageContaining("the lid is closed");
    }

    @Test
    @Tag("L3")
    void aPauseKeepsWhatAProtocolGivesForTheNextSession() {
        loaded("a");
        transport.last().carry = "from here";
        Registration pause = source.pause("the lid is closed");
        transport.environment.run();
        assertThat(transport.last().unsubscribed).containsExactly("a");
        pause.close();
        assertThat(transport.last().subscription("a").resume().carry()).isEqualTo("from here");
    }

    @Test
    void aPauseDoesNotWaitForAProtocolThatEndsLater() {
        transport.onUnsubscribe = (subscription, out) -> {};
        loaded("a");
        Registration pause = source.pause("the lid is closed");
        transport.environment.run();
        assertThat(transport.environment.pending().wires()).isZero();
        pause.close();
        assertThat(transport.last().subscription("a")).isNotNull();
        assertThat(transport.sessions).hasSize(2);
    }

    @Test
    void aFreeStartIsGivenThreeTimesInARowAndAgainAfterALongGoodSession() {
        loaded("a");
        assertThat(startsAtOnce()).isEqualTo(3);
        transport.advance(BACKOFF.max());
        transport.last().does(out -> out.connected());
        transport.advance(BACKOFF.stable());
        assertThat(startsAtOnce()).isEqualTo(3);
    }

    private int startsAtOnce() {
        int before = transport.sessions.size();
        int now = before - 1;
        while (transport.sessions.size() > now) {
            now = transport.sessions.size();
            transport.last().does(out -> out.end(Ending.proceed()));
            transport.environment.run();
        }
        return transport.sessions.size() - before;
    }

    @Test
    void waitsAreDrawnFromTheWholeRangeAboveTheLeast() {
        List<Duration> firstWaits = new ArrayList<>();
        loaded("a");
        for (int i = 0; i < 200; i++) {
            transport.last().does(out -> out.end(busy(Duration.ZERO)));
            firstWaits.add(diary.waits.get(diary.waits.size() - 1));
            transport.advance(BACKOFF.max());
            transport.last().does(out -> out.connected());
            transport.advance(BACKOFF.stable());
        }
        assertThat(firstWaits).allSatisfy(wait -> assertThat(wait).isBetween(Duration.ofMillis(1), BACKOFF.initial()));
        assertThat(firstWaits).anySatisfy(wait -> assertThat(wait).isLessThan(Duration.ofMillis(20)));
        assertThat(firstWaits).anySatisfy(wait -> assertThat(wait).isGreaterThan(Duration.ofMillis(80)));
    }

    @Test
    void theProcessHasABurstAndThenASteadyRate() {
        ScriptedTransport crowd = new ScriptedTransport();
        crowd.shares = false;
        crowd.advance(Duration.ofSeconds(5));
        SourceDiary waits = new SourceDiary();
        try (SyncSource many = crowd.builder()
                .backoff(Backoff.exponential(Duration.ofMillis(1), Duration.ofMillis(1)))
                .listener(waits)
                .open()) {
            for (int i = 0; i < 400; i++) {
                many.materialize("q" + i);
            }
            crowd.environment.run();
            List.copyOf(crowd.sessions).forEach(session -> session.does(out -> out.end(busy(Duration.ZERO))));
            assertThat(waits.waits).hasSize(400);
            assertThat(waits.waits.stream().filter(wait -> wait.equals(Duration.ofMillis(1))))
                    .as("attempts that need not wait for others")
                    .hasSize(200);
            assertThat(waits.waits.get(399)).isEqualTo(Duration.ofSeconds(2).plusMillis(1));
            crowd.advance(Duration.ofSeconds(1));
            waits.waits.clear();
            crowd.last().does(out -> out.end(busy(Duration.ZERO)));
            assertThat(waits.waits)
                    .singleElement()
                    .satisfies(wait -> assertThat(wait)
                            .as("200 too many, of which a second made up for 100")
                            .isBetween(Duration.ofMillis(1010), Duration.ofMillis(1012)));
            crowd.advance(Duration.ofSeconds(4));
            waits.waits.clear();
            crowd.last().does(out -> out.end(busy(Duration.ZERO)));
            assertThat(waits.waits).containsExactly(Duration.ofMillis(1));
        }
    }
}
