package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Change;
import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import dev.tributary.driftdb.StreamCommit.Cause;
import dev.tributary.testkit.driftdb.AnswerFault;
import dev.tributary.testkit.driftdb.ClientMessage;
import dev.tributary.testkit.driftdb.DriftDbOptions;
import dev.tributary.testkit.driftdb.FrameFault;
import dev.tributary.testkit.driftdb.ServerMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a view shows of a stream: asked for once, each message once, compared with what is retained. */
class StreamsTest {

    /** Hears what a view tells. */
    private static final class Ear implements ViewListener<Row> {

        final List<String> events = new ArrayList<>();
        final List<Cause> causes = new ArrayList<>();
        final List<Commit.Origin> origins = new ArrayList<>();
        int inserts;

        @Override
        public void onCommit(Commit<Row> commit) {
            origins.add(commit.origin());
            commit.metadata(StreamCommit.class).ifPresent(one -> causes.add(one.cause()));
            inserts += (int) commit.changes().stream()
                    .filter(change -> change.kind() == Change.Kind.INSERT)
                    .count();
        }

        @Override
        public void onEvent(Object event) {
            events.add(((Passed) event).entry().numberText());
        }
    }

    private static Ear listen(MaterializedView<Row> view) {
        Ear ear = new Ear();
        view.listen(ear);
        return ear;
    }

    @Test
    @Tag("D13")
    void aLogIsTheRetainedEntriesAndWhatFollows() {
        try (Rig rig = new Rig()) {
            rig.room.append("k", "\"a\"");
            rig.room.append("k", "{\"b\":1}");
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            Ear ear = listen(log);
            rig.run();
            rig.room.append("k", "3");
            rig.run();
            assertThat(Rig.log(log)).containsExactly("1:a", "2:{b=1}", "3:3");
            assertThat(log.status().phase()).isEqualTo(Phase.LIVE);
            assertThat(ear.inserts).isEqualTo(3);
        }
    }

    @Test
    @Tag("D13")
    @Tag("D33")
    void aStaleSnapshotAndASecondOneOfTheSameNumberAreShownAsRetained() {
        try (Rig rig = new Rig()) {
            for (int i = 1; i <= 6; i++) {
                rig.room.append("k", "" + i);
            }
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("k?as=log");
            rig.run();
            rig.room.compact("k", 5, "\"s5\"");
            rig.room.compact("k", 3, "\"s3\"");
            rig.get(log.refresh());
            assertThat(Rig.log(log)).containsExactly("3:s3", "5:s5", "6:6");
            rig.room.compact("k", 5, "\"again\"");
            rig.get(log.refresh());
            assertThat(Rig.log(log)).containsExactly("5:again", "6:6");
        }
    }

    @Test
    @Tag("D28")
    @Tag("L1")
    @Tag("L2")
    void aFoldDeepInALongLogIsSeenAndNothingIsCalledVerifiedUntilThen() {
        try (Rig rig = new Rig()) {
            for (int i = 1; i <= 250; i++) {
                rig.room.append("k", "" + i);
            }
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            rig.advance(Rig.LONG);
            assertThat(log.snapshot().isVerified()).isTrue();
            rig.room.compact("k", 100, "\"folded\"");
            // The whole is compared right after it; here that takes a while.
            rig.model.faults().request(Rig::isReadOfAll, 1, new AnswerFault.Delay(5_000));
            // A burst, so that an audit comes soon; it begins at the last entry that the audits before it saw.
            for (int i = 251; i <= 280; i++) {
                rig.room.append("k", "" + i);
            }
            rig.run();
            assertThat(Rig.log(log)).hasSize(280).endsWith("280:280");
            assertThat(log.snapshot().isVerified()).isFalse();
            assertThat(log.status().verifiedUpTo()).isEqualTo("250");
            rig.advance(Rig.LONG);
            assertThat(Rig.log(log)).hasSize(181).startsWith("100:folded", "101:101");
            assertThat(log.snapshot().isVerified()).isTrue();
            assertThat(log.status().verifiedUpTo()).isEqualTo("280");
            // In a quiet room too, although later.
            rig.room.compact("k", 70, "\"again\"");
            rig.get(log.refresh());
            assertThat(Rig.log(log)).hasSize(182).startsWith("70:again", "100:folded");
        }
    }

