package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.spi.Output;
import dev.tributary.spi.Resume;
import dev.tributary.spi.Subscription;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A log and the newest value alone: what reads and messages make of them, and what they ask for next. */
class LogViewTest {

    private record Asked(Query query) implements Subscription {

        @Override
        public @Nullable Resume resume() {
            return null;
        }

        @Override
        public boolean keepsRows() {
            return true;
        }
    }

    private final PlayedOutput engine = new PlayedOutput(content -> {});
    private final Output out = engine.output();
    private final Subscription subscription = new Asked(Query.parse("k?as=log"));
    private final PlayedOutput.Content content = engine.of(subscription);
    private final LogView view = new LogView(0L, subscription);

    private static List<Entry> entries(long... numbers) {
        return Arrays.stream(numbers)
                .mapToObj(number -> new Entry(number, "v" + number))
                .toList();
    }

    private static List<Entry> upTo(long last) {
        return entries(LongStream.rangeClosed(1, last).toArray());
    }

    private List<Long> numbers() {
        return content.rows.values().stream()
                .map(row -> DriftTypes.number(row, "seq"))
                .sorted()
                .toList();
    }

    private void message(long number) {
        view.message(new Entry(number, "v" + number), null, out);
    }

    private boolean read(long above, long... numbers) {
        return view.read(entries(numbers), above, false, out);
    }

    @Test
    @Tag("D15")
    void whatCameBeforeTheFirstContentIsKeptUnlessTheReadKnowsBetter() {
        view.mark();
        message(5);
        message(6);
        assertThat(content.commits).isEmpty();
        assertThat(read(0, 1, 2)).isTrue();
        assertThat(numbers()).containsExactly(1L, 2L, 5L, 6L);
        assertThat(content.verified).isFalse();
        assertThat(view.isUnverified()).isTrue();
        view.mark();
        assertThat(read(0, 1, 2, 6)).isTrue();
        assertThat(numbers()).as("5 was a relay").containsExactly(1L, 2L, 6L);
        assertThat(content.events).extracting(one -> one.entry().number()).containsExactly(5L);
        assertThat(content.verified).isTrue();
    }

    @Test
    @Tag("D15")
    void aFirstReadThatHoldsALaterMessageDecidesOnTheEarlierOnes() {
        view.mark();
        message(5);
        message(6);
        assertThat(read(0, 1, 6)).isTrue();
        assertThat(numbers()).containsExactly(1L, 6L);
        assertThat(content.verified).isTrue();
    }

    @Test
    @Tag("D27")
    void tooMuchThatCameBeforeTheFirstContentIsReadAgain() {
        view.mark();
        for (int i = 1; i <= 10_001; i++) {
            message(i);
        }
        assertThat(read(0, 1)).isFalse();
        assertThat(content.commits).isEmpty();
        view.mark();
        assertThat(read(0, 1, 2)).isTrue();
        assertThat(numbers()).containsExactly(1L, 2L);
        assertThat(content.verified).isTrue();
        LogView other = new LogView(0L, subscription);
        other.mark();
        for (int i = 1; i <= 10_000; i++) {
            other.message(new Entry(i, "v"), null, out);
        }
        assertThat(other.read(entries(10_000), 0, false, out)).as("just fits").isTrue();
    }

    @Test
    @Tag("D18")
    void whatCameInTheNewLifeOfARoomIsKeptAcrossTheReset() {
        assertThat(read(0, 8, 9)).isTrue();
        view.mark();
        message(3);
        assertThat(read(0, 1)).isTrue();
        assertThat(content.last().cause()).isEqualTo(StreamCommit.Cause.RESET);
        assertThat(numbers()).containsExactly(1L, 3L);
        assertThat(content.rows.values()).allMatch(row -> DriftTypes.number(row, "history") == 1);
        assertThat(content.verified).isFalse();
        view.mark();
        assertThat(read(0, 1, 3)).isTrue();
        assertThat(content.verified).isTrue();
        assertThat(content.events).isEmpty();
    }

    @Test
    @Tag("D13")
    void whatWasConfirmedOnceIsNoEventWhenItIsFoldedAway() {
        assertThat(read(0)).isTrue();
        message(5);
        view.mark();
        assertThat(read(0, 5)).isTrue();
        assertThat(content.verified).isTrue();
        view.mark();
        assertThat(read(0, 7)).isTrue();
        assertThat(numbers()).containsExactly(7L);
        assertThat(content.events).isEmpty();
    }

