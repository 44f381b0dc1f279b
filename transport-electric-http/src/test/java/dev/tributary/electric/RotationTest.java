package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Credential;
import dev.tributary.spi.Ending;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A log that is gone, answers of dead logs, and requests that lead nowhere. */
class RotationTest {

    private static final String MUST_REFETCH = "[{\"headers\":{\"control\":\"must-refetch\"}}]";

    @Test
    @Tag("E26")
    @Tag("E27")
    void aNewHandleIsTakenAndTheOldOneIsNamedAsDead() {
        Scene scene = new Scene("items").live();

        scene.answer(Reply.status(409).with("electric-handle", "h2").text("anything"));

        assertThat(scene.asked())
                .containsEntry("offset", "-1")
                .containsEntry("handle", "h2")
                .containsEntry("expired_handle", "h1")
                .doesNotContainKeys("live", "cursor");
        assertThat(scene.asked().get("cache-buster")).matches("1795255200000-[0-9a-z]{7}");
        assertThat(scene.out.ends).isEmpty();
        assertThat(scene.wire(2).closed).isTrue();
    }

    @Test
    @Tag("E26")
    @Tag("O5")
    void noHandleIsInventedWhereNoneIsGiven() {
        Scene scene = new Scene("items").live();

        scene.answer(Reply.status(409).text(MUST_REFETCH));

        assertThat(scene.asked())
                .containsEntry("offset", "-1")
                .containsEntry("expired_handle", "h1")
                .containsKey("cache-buster")
                .doesNotContainKey("handle");
    }

