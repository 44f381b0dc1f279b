package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Capability;
import dev.tributary.spi.Ending;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.WireEnd;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From the first request to the live ones. */
class CatchUpTest {

    @Test
    @Tag("E6")
    void theFirstRequestBeginsAtMinusOneAndSaysNothingElse() {
        Scene scene = new Scene("items").start();

        assertThat(scene.asked()).isEqualTo(Map.of("log", "full", "offset", "-1", "table", "items"));
        assertThat(scene.last().target.method()).isEqualTo("GET");
        assertThat(scene.last().target.uri().getPath()).isEqualTo("/v1/shape");
        assertThat(scene.last().target.headers()).isEqualTo(Map.of("accept", "application/json"));
    }

    @Test
    @Tag("E6")
    void nowIsAskedForLikewise() {
        Scene scene = new Scene("items?offset=now").start();

        assertThat(scene.asked()).isEqualTo(Map.of("log", "full", "offset", "now", "table", "items"));

        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));

        assertThat(scene.out.commits).hasSize(1);
        assertThat(scene.rows()).isEmpty();
        assertThat(scene.out.upToDate).isEqualTo(1);
        assertThat(scene.asked()).containsEntry("live", "true").containsEntry("offset", "0_inf");
    }

    @Test
    @Tag("E12")
    @Tag("L2")
    void rowsWithoutUpToDateAreNotShownButFollowedByANonLiveRequest() {
        Scene scene = new Scene("items").start();

        scene.answer(Reply.caughtUp("h1", "0_0", Reply.row(1, "one"), Reply.SNAPSHOT_END));

        assertThat(scene.out.commits).isEmpty();
        assertThat(scene.out.upToDate).isZero();
        assertThat(scene.asked()).isEqualTo(Map.of("handle", "h1", "log", "full", "offset", "0_0", "table", "items"));
    }

    @Test
    @Tag("E13")
    void upToDateCommitsAllAtOnceAndGoesLive() {
        Scene scene = new Scene("items").live();

        assertThat(scene.out.commits).hasSize(1);
        assertThat(scene.out.upToDate).isEqualTo(1);
        assertThat(scene.out.replaced).isEqualTo(1);
        assertThat(scene.asked())
                .isEqualTo(Map.of(
                        "cursor", "", "handle", "h1", "live", "true", "log", "full", "offset", "0_inf", "table",
                        "items"));
    }

    @Test
    @Tag("E13")
    void theMessageDecidesWhereAProxyTookTheHeaderAway() {
        Scene scene = new Scene("items").start();
        scene.answer(Reply.caughtUp("h1", "0_0", Reply.row(1, "one")));

        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE).without("electric-up-to-date"));

        assertThat(scene.out.upToDate).isEqualTo(1);
        assertThat(scene.faults()).isEmpty();
    }

    @Test
    @Tag("E13")
    void aHeaderThatTheLastMessageDoesNotBearOutIsReported() {
        Scene scene = new Scene("items").start();

        scene.answer(Reply.caughtUp("h1", "0_0", Reply.row(1, "one")).with("electric-up-to-date", ""));

        assertThat(scene.out.upToDate).isZero();
        assertThat(scene.out.commits).isEmpty();
        assertThat(scene.faults()).singleElement().asString().contains("the head says up-to-date");
        assertThat(scene.asked()).doesNotContainKey("live");
    }

    @Test
    @Tag("E13")
    void upToDateThatIsNotLastDecidesNothing() {
        Scene scene = new Scene("items").start();

        scene.answer(Reply.caughtUp("h1", "0_0", Reply.UP_TO_DATE, Reply.row(1, "one")));

        assertThat(scene.out.upToDate).isZero();
        assertThat(scene.asked()).doesNotContainKey("live");
    }

    @Test
    @Tag("E14")
    @Tag("L2")
    void aLiveAnswerWithoutUpToDateKeepsItLiveAndShowsNothing() {
        Scene scene = new Scene("items").live();

        scene.answer(Reply.live("h1", "500_0", "c1", Reply.change("insert", 3, "three", 500, 0)));

        assertThat(scene.out.commits).hasSize(1);
        assertThat(scene.rows()).hasSize(2);
        assertThat(scene.asked())
                .containsEntry("live", "true")
                .containsEntry("cursor", "c1")
                .containsEntry("offset", "500_0");

        scene.answer(Reply.live("h1", "500_2", "c2", Reply.change("delete", 1, "", 500, 2), Reply.UP_TO_DATE));

        assertThat(scene.rows()).isEqualTo(Map.of(2, "two", 3, "three"));
        assertThat(scene.out.commits).hasSize(2);
    }

    @Test
    @Tag("E15")
    void aLiveTimeoutChangesNothingAndIsFollowedAtOnce() {
        Scene scene = new Scene("items").live();

        scene.answer(Reply.live("h1", "0_inf", "c1", Reply.UP_TO_DATE));

        assertThat(scene.out.commits).hasSize(1);
        assertThat(scene.out.upToDate).isEqualTo(2);
        assertThat(scene.out.timers).isEmpty();
        assertThat(scene.asked()).containsEntry("cursor", "c1").containsEntry("live", "true");
        assertThat(scene.requests()).isEqualTo(4);
    }

    @Test
    @Tag("E7")
    @Tag("E9")
    void offsetsAndCursorsAreSentBackAsTheyCame() {
        Scene scene = new Scene("items").live();
        String beyond64Bits = "36893488147419103232_18446744073709551616";

        scene.answer(Reply.live("h1", beyond64Bits, "0007", Reply.row(3, "three"), Reply.UP_TO_DATE));

        assertThat(scene.asked())
                .containsEntry("offset", beyond64Bits)
                .containsEntry("cursor", "0007")
                .containsEntry("handle", "h1");
    }

    @Test
    @Tag("E59")
    void liveRequestsHaveTheirOwnDeadlineAndSlowBodiesAreNotKilled() {
        Scene scene = new Scene("items").set(ElectricOptions.LIVE_TIMEOUT, Duration.ofSeconds(50));
        scene.start();
        HttpTarget first = scene.last().target;

        assertThat(first.deadlines().connect()).isEqualTo(Duration.ofSeconds(10));
        assertThat(first.deadlines().head()).isEqualTo(Duration.ofSeconds(60));
        assertThat(first.deadlines().idle()).isEqualTo(Duration.ofSeconds(45));

        scene.answer(Reply.caughtUp("h1", "0_0", Reply.SNAPSHOT_END));
        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));

        assertThat(scene.last().target.deadlines().head()).isEqualTo(Duration.ofSeconds(50));
        assertThat(new Scene("items").live().last().target.deadlines().head()).isEqualTo(Duration.ofSeconds(45));
    }

    @Test
    @Tag("E59")
    @Tag("E61")
    void aSilentLiveRequestIsRetriedAndTheFirstOneThenIsNotLive() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.live("h1", "0_inf", "c1", Reply.UP_TO_DATE));

        scene.end(scene.last(), WireEnd.of(WireEnd.Kind.SILENT, "no answer within 45000 ms", null));

        assertThat(scene.lastEnd().ending().reason()).hasMessage("no answer within 45000 ms");
        assertThat(scene.ended()).isEqualTo(Ending.Kind.RETRY);
        scene.nextSession();
        assertThat(scene.asked())
                .isEqualTo(Map.of("cursor", "c1", "handle", "h1", "log", "full", "offset", "0_inf", "table", "items"));
    }

    @Test
    @Tag("E60")
    void aRefreshAsksOnceWithoutWaitingThenGoesLiveAgain() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.live("h1", "0_inf", "c1", Reply.UP_TO_DATE));
        ScriptedOutput.FakeWire poll = scene.last();

        scene.protocol().unsubscribe(scene.subscription(), scene.out);

        assertThat(poll.closed).isTrue();
        assertThat(scene.ended()).isEqualTo(Ending.Kind.CLOSED);
        scene.nextSession();
        assertThat(scene.asked()).containsEntry("cursor", "c1").doesNotContainKey("live");

        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));

        assertThat(scene.out.commits).hasSize(1);
        assertThat(scene.out.upToDate).isEqualTo(3);
        assertThat(scene.asked()).containsEntry("live", "true").containsEntry("cursor", "c1");
    }

    @Test
    @Tag("E62")
    void nothingHappensAfterTheEnd() {
        Scene scene = new Scene("items").live();
        ScriptedOutput.FakeWire poll = scene.last();
        scene.protocol().unsubscribe(scene.subscription(), scene.out);
        int requests = scene.requests();

        scene.protocol().opened(poll, Reply.live("h1", "1_0", "c").head(), scene.out);
        scene.protocol().ended(poll, WireEnd.complete(), scene.out);
        scene.protocol().timer("fast loop", scene.out);
        scene.protocol().unsubscribe(scene.subscription(), scene.out);

        assertThat(scene.requests()).isEqualTo(requests);
        assertThat(scene.out.ends).hasSize(1);
    }

    @Test
    @Tag("E68")
    void aLoadTellsItsProgressAndALiveAnswerDoesNot() {
        Scene scene = new Scene("items").start();
        Reply first = Reply.caughtUp("h1", "0_0", Reply.row(1, "one"), Reply.row(2, "two"), Reply.SNAPSHOT_END);
        scene.answer(first);
        scene.answer(Reply.caughtUp("h1", "7_0", Reply.change("insert", 3, "x", 7, 0), Reply.UP_TO_DATE));

        assertThat(scene.out.progress).containsExactly(2L, 3L);
        scene.answer(Reply.live("h1", "8_0", "c", Reply.change("insert", 4, "x", 8, 0), Reply.UP_TO_DATE));
        assertThat(scene.out.progress).hasSize(2);
    }

    @Test
    void whatIsPromisedDependsOnTheReplicaMode() {
        assertThat(new Scene("items").start().out.negotiated).isEmpty();
        assertThat(new Scene("items").live().out.negotiated)
                .contains(Capability.RESUME, Capability.LOSSLESS, Capability.BACKPRESSURE, Capability.PARTIAL_UPDATES)
                .doesNotContain(Capability.OLD_VALUES, Capability.TRANSACTIONS);
        assertThat(new Scene("items?replica=full").live().out.negotiated)
                .contains(Capability.OLD_VALUES)
                .doesNotContain(Capability.PARTIAL_UPDATES);
    }
}