    @Test
    @Tag("D13")
    void whatCameWhileItWasReadIsDecidedByWhatCameAfterIt() {
        assertThat(read(0)).isTrue();
        view.mark();
        message(5);
        message(6);
        assertThat(read(0, 6)).isTrue();
        assertThat(numbers()).containsExactly(6L);
        assertThat(content.verified).isTrue();
        assertThat(content.verifiedUpTo).last().isEqualTo("6");
        view.mark();
        message(7);
        assertThat(read(0, 6)).isTrue();
        assertThat(numbers()).as("the read may be older than it").containsExactly(6L, 7L);
        assertThat(content.verified).isFalse();
    }

    @Test
    @Tag("D12")
    @Tag("D13")
    void ownMessagesAreWhatTheyAreSentAs() {
        view.message(new Entry(1, "early relay"), Action.RELAY, out);
        assertThat(content.commits).as("nothing is shown yet").isEmpty();
        assertThat(read(0, 2, 3)).isTrue();
        view.message(new Entry(4, "relay"), Action.RELAY, out);
        assertThat(content.events).containsExactly(new Passed(new Entry(4, "relay")));
        assertThat(content.verified).isTrue();
        view.message(new Entry(5, "own"), Action.APPEND, out);
        assertThat(numbers()).containsExactly(2L, 3L, 5L);
        assertThat(content.checkpoint).isEqualTo(new StreamCheckpoint(0, 5L, 0L));
        view.message(new Entry(6, "own"), Action.REPLACE, out);
        assertThat(numbers()).containsExactly(6L);
        assertThat(content.verified).isFalse();
        view.mark();
        assertThat(read(0, 6)).isTrue();
        assertThat(content.events).hasSize(1);
        assertThat(content.last().cause()).isEqualTo(StreamCommit.Cause.AUDIT);
    }