    @Test
    @Tag("E26")
    void everyRestartHasABusterOfItsOwn() {
        Scene scene = new Scene("items").live();
        Set<String> busters = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            scene.advance(Duration.ofSeconds(1));
            scene.answer(Reply.status(409).with("electric-handle", "h" + (i + 2)));
            busters.add(scene.asked().get("cache-buster"));
            assertThat(scene.asked()).containsEntry("expired_handle", "h" + (i + 1));
        }
        assertThat(busters).hasSize(4).doesNotContainNull();
    }

    @Test
    @Tag("E26")
    void theBusterStaysUntilAnAnswerIsTaken() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.status(409).with("electric-handle", "h2"));

        scene.answer(Reply.status(503));
        scene.nextSession();

        assertThat(scene.asked()).containsEntry("offset", "-1").containsKey("cache-buster");
        scene.answer(Reply.caughtUp("h2", "0_0"));
        assertThat(scene.asked()).doesNotContainKey("cache-buster").containsEntry("expired_handle", "h1");
    }

    @Test
    @Tag("E43")
    @Tag("L7")
    void readersKeepTheOldRowsUntilTheNewOnesAreThere() {
        Scene scene = new Scene("items").live();

        scene.answer(Reply.status(409).with("electric-handle", "h2"));
        assertThat(scene.out.behind).containsExactly("the server's log of the shape is gone; it is loaded anew");
        assertThat(scene.rows()).isEqualTo(Map.of(1, "one", 2, "two"));
        scene.answer(Reply.caughtUp("h2", "0_0", Reply.row(2, "two"), Reply.row(3, "three")));
        assertThat(scene.rows()).isEqualTo(Map.of(1, "one", 2, "two"));
        scene.answer(Reply.caughtUp("h2", "0_inf", Reply.UP_TO_DATE));

        assertThat(scene.rows()).isEqualTo(Map.of(2, "two", 3, "three"));
        assertThat(scene.out.commits).hasSize(2);
        assertThat(scene.out.upToDate).isEqualTo(2);
        assertThat(scene.out.replaced).isEqualTo(2);
    }

    @Test
    @Tag("E43")
    void theSameColumnsAreTheSameSchemaAfterAReset() {
        Scene scene = new Scene("items").live();
        Object before = scene.out.schema;

        scene.answer(Reply.status(409));
        scene.answer(Reply.caughtUp("h2", "0_0", Reply.row(2, "two")));
        scene.answer(Reply.caughtUp("h2", "0_inf", Reply.UP_TO_DATE));

        assertThat(scene.out.schema).isSameAs(before);
    }

    @Test
    @Tag("E43")
    void changesThatWereNotCommittedAreForgotten() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.live("h1", "5_0", "c", Reply.change("insert", 9, "nine", 5, 0)));

        scene.answer(Reply.status(409).with("electric-handle", "h2"));
        scene.answer(Reply.caughtUp("h2", "0_0", Reply.row(1, "one")));
        scene.answer(Reply.caughtUp("h2", "0_inf", Reply.UP_TO_DATE));

        assertThat(scene.rows()).isEqualTo(Map.of(1, "one"));
        ElectricCommit told = (ElectricCommit) scene.out.commits.get(1).metadata();
        assertThat(told.operations()).isEmpty();
    }

    @Test
    @Tag("E26")
    void mustRefetchInAGoodAnswerCountsToo() {
        Scene scene = new Scene("items").live();

        scene.answer(Reply.live("h1", "0_inf", "c").text(MUST_REFETCH));

        assertThat(scene.asked())
                .containsEntry("offset", "-1")
                .containsEntry("expired_handle", "h1")
                .doesNotContainKey("handle");
    }

    @Test
    @Tag("E26")
    void aQueryFromNowBeginsAtNowAgain() {
        Scene scene = new Scene("items?offset=now").start();
        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));
        scene.answer(Reply.live("h1", "5_0", "c", Reply.change("insert", 1, "one", 5, 0), Reply.UP_TO_DATE));

        scene.answer(Reply.status(409));

        assertThat(scene.asked()).containsEntry("offset", "now");
        scene.answer(Reply.caughtUp("h2", "9_0", Reply.UP_TO_DATE));
        assertThat(scene.rows()).isEmpty();
    }

    @Test
    void anAnswerOfAnotherLogIsNotMixedIn() {
        Scene scene = new Scene("items").live();

        scene.answer(Reply.live("h7", "5_0", "c", Reply.change("insert", 9, "nine", 5, 0), Reply.UP_TO_DATE));

        assertThat(scene.out.draftLog).doesNotContain("put 9");
        assertThat(scene.faults()).singleElement().asString().startsWith("the answer is of another log");
        assertThat(scene.out.behind).containsExactly("the answer is of another log than was asked for");
        assertThat(scene.asked())
                .containsEntry("offset", "-1")
                .containsEntry("handle", "h7")
                .containsKey("cache-buster")
                .doesNotContainKey("expired_handle");
    }

    @Test
    @Tag("E28")
    void staleAnswersAreAskedPastTheCacheThenHealedThenTaken() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.status(409).with("electric-handle", "h2"));
        int before = scene.requests() - 1;
        Reply stale = Reply.caughtUp("h1", "0_0", Reply.row(8, "old"));
        Set<String> busters = new HashSet<>();

        for (int i = 0; i < 3; i++) {
            scene.advance(Duration.ofMillis(200));
            scene.answer(stale);
            assertThat(scene.asked())
                    .containsEntry("offset", "-1")
                    .containsEntry("handle", "h2")
                    .containsEntry("expired_handle", "h1");
            busters.add(scene.asked().get("cache-buster"));
        }
        assertThat(busters).hasSize(3).doesNotContainNull();
        scene.answer(stale);
        assertThat(scene.asked()).containsOnlyKeys("log", "offset", "table").containsEntry("offset", "-1");
        assertThat(scene.requests() - before).isEqualTo(5);
        assertThat(scene.faults()).isEmpty();

        scene.answer(stale);

        assertThat(scene.faults()).singleElement().asString().contains("its rows are taken, and may be old: handle h1");
        assertThat(scene.asked()).containsEntry("handle", "h1").containsEntry("offset", "0_0");
        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));
        assertThat(scene.rows()).isEqualTo(Map.of(8, "old"));
    }

    @Test
    @Tag("E28")
    @Tag("L2")
    void aCacheWithAnOlderLogThanTheServerInsistsOnIsPassed() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.status(409).with("electric-handle", "h1"));
        Reply insists = Reply.caughtUp("h1", "0_0", Reply.row(8, "now"));
        for (int i = 0; i < 4; i++) {
            scene.advance(Duration.ofMillis(200));
            scene.answer(insists);
        }
        scene.answer(Reply.caughtUp("h0", "0_0", Reply.row(9, "long ago")));

        assertThat(scene.asked())
                .containsOnlyKeys("log", "offset", "table", "cache-buster")
                .containsEntry("offset", "-1");
        scene.answer(insists);
        assertThat(scene.asked())
                .containsEntry("handle", "h1")
                .containsEntry("offset", "0_0")
                .containsKey("cache-buster");
        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));
        assertThat(scene.rows()).isEqualTo(Map.of(8, "now"));
        assertThat(scene.out.draftLog).doesNotContain("put 9");
    }

    @Test
    @Tag("E28")
    void staleAnswersAreDiscardedWhileLiveTooAndThePositionStays() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.status(409).with("electric-handle", "h2"));
        scene.answer(Reply.caughtUp("h2", "0_0", Reply.row(1, "one")));
        scene.answer(Reply.caughtUp("h2", "0_inf", Reply.UP_TO_DATE));

        scene.answer(Reply.live("h1", "99_0", "c", Reply.change("insert", 9, "nine", 99, 0), Reply.UP_TO_DATE));

        assertThat(scene.asked())
                .containsEntry("handle", "h2")
                .containsEntry("offset", "0_inf")
                .containsEntry("live", "true")
                .containsKey("cache-buster");
        assertThat(scene.out.draftLog).doesNotContain("put 9");
        scene.answer(Reply.live("h2", "0_inf", "c", Reply.UP_TO_DATE));
        assertThat(scene.asked()).doesNotContainKey("cache-buster");
        assertThat(scene.rows()).isEqualTo(Map.of(1, "one"));
    }

    @Test
    @Tag("E28")
    void aSecondExhaustionBeforeAnyUpToDateEndsTheQuery() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.status(409).with("electric-handle", "h2"));
        Reply stale = Reply.caughtUp("h1", "0_0");
        for (int i = 0; i < 4; i++) {
            scene.answer(stale);
        }
        scene.answer(Reply.status(409));
        scene.answer(Reply.caughtUp("h1", "0_0"));
        scene.answer(Reply.status(409));
        for (int i = 0; i < 3; i++) {
            scene.advance(Duration.ofSeconds(1));
            scene.answer(stale);
            assertThat(scene.out.ends).isEmpty();
        }
        scene.answer(stale);

        assertThat(scene.ended()).isEqualTo(Ending.Kind.REJECTED);
        assertThat(scene.faults())
                .last()
                .asString()
                .startsWith("a cache answers with a log that is gone, again and again @ http://");
        ElectricException error = (ElectricException) scene.lastEnd().ending().reason();
        assertThat(error.status()).isEqualTo(502);
        assertThat(error)
                .hasMessageStartingWith("items: a cache answers with a log that is gone, again and again (http://")
                .hasMessageContaining("Check that a proxy or CDN");
    }

    @Test
    @Tag("E28")
    void upToDateMakesTheNextDeadLogANewStory() {
        StaleAnswers answers = new StaleAnswers();
        for (int i = 0; i < 3; i++) {
            assertThat(answers.stale()).isEqualTo(StaleAnswers.Verdict.RETRY);
        }
        assertThat(answers.stale()).isEqualTo(StaleAnswers.Verdict.HEAL);
        answers.accepted();
        for (int i = 0; i < 3; i++) {
            assertThat(answers.stale()).isEqualTo(StaleAnswers.Verdict.RETRY);
        }
        assertThat(answers.stale()).isEqualTo(StaleAnswers.Verdict.FAIL);
        answers.forget();
        assertThat(answers.stale()).isEqualTo(StaleAnswers.Verdict.RETRY);
        answers.accepted();
        for (int i = 0; i < 3; i++) {
            assertThat(answers.stale()).isEqualTo(StaleAnswers.Verdict.RETRY);
        }
        assertThat(answers.stale()).isEqualTo(StaleAnswers.Verdict.HEAL);
    }

    @Test
    @Tag("E29")
    void aHandleThatIsItsOwnSuccessorStillRecovers() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.status(409).with("electric-handle", "h1"));
        assertThat(scene.asked()).containsEntry("handle", "h1").containsEntry("expired_handle", "h1");

        for (int i = 0; i < 5; i++) {
            scene.answer(Reply.caughtUp("h1", "0_0", Reply.row(5, "five")));
        }
        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));

        assertThat(scene.rows()).isEqualTo(Map.of(5, "five"));
    }

    /** A cache may have what the log was when it was read first: views would go back. */
    @Test
    @Tag("E28")
    @Tag("L2")
    void aLogThatWasShownIsReadAgainPastAllCaches() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.status(409).with("electric-handle", "h1"));
        for (int i = 0; i < 5; i++) {
            assertThat(scene.asked()).containsEntry("offset", "-1");
            scene.answer(Reply.caughtUp("h1", "0_0", Reply.row(5, "five")));
        }

        assertThat(scene.asked()).containsEntry("offset", "0_0").containsKey("cache-buster");
        scene.answer(Reply.caughtUp("h1", "7_0", Reply.change("insert", 6, "six", 7, 0)));
        assertThat(scene.asked()).containsEntry("offset", "7_0").containsKey("cache-buster");
        scene.answer(Reply.caughtUp("h1", "7_0", Reply.UP_TO_DATE));
        assertThat(scene.asked()).containsEntry("live", "true").doesNotContainKey("cache-buster");
        assertThat(scene.rows()).isEqualTo(Map.of(5, "five", 6, "six"));
    }

    @Test
    @Tag("E27")
    void deadHandlesAreSharedBySessionsAndBounded() {
        ExpiredHandles expired = new ExpiredHandles();
        for (int i = 0; i < ExpiredHandles.CAPACITY; i++) {
            expired.put("k" + i, "h" + i);
        }
        assertThat(expired.get("k0")).isEqualTo("h0");

        expired.put("one more", "h");

        assertThat(expired.get("k0")).as("read not long ago").isEqualTo("h0");
        assertThat(expired.get("k1")).as("not used for longest").isNull();
        assertThat(expired.get("k2")).isEqualTo("h2");
        assertThat(expired).hasToString("ExpiredHandles[250]");
        expired.remove("k0");
        assertThat(expired.get("k0")).isNull();
    }

    @Test
    @Tag("E30")
    void fiveRequestsAtOneOffsetBeginAnewThenWaitThenFail() {
        Scene scene = new Scene("items").start();
        Reply nothing = Reply.caughtUp("h1", "0_0").text("[]");
        scene.answer(nothing);
        for (int i = 0; i < 4; i++) {
            scene.answer(nothing);
        }
        assertThat(scene.requests()).isEqualTo(6);
        assertThat(scene.asked()).as("the fifth at 0_0 becomes a new beginning").containsEntry("offset", "-1");
        assertThat(scene.asked()).doesNotContainKey("handle");
        assertThat(scene.faults()).containsExactly("requests at one offset lead nowhere @ 0_0");
        assertThat(scene.out.timers).isEmpty();

        for (int round = 0; round < 3; round++) {
            while (scene.out.timers.size() == round) {
                scene.answer(nothing);
            }
            scene.protocol().timer("fast loop", scene.out);
        }
        assertThat(scene.out.timers).containsExactly("0..400", "0..800", "0..1600");

        while (scene.out.ends.isEmpty()) {
            scene.answer(nothing);
        }
        assertThat(scene.ended()).isEqualTo(Ending.Kind.REJECTED);
        ElectricException error = (ElectricException) scene.lastEnd().ending().reason();
        assertThat(error.status()).isEqualTo(502);
        assertThat(error)
                .hasMessageContaining(
                        "request after request at offset 0_0 leads nowhere (http://localhost:3000/v1/shape?");
        assertThat(scene.requests()).isEqualTo(6 + 4 + 5 + 5 + 5);
    }

    @Test
    @Tag("E30")
    void theFirstDetectionForgetsTheDeadHandleAndTellsThatRowsMayBeBehind() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.status(409).with("electric-handle", "h2"));
        scene.answer(Reply.caughtUp("h2", "0_0", Reply.row(1, "one")));
        scene.answer(Reply.caughtUp("h2", "0_inf", Reply.UP_TO_DATE));
        assertThat(scene.out.behind).hasSize(1);
        for (int i = 0; i < 5; i++) {
            assertThat(scene.asked()).containsEntry("expired_handle", "h1");
            scene.answer(Reply.status(304));
        }

        assertThat(scene.asked()).containsEntry("offset", "-1").doesNotContainKeys("expired_handle", "handle");
        assertThat(scene.out.behind).hasSize(2).last().isEqualTo("requests at one offset lead nowhere");
    }

    @Test
    @Tag("E30")
    @Tag("L12")
    void aPauseEndsWithTheRun() {
        Scene scene = new Scene("items").start();
        Reply nothing = Reply.caughtUp("h1", "0_0").text("[]");
        while (scene.out.timers.isEmpty()) {
            scene.answer(nothing);
        }
        int requests = scene.requests();
        scene.protocol().credential(Credential.NONE, scene.out);
        assertThat(scene.requests()).as("not while pausing").isEqualTo(requests);

        scene.protocol().unsubscribe(scene.subscription(), scene.out);

        assertThat(scene.out.timers).isEmpty();
    }

    @Test
    @Tag("E28")
    void anAnswerThatIsTakenBetweenBeginsTheCountAnew() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.status(409).with("electric-handle", "h2"));
        Reply stale = Reply.caughtUp("h1", "0_0");
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 3; i++) {
                scene.advance(Duration.ofSeconds(1));
                scene.answer(stale);
            }
            scene.answer(Reply.caughtUp("h2", "0_" + round, Reply.row(round, "x")));
        }
        assertThat(scene.asked()).containsEntry("handle", "h2").containsEntry("expired_handle", "h1");
        scene.answer(Reply.caughtUp("h2", "0_inf", Reply.UP_TO_DATE));
        assertThat(scene.rows()).hasSize(3);
    }

    @Test
    @Tag("E28")
    void upToDateBetweenAllowsAnotherHealing() {
        Scene scene = new Scene("items").live();
        for (int round = 0; round < 3; round++) {
            scene.advance(Duration.ofSeconds(1));
            scene.answer(Reply.status(409));
            String dead = scene.asked().get("expired_handle");
            Reply stale = Reply.caughtUp(dead, "0_0", Reply.row(1, "old"));
            for (int i = 0; i < 5; i++) {
                scene.advance(Duration.ofSeconds(1));
                scene.answer(stale);
            }
            scene.answer(Reply.caughtUp(dead, "0_inf", Reply.UP_TO_DATE));
            assertThat(scene.out.ends).isEmpty();
            assertThat(scene.rows()).isEqualTo(Map.of(1, "old"));
        }
    }

    @Test
    @Tag("E30")
    void theDetectorCountsWithinItsWindowOnly() {
        FastLoop loop = new FastLoop();
        long nanos = 5;
        for (int i = 0; i < 50; i++) {
            assertThat(loop.request(nanos, "0_0")).isEqualTo(FastLoop.Verdict.PROCEED);
            nanos += Duration.ofMillis(125).toNanos();
        }
        for (int i = 0; i < 100; i++) {
            assertThat(loop.request(nanos, "1_" + i)).as("advancing").isEqualTo(FastLoop.Verdict.PROCEED);
        }
    }

    @Test
    @Tag("E30")
    void theDetectorGrowsStricter() {
        FastLoop loop = new FastLoop();
        assertThat(detect(loop)).isEqualTo(FastLoop.Verdict.RESET);
        assertThat(detect(loop)).isEqualTo(FastLoop.Verdict.PAUSE);
        assertThat(loop.pause()).isEqualTo(Duration.ofMillis(400));
        assertThat(detect(loop)).isEqualTo(FastLoop.Verdict.PAUSE);
        assertThat(detect(loop)).isEqualTo(FastLoop.Verdict.PAUSE);
        assertThat(loop.pause()).isEqualTo(Duration.ofMillis(1600));
        assertThat(detect(loop)).isEqualTo(FastLoop.Verdict.FAIL);
        assertThat(loop.pause()).isEqualTo(Duration.ofMillis(3200));
        detect(loop);
        assertThat(loop.pause()).isEqualTo(Duration.ofMillis(5000));
        loop.forget();
        assertThat(detect(loop)).isEqualTo(FastLoop.Verdict.RESET);
    }

    @Test
    @Tag("E30")
    void theDetectorForgetsWhatStaysUpToDate() {
        FastLoop loop = new FastLoop();
        for (int i = 0; i < 20; i++) {
            detect(loop);
            loop.upToDate(2);
        }
        assertThat(detect(loop))
                .as("up to date now and then: no reason to give up")
                .isEqualTo(FastLoop.Verdict.PAUSE);
        loop.upToDate(Duration.ofMillis(500).toNanos());
        assertThat(detect(loop)).as("not long enough").isEqualTo(FastLoop.Verdict.PAUSE);
        loop.upToDate(Duration.ofMillis(500).toNanos() + 1);
        assertThat(detect(loop)).isEqualTo(FastLoop.Verdict.RESET);
    }

    /** A server, or a cache before it, that says of the one log it has that it is gone, once it was loaded. */
    @Test
    @Tag("E30")
    void aLogThatIsGoneEachTimeItWasLoadedIsAskedForWithPauses() {
        Scene scene = new Scene("items").live();
        int requests = 0;
        while (scene.out.timers.size() < 10) {
            assertThat(requests).as("requests without a pause").isLessThan(200);
            if (scene.requests() == requests) {
                scene.protocol().timer("fast loop", scene.out);
            }
            requests = scene.requests();
            boolean live = "true".equals(scene.asked().get("live"));
            String offset = scene.asked().get("offset");
            scene.answer(
                    live
                            ? Reply.status(409)
                            : offset.equals("-1")
                                    ? Reply.caughtUp("h1", "0_0", Reply.row(1, "x"))
                                    : Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));
        }
        assertThat(scene.out.ends).as("it is up to date now and then").isEmpty();
    }

    private static FastLoop.Verdict detect(FastLoop loop) {
        for (int i = 0; i < FastLoop.THRESHOLD - 1; i++) {
            assertThat(loop.request(1, "x")).isEqualTo(FastLoop.Verdict.PROCEED);
        }
        return loop.request(1, "x");
    }

    @Test
    @Tag("E30")
    void attemptsThatTheEngineMakesAgainNeverCount() {
        Scene scene = new Scene("items").start();
        for (int i = 0; i < 60; i++) {
            scene.answer(Reply.status(503));
            assertThat(scene.ended()).isEqualTo(Ending.Kind.RETRY);
            scene.nextSession();
        }
        assertThat(scene.faults()).isEmpty();
        assertThat(scene.requests()).isEqualTo(61);
    }

    @Test
    @Tag("E30")
    void livePollsNeverCount() {
        Scene scene = new Scene("items").live();
        for (int i = 0; i < 50; i++) {
            scene.answer(Reply.live("h1", "0_inf", "c" + i, Reply.UP_TO_DATE));
        }
        assertThat(scene.faults()).isEmpty();
        assertThat(scene.requests()).isEqualTo(53);
    }
}
