package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Query;
import dev.tributary.spi.Output;
import dev.tributary.spi.Resume;
import dev.tributary.spi.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One key alone: its get, the reads beside it, and what of them is told twice, dropped or wanted again. */
class KeyStreamTest {

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
    private KeyStream stream = asked(new KeyStream("k"));

    private KeyStream asked(KeyStream fresh) {
        fresh.add(view);
        fresh.ask();
        return fresh;
    }

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

    private boolean message(long number) {
        return stream.message(new Entry(number, "v" + number), null, out);
    }

    private boolean read(List<Entry> entries) {
        return stream.read(entries, stream.beginRead(out), out);
    }

    @Test
    @Tag("D12")
    @Tag("D13")
    void whatTheAnswerToTheGetHoldsIsNotToldAgain() {
        assertThat(stream.init(entries(1, 2), out)).isTrue();
        assertThat(stream.newest()).isEqualTo(new Entry(2, "v2"));
        assertThat(message(2)).isFalse();
        assertThat(stream.duplicates()).isEqualTo(1);
        assertThat(message(3)).isTrue();
        assertThat(stream.newest()).isEqualTo(new Entry(3, "v3"));
        assertThat(message(3)).isFalse();
        assertThat(stream.duplicates()).isEqualTo(2);
        assertThat(content.commits).hasSize(2);
    }