    @Test
    @Tag("D28")
    @Tag("L1")
    void aFoldDeepInALongLogThatIsQuietIsSeenToo() {
        try (Rig rig = new Rig()) {
            for (int i = 1; i <= 250; i++) {
                rig.room.append("k", "" + i);
            }
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            rig.run();
            rig.room.compact("k", 20, "\"folded\"");
            rig.advance(Rig.LONG.multipliedBy(2));
            assertThat(Rig.log(log)).hasSize(231).startsWith("20:folded", "21:21");
            assertThat(log.snapshot().isVerified()).isTrue();
        }
    }

    @Test
    @Tag("D10")
    @Tag("D28")
    @Tag("L2")
    void aLogThatIsTooLongToBeReadAsAWholeIsStillRepairedAtItsEndButNotVerified() {
        try (Rig rig = new Rig()) {
            MaterializedView<Row> log =
                    rig.open(builder -> builder.maxMessage(4_700)).materialize("k?as=log");
            rig.run();
            for (int i = 1; i <= 201; i++) {
                rig.room.append("k", "" + i);
                rig.advance(i % 50 == 0 ? Rig.LONG : Duration.ofMillis(20));
            }
            rig.advance(Rig.LONG);
            assertThat(log.snapshot().isVerified()).as("as a whole it fits").isTrue();
            rig.model
                    .faults()
                    .frame(
                            message -> message instanceof ServerMessage.Push push && push.seq() == 205,
                            1,
                            new FrameFault.Lose());
            for (int i = 202; i <= 240; i++) {
                rig.room.append("k", "" + i);
            }
            rig.advance(Rig.LONG);
            assertThat(Rig.log(log)).hasSize(240).contains("205:205");
            assertThat(log.snapshot().isVerified()).isFalse();
            // That the whole could not be read keeps nobody from reading the end.
            rig.model
                    .faults()
                    .frame(
                            message -> message instanceof ServerMessage.Push push && push.seq() == 245,
                            1,
                            new FrameFault.Lose());
            for (int i = 241; i <= 280; i++) {
                rig.room.append("k", "" + i);
            }
            rig.run();
            assertThat(Rig.log(log)).hasSize(280).contains("245:245");
            assertThat(log.snapshot().isVerified()).isFalse();
            assertThat(log.status().phase()).isEqualTo(Phase.LIVE);
        }
    }

