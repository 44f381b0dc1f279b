package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.testkit.driftdb.AnswerFault;
import dev.tributary.testkit.driftdb.FrameFault;
import dev.tributary.testkit.driftdb.ServerMessage;
import dev.tributary.testkit.socket.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bursts on a log that is too long to be compared as a whole each time: repaired at once, verified soon, at a bounded cost. */
class LongLogTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(400);
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private static Rig filled(int entries) {
        Rig rig = new Rig();
        for (int i = 1; i <= entries; i++) {
            rig.room.append("k", "" + i);
        }
        return rig;
    }

    private static void burst(Rig rig) {
        for (int i = 0; i < 20; i++) {
            rig.room.append("k", "" + i);
        }
    }

    @Test
    @Tag("D27")
    @Tag("D28")
    @Tag("L2")
    void whatThreeWriteAtOnceIsCompleteAndVerifiedRightAfterTheLastConfirmation() {
        try (Rig rig = new Rig()) {
            List<MaterializedView<Row>> views = new ArrayList<>();
            List<CompletableFuture<Void>> writes = new ArrayList<>();
            for (long writer = 0; writer < 3; writer++) {
                SyncSource source = rig.open();
                views.add(source.materialize("k?as=log"));
                long first = writer * 1_000;
                writes.add(rig.db(source)
                        .appendAll(
                                "k",
                                LongStream.range(first, first + 1_000).boxed().toList(),
                                MINUTE,
                                done -> {}));
            }
            rig.model.faults().frame(frame -> frame instanceof ServerMessage.Push, 20, new FrameFault.Lose());
            writes.forEach(rig::get);
            assertThat(rig.room.entries("k")).hasSize(3_000);
            rig.run();
            List<String> truth = rig.truth("k");
            assertThat(views).allSatisfy(view -> {
                assertThat(Rig.log(view)).isEqualTo(truth);
                assertThat(view.snapshot().isVerified()).isTrue();
            });
        }
    }

    @Test
    @Tag("D27")
    @Tag("D28")
    void aLongLogIsReadAsAWholeAtMostEveryFiveSecondsHoweverOftenItIsWrittenTo() {
        try (Rig rig = filled(250)) {
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            rig.run();
            List<Duration> wholes = rig.times(Rig::isReadOfAll);
            burst(rig);
            rig.run();
            assertThat(log.snapshot().isVerified())
                    .as("soon after the first one")
                    .isTrue();
            assertThat(wholes).hasSize(1);
            wholes.clear();
            for (int i = 0; i < 150; i++) {
                burst(rig);
                rig.advance(PAUSE);
            }
            assertThat(Rig.log(log)).as("repaired each time").hasSizeGreaterThan(3_200);
            assertThat(wholes).hasSizeBetween(10, 13);
            rig.advance(AGAIN.plusSeconds(1));
            assertThat(Rig.log(log)).isEqualTo(rig.truth("k")).hasSize(3_270);
            assertThat(log.snapshot().isVerified()).isTrue();
        }
    }

    @Test
    @Tag("D28")
    void theNextComparisonWaitsUntilFiveSecondsAfterTheLastOne() {
        try (Rig rig = filled(250)) {
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("k?as=log");
            rig.run();
            List<Duration> wholes = rig.times(Rig::isReadOfAll);
            burst(rig);
            rig.run();
            burst(rig);
            rig.run();
            assertThat(Rig.log(log)).as("repaired").hasSize(290);
            assertThat(log.snapshot().isVerified()).isFalse();
            assertThat(wholes).hasSize(1);
            rig.advance(Duration.ofSeconds(3));
            assertThat(log.snapshot().isVerified()).isTrue();
            assertThat(wholes).hasSize(2);
            assertThat(wholes.get(1).minus(wholes.get(0))).isBetween(AGAIN, AGAIN.plusMillis(100));
        }
    }

    @Test
    @Tag("D28")
    void inTheMidstOfABurstNothingIsComparedThatWouldBeOldAtOnce() {
        try (Rig rig = filled(250)) {
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            rig.run();
            List<Duration> wholes = rig.times(Rig::isReadOfAll);
            burst(rig);
            rig.advance(PAUSE);
            for (int i = 0; i < 120; i++) {
                burst(rig);
                rig.advance(Duration.ofMillis(80));
            }
            assertThat(wholes).isEmpty();
            rig.advance(PAUSE);
            assertThat(wholes).as("it waited long enough to need no calm").hasSize(1);
            assertThat(Rig.log(log)).hasSize(2_670);
            assertThat(log.snapshot().isVerified()).isTrue();
        }
    }

    @Test
    @Tag("D28")
    void whoIsStillReadingWhileOthersWriteWaitsForCalm() {
        try (Rig rig = filled(250)) {
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            rig.run();
            List<Duration> wholes = rig.times(Rig::isReadOfAll);
            // A writer that waits for an answer is quiet for a second.
            burst(rig);
            rig.advance(Duration.ofSeconds(1));
            burst(rig);
            rig.advance(Duration.ofSeconds(1));
            assertThat(wholes).isEmpty();
            assertThat(Rig.log(log)).hasSize(290);
            rig.advance(PAUSE);
            assertThat(wholes).hasSize(1);
            assertThat(log.snapshot().isVerified()).isTrue();
        }
    }

    @Test
    @Tag("D28")
    void aComparisonThatFailedIsLeftToTheRegularOneAndAfterThatNoMore() {
        try (Rig rig = filled(250)) {
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            rig.run();
            List<Duration> wholes = rig.times(Rig::isReadOfAll);
            rig.model
                    .faults()
                    .request(Rig::isReadOfAll, 1, new AnswerFault.Respond(HttpResponse.of(200, "text/plain", "[")));
            burst(rig);
            rig.advance(AGAIN.multipliedBy(2));
            assertThat(Rig.log(log)).hasSize(270);
            assertThat(log.snapshot().isVerified()).isFalse();
            assertThat(wholes).hasSize(1);
            rig.advance(Rig.LONG);
            assertThat(log.snapshot().isVerified()).isTrue();
            burst(rig);
            rig.run();
            assertThat(log.snapshot().isVerified()).isTrue();
        }
    }

    @Test
    @Tag("D10")
    @Tag("D28")
    void aLogThatIsTooLongToBeReadIsTriedOnceAndNotAfterEachBurst() {
        try (Rig rig = filled(0)) {
            MaterializedView<Row> log =
                    rig.open(builder -> builder.maxMessage(5_000)).materialize("k?as=log");
            rig.run();
            List<Duration> wholes = rig.times(Rig::isReadOfAll);
            for (int i = 0; i < 12; i++) {
                burst(rig);
                rig.run();
            }
            assertThat(Rig.log(log)).hasSize(240);
            wholes.clear();
            for (int i = 0; i < 6; i++) {
                burst(rig);
                rig.advance(AGAIN);
            }
            assertThat(Rig.log(log)).as("its end is repaired").hasSize(360);
            assertThat(log.snapshot().isVerified()).isFalse();
            assertThat(wholes).as("at most by the regular audits").hasSizeLessThanOrEqualTo(2);
        }
    }

    @Property(tries = 40)
    @net.jqwik.api.Tag("D28")
    @net.jqwik.api.Tag("L1")
    @net.jqwik.api.Tag("L2")
    void whatOthersFoldReplaceAndLoseInBurstsIsSoonSeenAndNothingElseIsEverCalledVerified(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 3) Integer> bursts,
            @ForAll @IntRange(min = 1, max = 250) int fold) {
        try (Rig rig = filled(250)) {
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            Set<List<String>> states = new HashSet<>();
            List<List<String>> verified = new ArrayList<>();
            log.onStatus(status -> {
                if (log.snapshot().isVerified()) {
                    verified.add(Rig.log(log));
                }
            });
            rig.run();
            states.add(texts(rig));
            for (int what : bursts) {
                for (int i = 0; i < 20; i++) {
                    if (i == 10 && what == 1) {
                        rig.room.compact("k", fold, "\"folded\"");
                    } else if (i == 10 && what == 2) {
                        rig.room.replace("k", "\"replaced\"");
                    } else if (i % 8 == 1 && what == 3) {
                        rig.model
                                .faults()
                                .frame(frame -> frame instanceof ServerMessage.Push, 1, new FrameFault.Lose());
                    }
                    rig.room.append("k", "" + i);
                    states.add(texts(rig));
                }
                rig.advance(PAUSE);
            }
            rig.advance(AGAIN.plusSeconds(1));
            assertThat(Rig.log(log)).isEqualTo(texts(rig));
            assertThat(log.snapshot().isVerified()).isTrue();
            assertThat(states).containsAll(verified);
        }
    }

    private static List<String> texts(Rig rig) {
        return rig.room.entries("k").stream()
                .map(entry -> Long.toUnsignedString(entry.seq()) + ":"
                        + entry.value().json().replace("\"", ""))
                .toList();
    }
}