    @Test
    @Tag("D12")
    void whatAReadToldBeforeItArrivedIsNotToldAgain() {
        stream.init(entries(1), out);
        message(2);
        assertThat(read(upTo(5))).isTrue();
        int commits = content.commits.size();
        assertThat(message(3)).isFalse();
        assertThat(message(5)).isFalse();
        assertThat(message(4)).as("older than what came").isFalse();
        assertThat(content.commits).hasSize(commits);
        assertThat(message(6)).isTrue();
        assertThat(numbers()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    @Tag("D15")
    @Tag("D16")
    void aReadThatBeganBeforeTheAnswerToTheGetIsDropped() {
        long above = stream.beginRead(out);
        assertThat(stream.wantsRead()).isFalse();
        stream.init(entries(1, 2), out);
        assertThat(message(3)).isTrue();
        int commits = content.commits.size();
        assertThat(stream.read(entries(1), above, out)).isTrue();
        assertThat(content.commits).hasSize(commits);
        assertThat(numbers()).containsExactly(1L, 2L, 3L);
        assertThat(stream.wantsRead()).as("another one instead").isTrue();
        assertThat(read(upTo(3))).isTrue();
        assertThat(content.verified).isTrue();
        assertThat(stream.wantsRead()).isFalse();
    }

    @Test
    @Tag("D13")
    @Tag("D16")
    void anAnswerThatComesAfterAReadMayBeOlderAndIsNotShown() {
        stream.answered();
        stream.suspect();
        assertThat(stream.wantsRead()).isTrue();
        read(upTo(3));
        assertThat(numbers()).containsExactly(1L, 2L, 3L);
        stream.init(upTo(2), out);
        assertThat(numbers()).as("what was verified does not go back").containsExactly(1L, 2L, 3L);
        assertThat(message(3)).as("the read told it").isFalse();
        assertThat(message(4)).isTrue();
        assertThat(numbers()).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    @Tag("D13")
    @Tag("D16")
    void anAnswerThatComesAfterAReadMayBeNewerSoThereIsOneMore() {
        stream.answered();
        stream.suspect();
        read(upTo(1));
        stream.init(upTo(3), out);
        assertThat(stream.wantsRead()).as("2 and 3 come by no message").isTrue();
        assertThat(message(4)).isTrue();
        assertThat(read(upTo(4))).isTrue();
        assertThat(numbers()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(content.verified).isTrue();
    }

    @Test
    @Tag("D17")
    void theAnswerToTheGetTellsWhatBecameOfMessagesOfTheConnectionBefore() {
        stream.init(entries(1), out);
        message(5);
        assertThat(content.verified).isFalse();
        stream = asked(new KeyStream("k"));
        assertThat(stream.init(entries(1), out)).isTrue();
        assertThat(numbers()).containsExactly(1L);
        assertThat(content.events).extracting(one -> one.entry().number()).containsExactly(5L);
        assertThat(content.verified).isTrue();
    }

    @Test
    @Tag("D17")
    @Tag("D18")
    void anAnswerThatDoesNotGoOnIsFollowedByAReadOfTheWhole() {
        assertThat(stream.init(upTo(250), out)).isTrue();
        stream = new KeyStream("k");
        stream.add(view);
        assertThat(stream.ask()).isEqualTo(249);
        int commits = content.commits.size();
        assertThat(stream.init(entries(251), out)).isFalse();
        assertThat(content.commits).hasSize(commits);
        assertThat(stream.wantsRead()).isTrue();
        assertThat(read(entries(251))).isTrue();
        assertThat(numbers()).containsExactly(251L);
        assertThat(content.verified).isTrue();
    }

    @Test
    @Tag("D28")
    void aReadOfLessThanAViewWantsMeanwhileChangesNothing() {
        stream.init(upTo(250), out);
        long above = stream.beginRead(out);
        assertThat(above).isEqualTo(249);
        view.wantWhole();
        int commits = content.commits.size();
        assertThat(stream.read(entries(250, 251), above, out)).isFalse();
        assertThat(content.commits).hasSize(commits);
        assertThat(stream.wantsRead()).isTrue();
        assertThat(read(upTo(251))).isTrue();
        assertThat(numbers()).hasSize(251);
        assertThat(stream.wantsRead()).isFalse();
    }

    @Test
    @Tag("D28")
    void aComparisonThatFailsIsNotWantedAnyMore() {
        stream.init(upTo(250), out);
        stream.compare();
        assertThat(stream.wantsRead()).isTrue();
        assertThat(stream.beginRead(out)).isZero();
        assertThat(stream.wantsRead()).isFalse();
        stream.endRead();
        stream.suspect();
        assertThat(stream.wantsRead()).isTrue();
        assertThat(stream.beginRead(out)).as("its end can be read").isEqualTo(249);
    }

    @Test
    @Tag("D28")
    @Tag("L2")
    void onlyWhatWasRepairedInPartAwaitsAComparison() {
        Duration calm = Duration.ofSeconds(1);
        Duration again = Duration.ofSeconds(5);
        stream.init(upTo(250), out);
        assertThat(stream.untilComparison(calm, again, out)).as("it is whole").isNull();
        read(entries(250));
        assertThat(stream.untilComparison(calm, again, out)).as("nothing new").isNull();
        read(entries(250, 251));
        assertThat(stream.untilComparison(calm, again, out)).as("nobody writes").isEqualTo(Duration.ZERO);
        message(252);
        assertThat(stream.untilComparison(calm, again, out)).isEqualTo(calm);
        engine.nanos += calm.toNanos();
        assertThat(stream.untilComparison(calm, again, out)).isEqualTo(Duration.ZERO);
        stream.compare();
        read(upTo(252));
        assertThat(content.verified).isTrue();
        assertThat(stream.untilComparison(calm, again, out)).isNull();
        engine.nanos += calm.toNanos();
        read(entries(252, 253));
        assertThat(stream.untilComparison(calm, again, out))
                .as("one was a second ago")
                .isEqualTo(Duration.ofSeconds(4));
        engine.nanos += Duration.ofSeconds(4).toNanos();
        message(254);
        assertThat(stream.untilComparison(calm, again, out)).isEqualTo(calm);
        engine.nanos += calm.toNanos() - 1;
        message(255);
        assertThat(stream.untilComparison(calm, again, out))
                .as("it has waited five seconds")
                .isEqualTo(Duration.ofNanos(1));
        stream.compare();
        stream.beginRead(out);
        stream.endRead();
        assertThat(stream.untilComparison(calm, again, out))
                .as("the whole cannot be read")
                .isNull();
        read(entries(253, 254, 255, 256));
        assertThat(stream.untilComparison(calm, again, out)).isNull();
    }

    @Test
    @Tag("D32")
    void theNewestEntryIsTheOneOfTheHighestNumberAsItIsRetained() {
        assertThat(stream.newest()).isNull();
        stream.init(entries(1, 5), out);
        read(entries(1, 5, 7));
        assertThat(stream.newest()).isEqualTo(new Entry(7, "v7"));
        read(List.of(new Entry(7, "folded")));
        assertThat(stream.newest()).isEqualTo(new Entry(7, "folded"));
        message(9);
        read(List.of(new Entry(7, "folded")));
        assertThat(stream.newest()).as("9 passed by, and still is the newest").isEqualTo(new Entry(9, "v9"));
        read(List.of());
        assertThat(stream.newest()).isEqualTo(new Entry(9, "v9"));
    }

    @Test
    @Tag("D11")
    @Tag("D23")
    void aKeyThatNobodyWantsIsNeitherReadNorAudited() {
        stream.init(entries(1), out);
        message(2);
        assertThat(stream.isWanted()).isTrue();
        assertThat(stream.isUnverified()).isTrue();
        stream.remove(view);
        stream.suspect();
        assertThat(stream.isWanted()).isFalse();
        assertThat(stream.wantsRead()).isFalse();
        assertThat(stream.isUnverified()).isFalse();
        assertThat(stream.above()).isEqualTo(StreamView.NOTHING);
    }

    @Test
    @Tag("D37")
    void presenceIsReadOnlyForItsFirstContent() {
        KeyStream presence = new KeyStream("p");
        presence.add(
                new PresenceView(Duration.ofSeconds(10), client -> false, new Asked(Query.parse("p?as=presence"))));
        presence.suspect();
        assertThat(presence.wantsRead()).as("not asked for").isFalse();
        presence.ask();
        presence.init(List.of(), out);
        presence.suspect();
        assertThat(presence.wantsRead()).isFalse();
        assertThat(presence.isUnverified()).isFalse();
        presence.add(
                new PresenceView(Duration.ofSeconds(10), client -> false, new Asked(Query.parse("p?as=presence"))));
        assertThat(presence.wantsRead()).isTrue();
        List<Entry> none = new ArrayList<>();
        assertThat(presence.read(none, presence.beginRead(out), out)).isTrue();
        presence.suspect();
        assertThat(presence.wantsRead()).isFalse();
    }
}