    @Test
    @Tag("D13")
    void theLatestValueIsOneRow() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            MaterializedView<Row> slider = source.materialize("slider");
            rig.run();
            assertThat(slider.snapshot().isEmpty()).isTrue();
            assertThat(slider.status().phase()).isEqualTo(Phase.LIVE);
            rig.room.replace("slider", "55");
            rig.room.replace("slider", "56");
            rig.run();
            assertThat(slider.get("slider").get("value")).isEqualTo(56L);
            assertThat(slider.get("slider").get("seq")).isEqualTo(2L);
            assertThat(slider.snapshot().isVerified()).isFalse();
            rig.advance(Rig.LONG);
            assertThat(slider.snapshot().isVerified()).isTrue();
            assertThat(slider.status().verifiedUpTo()).isEqualTo("2");
        }
    }

    @Test
    @Tag("D13")
    void aRelayIsShownUntilTheAuditAndThenToldAsAnEvent() {
        try (Rig rig = new Rig()) {
            rig.room.append("k", "\"kept\"");
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("k?as=log");
            MaterializedView<Row> latest = source.materialize("k");
            Ear ear = listen(log);
            rig.run();
            rig.room.relay("k", "\"passing\"");
            rig.run();
            assertThat(Rig.log(log)).containsExactly("1:kept", "2:passing");
            assertThat(latest.get("k").get("value")).isEqualTo("passing");
            rig.advance(Rig.LONG);
            assertThat(Rig.log(log)).containsExactly("1:kept");
            assertThat(latest.get("k").get("value")).isEqualTo("kept");
            assertThat(ear.events).containsExactly("2");
            assertThat(log.snapshot().isVerified()).isTrue();
        }
    }

    @Test
    @Tag("D11")
    @Tag("D15")
    void oneGetServesAllViewsOfAKeyAndALateOneGetsTheHistory() {
        try (Rig rig = new Rig()) {
            rig.room.append("k", "1");
            SyncSource source = rig.open();
            MaterializedView<Row> first = source.materialize("k?as=log");
            rig.run();
            rig.room.append("k", "2");
            MaterializedView<Row> late = source.materialize("k?as=log&replay=0");
            MaterializedView<Row> latest = source.materialize("k");
            rig.room.append("k", "3");
            rig.run();
            assertThat(Rig.log(late)).isEqualTo(Rig.log(first)).containsExactly("1:1", "2:2", "3:3");
            assertThat(latest.get("k").get("value")).isEqualTo(3L);
            assertThat(rig.gets("k")).isEqualTo(1);

            first.close();
            late.close();
            latest.close();
            MaterializedView<Row> other = source.materialize("other");
            MaterializedView<Row> again = source.materialize("k?as=log");
            rig.run();
            rig.room.append("k", "4");
            rig.run();
            assertThat(Rig.log(again)).containsExactly("1:1", "2:2", "3:3", "4:4");
            assertThat(other.status().phase()).isEqualTo(Phase.LIVE);
        }
    }

    @Test
    @Tag("D11")
    void aKeyThatIsWantedAgainIsNotAskedForAgain() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            MaterializedView<Row> keep = source.materialize("keep");
            MaterializedView<Row> first = source.materialize("k?as=log");
            rig.run();
            first.close();
            rig.run();
            rig.room.append("k", "1");
            rig.run();
            MaterializedView<Row> again = source.materialize("k?as=log");
            rig.run();
            rig.room.append("k", "2");
            rig.run();
            assertThat(Rig.log(again)).containsExactly("1:1", "2:2");
            assertThat(rig.gets("k")).isEqualTo(1);
            assertThat(keep.status().phase()).isEqualTo(Phase.LIVE);
        }
    }

    @Test
    @Tag("D12")
    void aMessageThatComesSeveralTimesIsToldOnce() {
        try (Rig rig = new Rig()) {
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            Ear ear = listen(log);
            rig.run();
            rig.model.faults().frame(frame -> frame instanceof ServerMessage.Push, 2, FrameFault.repeated(4));
            rig.room.append("k", "\"same\"");
            rig.room.append("k", "\"same\"");
            rig.run();
            assertThat(rig.model.faults().struck()).isEqualTo(2);
            assertThat(Rig.log(log)).containsExactly("1:same", "2:same");
            assertThat(ear.inserts).isEqualTo(2);
        }
    }

    @Test
    @Tag("D14")
    void withoutReplayNoOldEntryIsShownAndTheSubscriptionIsAcknowledged() {
        try (Rig rig = new Rig()) {
            rig.room.append("k", "\"old\"");
            MaterializedView<Row> log = rig.open().materialize("k?as=log&replay=none");
            rig.run();
            assertThat(log.status().phase()).isEqualTo(Phase.LIVE);
            assertThat(log.snapshot().isEmpty()).isTrue();
            rig.room.append("k", "\"new\"");
            rig.advance(Rig.LONG);
            assertThat(Rig.log(log)).containsExactly("2:new");
            assertThat(rig.received)
                    .noneMatch(message -> message instanceof ClientMessage.Get get && get.seq() == null);
        }
    }

    @Test
    @Tag("D14")
    void aLogMayBeginBehindANumber() {
        try (Rig rig = new Rig()) {
            for (int i = 1; i <= 5; i++) {
                rig.room.append("k", "" + i);
            }
            MaterializedView<Row> log = rig.open().materialize("k?as=log&replay=3");
            rig.run();
            assertThat(Rig.log(log)).containsExactly("4:4", "5:5");
        }
    }

    @Test
    @Tag("D14")
    void viewsOfOneKeyThatBeginAtDifferentNumbersKeepTheirBeginnings() {
        try (Rig rig = new Rig()) {
            for (int i = 1; i <= 5; i++) {
                rig.room.append("k", "" + i);
            }
            SyncSource source = rig.open();
            MaterializedView<Row> all = source.materialize("k?as=log");
            MaterializedView<Row> some = source.materialize("k?as=log&replay=3");
            MaterializedView<Row> none = source.materialize("k?as=log&replay=none");
            rig.run();
            assertThat(Rig.log(none)).isEmpty();
            rig.room.append("k", "6");
            rig.advance(Rig.LONG);
            assertThat(Rig.log(all)).hasSize(6);
            assertThat(Rig.log(some)).containsExactly("4:4", "5:5", "6:6");
            assertThat(Rig.log(none)).containsExactly("6:6");
            MaterializedView<Row> late = source.materialize("k?as=log&replay=5");
            rig.run();
            assertThat(Rig.log(late)).containsExactly("6:6");
        }
    }

    @Test
    @Tag("D16")
    @Tag("D17")
    void afterAReconnectExactlyWhatIsRetainedIsShown() {
        try (Rig rig = new Rig()) {
            rig.room.append("k", "1");
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("k?as=log");
            MaterializedView<Row> other = source.materialize("other");
            Ear ear = listen(log);
            rig.run();
            rig.model.connections().forEach(connection -> connection.drop());
            rig.room.append("k", "2");
            rig.room.relay("k", "\"missed\"");
            rig.room.append("k", "4");
            rig.room.replace("other", "\"o\"");
            rig.run();
            assertThat(Rig.log(log)).containsExactly("1:1", "2:2", "4:4");
            assertThat(other.get("other").get("value")).isEqualTo("o");
            assertThat(ear.origins).containsExactly(Commit.Origin.INITIAL, Commit.Origin.LIVE);
            assertThat(ear.events).isEmpty();
            assertThat(rig.gets("k")).isEqualTo(2);
        }
    }

    @Test
    @Tag("D17")
    void aLongLogIsCaughtUpFromItsTop() {
        try (Rig rig = new Rig()) {
            for (int i = 1; i <= 300; i++) {
                rig.room.append("k", "" + i);
            }
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            rig.run();
            rig.model.connections().forEach(connection -> connection.drop());
            rig.room.append("k", "301");
            rig.run();
            assertThat(Rig.log(log)).hasSize(301).endsWith("300:300", "301:301");
            assertThat(rig.received)
                    .anyMatch(message -> message instanceof ClientMessage.Get get && Objects.equals(get.seq(), 299L));
        }
    }

    @Test
    @Tag("D18")
    void lostStateIsAResetWithTheNewContent() {
        for (int entries : new int[] {3, 300}) {
            try (Rig rig = new Rig(1, DriftDbOptions.edgeWorker())) {
                for (int i = 1; i <= entries; i++) {
                    rig.room.append("k", "" + i);
                }
                MaterializedView<Row> log = rig.open().materialize("k?as=log");
                Ear ear = listen(log);
                rig.run();
                rig.model.reload(rig.room, false);
                rig.room.append("k", "\"anew\"");
                rig.run();
                assertThat(Rig.log(log)).containsExactly("1:anew");
                assertThat(log.snapshot().toList().get(0).get("history")).isEqualTo(1L);
                assertThat(ear.causes).contains(Cause.RESET);
                assertThat(ear.origins).contains(Commit.Origin.RESET);
            }
        }
    }

    @Test
    @Tag("D19")
    void aCounterThatWentBackMakesNobodyDeaf() {
        try (Rig rig = new Rig(1, DriftDbOptions.edgeWorker())) {
            rig.room.append("k", "1");
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("k?as=log");
            List<CounterWentBack> notices = new ArrayList<>();
            rig.db(source).onCounterWentBack(notices::add);
            rig.run();
            for (int i = 0; i < 5; i++) {
                rig.room.relay("k", "\"r\"");
            }
            rig.run();
            rig.model.reload(rig.room, true);
            rig.run();
            rig.room.append("k", "\"new\"");
            rig.run();
            assertThat(Rig.log(log)).containsExactly("1:1", "2:new");
            assertThat(notices).containsExactly(new CounterWentBack(6, 2));
        }
    }

    @Property(tries = 40)
    @net.jqwik.api.Tag("D28")
    @net.jqwik.api.Tag("L1")
    void aBurstThatTheServerCutsEndsComplete(
            @ForAll @Size(min = 20, max = 120) List<@IntRange(max = 3) Integer> pushes) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("k?as=log");
            MaterializedView<Row> latest = source.materialize("k");
            rig.run();
            int number = 0;
            for (int push : pushes) {
                number++;
                switch (push) {
                    case 0 -> rig.room.relay("k", "" + number);
                    case 3 -> rig.room.append("elsewhere", "" + number);
                    default -> rig.room.append("k", "" + number);
                }
            }
            rig.advance(Rig.LONG);
            List<String> truth = rig.truth("k");
            assertThat(Rig.log(log)).isEqualTo(truth);
            assertThat(log.snapshot().isVerified()).isTrue();
            assertThat(latest.snapshot().isVerified()).isTrue();
            String newest = latest.get("k") == null ? "" : latest.get("k").get("seq") + "";
            assertThat(newest)
                    .isEqualTo(
                            truth.isEmpty() ? "" : truth.get(truth.size() - 1).split(":")[0]);
        }
    }

    @Test
    @Tag("D28")
    void aRepairIsToldAsOne() {
        try (Rig rig = new Rig()) {
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            Ear ear = listen(log);
            rig.run();
            for (int i = 1; i <= 60; i++) {
                rig.room.append("k", "" + i);
            }
            rig.advance(Duration.ofMillis(200));
            assertThat(rig.model.droppedFrames()).isPositive();
            rig.room.append("k", "61");
            rig.advance(Duration.ofSeconds(1));
            assertThat(Rig.log(log)).hasSize(61);
            assertThat(ear.causes).contains(Cause.REPAIR);
            assertThat(ear.inserts).isEqualTo(61);
        }
    }

    /** The answer of the next read stands, but arrives only after a second. */
    private static void delayNextRead(Rig rig) {
        rig.model.faults().http(1, new AnswerFault.Delay(1000));
    }

    @Test
    @Tag("D28")
    @Tag("L2")
    void theNewestValueIsNotVerifiedByAReadThatDoesNotKnowIt() {
        try (Rig rig = new Rig()) {
            rig.room.replace("k", "1");
            MaterializedView<Row> latest = rig.open().materialize("k");
            rig.run();
            delayNextRead(rig);
            latest.refresh();
            rig.advance(Duration.ofMillis(300));
            rig.room.replace("k", "2");
            rig.advance(Duration.ofMillis(300));
            assertThat(latest.get("k").get("value")).isEqualTo(2L);
            assertThat(latest.snapshot().isVerified()).isFalse();
            rig.advance(Duration.ofMillis(900));
            assertThat(rig.model.faults().struck()).isOne();
            assertThat(latest.get("k").get("value")).isEqualTo(2L);
            assertThat(latest.snapshot().isVerified())
                    .as("that read was older than the newest value")
                    .isFalse();
            assertThat(latest.status().verifiedUpTo()).isEqualTo("1");
            rig.advance(Rig.LONG);
            assertThat(latest.get("k").get("value")).isEqualTo(2L);
            assertThat(latest.snapshot().isVerified()).isTrue();
            assertThat(latest.status().verifiedUpTo()).isEqualTo("2");
        }
    }

    @Test
    @Tag("D15")
    @Tag("L2")
    void anAnswerThatIsOlderThanAReadIsNotShown() {
        try (Rig rig = new Rig()) {
            rig.room.replace("k", "1");
            rig.model.faults().frame(frame -> frame instanceof ServerMessage.Init, 1, new FrameFault.Delay(3_000));
            MaterializedView<Row> latest = rig.open().materialize("k");
            List<Object> shown = new ArrayList<>();
            latest.listen(commit -> shown.add(latest.get("k").get("value")));
            rig.advance(Duration.ofMillis(100));
            rig.room.replace("k", "2");
            latest.refresh();
            rig.advance(Rig.SOON);
            assertThat(latest.get("k").get("value")).as("by a read").isEqualTo(2L);
            rig.advance(Rig.LONG);
            assertThat(rig.model.faults().struck()).isOne();
            assertThat(shown).containsOnly(2L);
            assertThat(latest.snapshot().isVerified()).isTrue();
        }
    }

    @Test
    @Tag("D15")
    @Tag("L2")
    void aReadThatBeganBeforeAViewDoesNotFillIt() {
        try (Rig rig = new Rig()) {
            rig.room.append("k", "1");
            SyncSource source = rig.open();
            MaterializedView<Row> latest = source.materialize("k");
            rig.run();
            delayNextRead(rig);
            latest.refresh();
            rig.advance(Duration.ofMillis(300));
            rig.room.append("k", "2");
            rig.advance(Duration.ofMillis(300));
            MaterializedView<Row> log = source.materialize("k?as=log");
            List<String> shown = new ArrayList<>();
            log.onStatus(status -> shown.add(status.phase() + " " + Rig.log(log)));
            rig.advance(Rig.SOON);
            assertThat(shown)
                    .as("what came before the view is in its first content")
                    .noneMatch("LIVE [1:1]"::equals);
            assertThat(Rig.log(log)).containsExactly("1:1", "2:2");
            assertThat(log.snapshot().isVerified()).isTrue();
            assertThat(latest.get("k").get("value")).isEqualTo(2L);
        }
    }

    /** Hears changes without a view, {@code kind number:value} for each. */
    private static final class Follower implements Flow.Subscriber<Commit<Row>> {

        final List<String> heard = new ArrayList<>();
        final List<Object> checkpoints = new ArrayList<>();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Commit<Row> commit) {
            checkpoints.add(commit.checkpoint());
            for (Change<Row> change : commit.changes()) {
                Row row = change.kind() == Change.Kind.DELETE ? change.before() : change.after();
                heard.add(change.kind() + " " + row.get("seq") + ":" + row.get("value"));
            }
        }

        @Override
        public void onError(Throwable failure) {
            heard.add("failed: " + failure);
        }

        @Override
        public void onComplete() {
            heard.add("complete");
        }
    }

    @Test
    @Tag("D13")
    @Tag("D32")
    void changesTellFoldsAndWhatAnAuditTakesAwayWithItsValue() {
        try (Rig rig = new Rig()) {
            rig.room.append("k", "1");
            rig.room.append("k", "2");
            SyncSource source = rig.open();
            Follower follower = new Follower();
            source.changes("k?as=log").subscribe(follower);
            rig.run();
            rig.room.compact("k", 2, "\"both\"");
            rig.room.relay("k", "\"passing\"");
            rig.advance(Rig.LONG);
            assertThat(follower.heard)
                    .startsWith("INSERT 1:1", "INSERT 2:2", "INSERT 3:passing")
                    .contains("DELETE 1:1", "UPDATE 2:both", "DELETE 3:passing")
                    .hasSize(6);
            assertThat(follower.checkpoints)
                    .as("without the rows they would be worth nothing")
                    .containsOnlyNulls();
        }
    }

    @Test
    @Tag("D30")
    void readingOverHttpChangesNoDeliveries() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("k?as=log");
            Ear ear = listen(log);
            rig.run();
            rig.get(rig.db(source).http().read("k", 0, Rig.SOON));
            rig.get(log.refresh());
            long sent = rig.model.connections().get(0).toString().length();
            rig.room.append("k", "1");
            rig.run();
            assertThat(sent).isPositive();
            assertThat(ear.inserts).isEqualTo(1);
            assertThat(rig.gets("k")).isEqualTo(1);
        }
    }

    @Test
    @Tag("D43")
    void theDebugViewShowsTheRoomAndReplacesStreams() {
        try (Rig rig = new Rig()) {
            rig.room.append("a", "1");
            rig.room.append("a", "2");
            rig.room.append("b", "3");
            SyncSource source = rig.open();
            MaterializedView<Row> whole = source.materialize("?as=room");
            Ear ear = listen(whole);
            rig.run();
            assertThat(rows(whole)).containsExactly("a/1=1", "a/2=2", "b/3=3");
            rig.room.replace("a", "4");
            rig.room.relay("c", "5");
            rig.run();
            assertThat(rows(whole)).containsExactly("a/4=4", "b/3=3");
            assertThat(ear.events).containsExactly("5");
            assertThat(whole.snapshot().isVerified()).isFalse();
            assertThat(whole.status().toString()).contains("only some");
            MaterializedView<Row> plain = source.materialize("b");
            rig.run();
            assertThat(plain.get("b").get("value")).isEqualTo(3L);
        }
    }

    private static List<String> rows(MaterializedView<Row> whole) {
        return whole.snapshot().stream()
                .map(row -> row.get("key") + "/" + row.get("seq") + "=" + row.get("value"))
                .sorted()
                .toList();
    }

    @Test
    @Tag("D29")
    @Tag("L11")
    void aListenerThatDoesNotReturnStopsNobody() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("k?as=log");
            MaterializedView<Row> other = source.materialize("other");
            List<Runnable> held = new ArrayList<>();
            Ear slow = new Ear();
            log.listen(slow, held::add);
            rig.run();
            for (int i = 1; i <= 200; i++) {
                rig.room.append("k", "" + i);
                rig.advance(Duration.ofMillis(50));
            }
            rig.room.replace("other", "1");
            rig.run();
            assertThat(Rig.log(log)).hasSize(200);
            assertThat(other.get("other").get("value")).isEqualTo(1L);
            while (!held.isEmpty()) {
                held.remove(0).run();
            }
            assertThat(slow.inserts).isEqualTo(200);
        }
    }

    @Test
    @Tag("D5")
    void bothEncodingsShowTheSameAndTheUrlSaysItOnce() {
        for (Encoding encoding : Encoding.values()) {
            try (Rig rig = new Rig()) {
                rig.room.append("k", "{\"a\":[1,2.5,null,true,\"x\"]}");
                MaterializedView<Row> log =
                        rig.open(builder -> builder.encoding(encoding)).materialize("k?as=log");
                rig.run();
                for (int i = 0; i < 3; i++) {
                    rig.model.connections().forEach(connection -> connection.drop());
                    rig.room.append("k", "" + i);
                    rig.run();
                }
                for (int i = 0; i < 60; i++) {
                    rig.room.append("k", "18446744073709551615");
                }
                rig.advance(Rig.LONG);
                assertThat(Rig.log(log)).isEqualTo(rig.truth("k")).hasSize(64);
                assertThat(rig.sockets())
                        .hasSizeGreaterThanOrEqualTo(4)
                        .allSatisfy(uri -> assertThat(uri.getRawQuery())
                                .isEqualTo(encoding == Encoding.CBOR ? "cbor=true" : null));
                assertThat(rig.model.controlFrames()).isZero();
            }
        }
    }

    @Test
    @Tag("D4")
    void anIdleConnectionIsKeptByPingsOfTheProtocol() {
        try (Rig rig = new Rig()) {
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            rig.advance(Duration.ofMinutes(10));
            assertThat(log.status().phase()).isEqualTo(Phase.LIVE);
            assertThat(rig.model.accepted()).isEqualTo(1);
            assertThat(rig.model.controlFrames()).isZero();
            assertThat(rig.received.stream()
                            .filter(message -> message instanceof ClientMessage.Ping)
                            .count())
                    .isBetween(25L, 31L);
        }
    }

    @Test
    @Tag("D6")
    void aMessageOfAnUnknownTypeDisturbsNothing() {
        try (Rig rig = new Rig()) {
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            rig.run();
            rig.model.faults().frame(frame -> true, 1, FrameFault.unknownTypeBefore());
            rig.room.append("k", "1");
            rig.run();
            assertThat(Rig.log(log)).containsExactly("1:1");
            assertThat(rig.faults).anyMatch(fault -> fault.contains("greeting"));
            assertThat(rig.model.accepted()).isEqualTo(1);
        }
    }

    @Test
    @Tag("D20")
    @Tag("L10")
    void aDamagedMessageEndsTheAttemptAndTheRowsStay() {
        for (FrameFault fault : Arrays.asList(FrameFault.truncated(), FrameFault.member("seq", "\"x\""))) {
            try (Rig rig = new Rig()) {
                rig.room.append("k", "1");
                MaterializedView<Row> log = rig.open().materialize("k?as=log");
                rig.run();
                rig.model.faults().frame(frame -> frame instanceof ServerMessage.Push, 1, fault);
                rig.room.append("k", "2");
                rig.advance(Duration.ofMillis(3));
                assertThat(Rig.log(log)).contains("1:1");
                rig.advance(Duration.ofSeconds(40));
                assertThat(Rig.log(log)).containsExactly("1:1", "2:2");
                assertThat(rig.endings).anyMatch(ending -> ending.startsWith("RETRY: message"));
            }
        }
    }

    @Test
    @Tag("D16")
    void manyKeysAreAskedForInGroups() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            List<MaterializedView<Row>> views = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                rig.room.append("k" + i, "" + i);
                views.add(source.materialize("k" + i));
            }
            rig.advance(Duration.ofSeconds(10));
            assertThat(views).allMatch(view -> view.status().phase() == Phase.LIVE);
            assertThat(rig.model.droppedFrames()).isZero();
        }
    }

    @Test
    @Tag("D16")
    void aGetWhoseAnswerWasDroppedIsNotSentAgain() {
        try (Rig rig = new Rig()) {
            rig.room.append("k", "1");
            rig.model.faults().frame(frame -> frame instanceof ServerMessage.Init, 1, new FrameFault.Lose());
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            rig.advance(Duration.ofSeconds(10));
            rig.room.append("k", "2");
            rig.run();
            assertThat(Rig.log(log)).containsExactly("1:1", "2:2");
            assertThat(log.status().phase()).isEqualTo(Phase.LIVE);
            assertThat(rig.gets("k")).isEqualTo(1);
        }
    }

    @Test
    @Tag("L3")
    void aSavedViewGoesOn() {
        try (Rig rig = new Rig()) {
            rig.room.append("k", "{\"a\":1}");
            rig.room.append("k", "2");
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("k?as=log");
            MaterializedView<Row> latest = source.materialize("k");
            rig.run();
            byte[] savedLog = log.save().toBytes();
            byte[] savedLatest = latest.save().toBytes();
            source.close();
            rig.room.append("k", "3");
            SyncSource next = rig.open();
            MaterializedView<Row> restored = next.materialize("k?as=log", row -> row, from -> from.saved(savedLog));
            MaterializedView<Row> newest = next.materialize("k", row -> row, from -> from.saved(savedLatest));
            Ear ear = listen(restored);
            rig.run();
            assertThat(Rig.log(restored)).containsExactly("1:{a=1}", "2:2", "3:3");
            assertThat(newest.get("k").get("value")).isEqualTo(3L);
            assertThat(ear.origins).containsExactly(Commit.Origin.INITIAL, Commit.Origin.LIVE);
        }
    }
}