    @Test
    @Tag("D28")
    void whatWasMissedBetweenIsARepairAndWhatIsNewAtTheEndIsNone() {
        assertThat(read(0, 1, 4)).isTrue();
        assertThat(read(0, 1, 4, 5)).isTrue();
        assertThat(content.last().cause()).isEqualTo(StreamCommit.Cause.AUDIT);
        assertThat(read(0, 1, 3, 4, 5)).isTrue();
        assertThat(content.last().cause()).isEqualTo(StreamCommit.Cause.REPAIR);
        assertThat(view.read(entries(1, 2, 3, 4, 5), 0, true, out)).isTrue();
        assertThat(content.last().cause()).isEqualTo(StreamCommit.Cause.INIT);
        assertThat(numbers()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    @Tag("D17")
    @Tag("D28")
    void onlyALongLogIsReadFromItsEndAndAsAWholeWhenItIsCompared() {
        assertThat(new LogView(null, subscription).above()).isEqualTo(StreamView.NOTHING);
        assertThat(view.read(upTo(200), 0, false, out)).isTrue();
        assertThat(view.above()).isZero();
        assertThat(view.read(upTo(201), 0, false, out)).isTrue();
        assertThat(view.above()).isEqualTo(200);
        message(300);
        assertThat(view.above()).as("what no read confirmed does not count").isEqualTo(200);
        view.wantComparison();
        assertThat(view.above()).isZero();
        view.readFailed();
        assertThat(view.above()).as("it may have been too much").isEqualTo(200);
        view.wantComparison();
        view.mark();
        assertThat(read(200, 201, 300)).as("a read that had begun before").isTrue();
        assertThat(view.above()).as("still wanted").isZero();
        assertThat(content.verified).isFalse();
        List<Entry> whole = new ArrayList<>(upTo(201));
        whole.addAll(entries(300));
        assertThat(view.read(whole, 0, false, out)).isTrue();
        assertThat(content.verified).isTrue();
        assertThat(view.above()).isEqualTo(299);
        view.wantWhole();
        assertThat(view.above()).isZero();
        assertThat(view.read(whole, 0, false, out)).isTrue();
        assertThat(view.above()).isEqualTo(299);
    }

    @Test
    @Tag("D28")
    @Tag("L2")
    void aReadOfTheEndVerifiesOnlyWhereItShowsNothingNew() {
        assertThat(view.read(upTo(250), 0, false, out)).isTrue();
        int verified = content.verifiedUpTo.size();
        assertThat(read(249, 250)).isTrue();
        assertThat(content.verified).isTrue();
        assertThat(content.verifiedUpTo).hasSize(verified + 1);
        assertThat(read(249, 250, 251)).isTrue();
        assertThat(numbers()).hasSize(251);
        assertThat(content.verified).isFalse();
        assertThat(content.verifiedUpTo).hasSize(verified + 1);
        assertThat(read(250, 251)).isTrue();
        assertThat(content.verified).as("not before the whole was compared").isFalse();
        assertThat(view.read(upTo(251), 0, false, out)).isTrue();
        assertThat(content.verified).isTrue();
        message(252);
        view.mark();
        assertThat(read(250, 251)).isTrue();
        assertThat(numbers()).as("it is not retained").hasSize(251);
        assertThat(content.verified).isFalse();
    }

    @Test
    @Tag("D17")
    @Tag("D18")
    void aReadOfTheEndThatDoesNotBeginWithWhatIsHeldChangesNothing() {
        assertThat(view.read(upTo(250), 0, false, out)).isTrue();
        int commits = content.commits.size();
        assertThat(read(249, 251)).as("replaced").isFalse();
        assertThat(view.read(List.of(new Entry(250, "folded")), 249, false, out))
                .as("folded up to the end")
                .isFalse();
        assertThat(read(249)).as("lost").isFalse();
        assertThat(content.commits).hasSize(commits);
        assertThat(view.above()).as("the whole is wanted").isZero();
    }

    @Test
    @Tag("D13")
    void theNewestValueGoesBackToWhatIsRetained() {
        Subscription latest = new Asked(Query.parse("k"));
        PlayedOutput.Content shown = engine.of(latest);
        LatestView newest = new LatestView("k", latest);
        assertThat(newest.above()).isZero();
        newest.mark();
        newest.message(new Entry(2, "early"), null, out);
        newest.message(new Entry(3, "passed"), Action.RELAY, out);
        assertThat(shown.commits).isEmpty();
        assertThat(newest.read(entries(1), 0, true, out)).isTrue();
        assertThat(shown.rows.values())
                .singleElement()
                .satisfies(row -> assertThat(row.get("value")).isEqualTo("early"));
        assertThat(shown.verified).isFalse();
        newest.mark();
        assertThat(newest.read(entries(1), newest.above(), false, out)).isTrue();
        assertThat(shown.rows.values())
                .singleElement()
                .satisfies(row -> assertThat(row.get("value")).isEqualTo("v1"));
        assertThat(shown.events).extracting(one -> one.entry().number()).containsExactly(2L);
        assertThat(shown.verified).isTrue();
        newest.message(new Entry(4, "relay"), Action.RELAY, out);
        assertThat(shown.events).hasSize(2);
        newest.message(new Entry(9, "own"), Action.APPEND, out);
        assertThat(newest.above()).isEqualTo(8);
        assertThat(newest.isUnverified()).isTrue();
        assertThat(newest.read(entries(3), 8, false, out)).as("9 is lost").isFalse();
        assertThat(newest.above()).isZero();
        newest.mark();
        assertThat(newest.read(entries(3), 0, false, out)).isTrue();
        assertThat(shown.last()).isEqualTo(new StreamCommit(StreamCommit.Cause.RESET, 1));
        assertThat(newest.above()).isEqualTo(2);
        assertThat(newest.isUnverified()).isFalse();
        newest.wantWhole();
        assertThat(newest.above()).isZero();
        assertThat(newest.read(List.of(), 0, false, out)).isTrue();
        assertThat(shown.rows).isEmpty();
        assertThat(newest.subscription()).isSameAs(latest);
    }

    @Test
    @Tag("D13")
    void ofTheNewestValueOnlyWhatNothingConfirmedIsToldToHavePassed() {
        Subscription latest = new Asked(Query.parse("k"));
        PlayedOutput.Content shown = engine.of(latest);
        LatestView newest = new LatestView("k", latest);
        assertThat(newest.read(List.of(new Entry(3, "x")), 0, true, out)).isTrue();
        assertThat(newest.read(List.of(new Entry(4, "x")), 2, false, out)).isTrue();
        assertThat(shown.events).as("3 was retained").isEmpty();
        assertThat(shown.last().cause()).isEqualTo(StreamCommit.Cause.AUDIT);
        Row row = shown.rows.values().iterator().next();
        assertThat(row.get("seq")).as("although the value is the same").isEqualTo(4L);
        assertThat(newest.read(List.of(new Entry(4, "x")), 3, true, out)).isTrue();
        assertThat(shown.last().cause()).isEqualTo(StreamCommit.Cause.INIT);
        assertThat(shown.rows.values()).singleElement().isSameAs(row);
    }

    @Test
    @Tag("D7")
    @Tag("D13")
    void anEmptyStreamAndTheLowestNumberAreReadAsAWhole() {
        Subscription latest = new Asked(Query.parse("k"));
        PlayedOutput.Content shown = engine.of(latest);
        LatestView newest = new LatestView("k", latest);
        assertThat(newest.read(List.of(), 0, true, out)).isTrue();
        newest.message(new Entry(5, "relay"), null, out);
        newest.mark();
        assertThat(newest.read(List.of(), newest.above(), false, out)).isTrue();
        assertThat(shown.events).extracting(one -> one.entry().number()).containsExactly(5L);
        assertThat(newest.read(entries(0), newest.above(), false, out)).isTrue();
        assertThat(newest.above()).as("not below zero").isZero();
    }
}
