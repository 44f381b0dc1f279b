package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import dev.tributary.MaterializedView;
import dev.tributary.NoticeListener;
import dev.tributary.Registration;
import dev.tributary.electric.Awaited.Position;
import dev.tributary.electric.Awaited.Transaction;
import dev.tributary.spi.Call;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Delivery;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Waiting until one's own write is visible. */
class AwaitTest {

    @Test
    @Tag("E39")
    void aStreamedTransactionIsVisibleWithItsCommitAndNotBefore() {
        Scene scene = new Scene("items").live();
        Call call = scene.call(new Transaction(500));
        assertThat(scene.out.replies).isEmpty();

        scene.answer(Reply.live("h1", "500_0", "c", Reply.change("insert", 3, "x", 500, 0)));
        assertThat(scene.out.replies).as("received, but not committed").isEmpty();
        scene.answer(Reply.live("h1", "500_2", "c", Reply.change("insert", 4, "x", 500, 2), Reply.UP_TO_DATE));

        assertThat(scene.out.replies).containsExactly(Map.entry(call, "done"));
        Call again = scene.call(new Transaction(500));
        assertThat(scene.out.replies).containsKey(again);
    }

    @Test
    void aTransactionOfTheLoadIsVisibleAtOnce() {
        Scene scene = new Scene("items").live();

        assertThat(scene.out.replies).containsKey(scene.call(new Transaction(99)));
        assertThat(scene.out.replies).containsKey(scene.call(new Transaction(104)));
        assertThat(scene.out.replies).doesNotContainKey(scene.call(new Transaction(105)));
        assertThat(scene.out.replies).doesNotContainKey(scene.call(new Transaction(110)));
    }

    @Test
    void nothingIsVisibleBeforeTheLoadIsCommitted() {
        Scene scene = new Scene("items").start();
        Call call = scene.call(new Transaction(99));
        scene.answer(Reply.caughtUp("h1", "0_0", Reply.row(1, "one"), Reply.SNAPSHOT_END));
        assertThat(scene.out.replies).isEmpty();

        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));

        assertThat(scene.out.replies).containsKey(call);
    }

    @Test
    void whatWasSeenIsRememberedOverSessions() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.live("h1", "500_0", "c", Reply.change("insert", 3, "x", 500, 0), Reply.UP_TO_DATE));
        scene.protocol().unsubscribe(scene.subscription(), scene.out);
        scene.nextSession();

        assertThat(scene.out.replies).containsKey(scene.call(new Transaction(500)));
        assertThat(scene.out.replies).containsKey(scene.call(new Transaction(99)));
    }

    @Test
    void aPositionIsReachedByTheServersWordOrByAChange() {
        Scene scene = new Scene("items").live();
        assertThat(scene.out.replies).containsKey(scene.call(new Position(BigInteger.valueOf(900))));
        Call later = scene.call(new Position(BigInteger.valueOf(901)));
        Call much = scene.call(new Position(BigInteger.valueOf(1000)));
        assertThat(scene.out.replies).doesNotContainKeys(later, much);

        scene.answer(Reply.live(
                "h1", "0_inf", "c", "{\"headers\":{\"control\":\"up-to-date\",\"global_last_seen_lsn\":\"950\"}}"));
        assertThat(scene.out.replies).containsKey(later).doesNotContainKey(much);
        assertThat(scene.out.commits).as("nothing changed").hasSize(1);

        scene.answer(Reply.live(
                "h1",
                "1000_0",
                "c",
                Reply.change("insert", 3, "x", 1000, 0),
                "{\"headers\":{\"control\":\"up-to-date\"}}"));
        assertThat(scene.out.replies).containsKey(much);
    }

    @Test
    @Tag("O13")
    void aPositionThatFallsBackTakesNothingAway() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.live(
                "h1", "0_inf", "c", "{\"headers\":{\"control\":\"up-to-date\",\"global_last_seen_lsn\":\"1\"}}"));

        assertThat(scene.out.replies).containsKey(scene.call(new Position(BigInteger.valueOf(900))));
    }

    @Test
    void aNewLogBeginsItsPositionsAnew() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.status(409));
        assertThat(scene.out.replies)
                .as("the rows shown still contain it")
                .containsKey(scene.call(new Position(BigInteger.valueOf(900))));
        scene.answer(Reply.caughtUp("h2", "0_0", Reply.row(1, "one")));
        scene.answer(Reply.caughtUp(
                "h2", "0_inf", "{\"headers\":{\"control\":\"up-to-date\",\"global_last_seen_lsn\":\"7\"}}"));

        assertThat(scene.out.replies).doesNotContainKey(scene.call(new Position(BigInteger.valueOf(900))));
        assertThat(scene.out.replies).containsKey(scene.call(new Position(BigInteger.valueOf(7))));
        assertThat(scene.out.replies)
                .as("the new load told no visibility")
                .doesNotContainKey(scene.call(new Transaction(99)));
    }

    @Test
    void aWaitThatNobodyWantsAnyMoreIsForgotten() {
        Scene scene = new Scene("items").live();
        Call call = scene.call(new Transaction(500));
        scene.protocol().cancel(call, scene.out);

        scene.answer(Reply.live("h1", "500_0", "c", Reply.change("insert", 3, "x", 500, 0), Reply.UP_TO_DATE));

        assertThat(scene.out.replies).isEmpty();
    }

    @Test
    void anythingElseIsRefused() {
        Scene scene = new Scene("items").live();

        Call call = scene.call("write this");

        assertThat(scene.out.replies).containsEntry(call, "Electric takes no writes; it only says what is visible");
    }

    @Property
    @net.jqwik.api.Tag("E39")
    void numbersAreWidenedToTheNearestWholeOne(
            @ForAll @LongRange(min = 1L << 33, max = 1L << 62) long xmax,
            @ForAll @IntRange(min = Integer.MIN_VALUE + 1) int distance) {
        long whole = xmax + distance;
        SnapshotEnd snapshot = new SnapshotEnd(xmax, xmax, Set.of());

        assertThat(snapshot.widen(whole & 0xffff_ffffL)).isEqualTo(whole);
        assertThat(snapshot.widen(whole)).isEqualTo(whole);
        assertThat(snapshot.contains(whole & 0xffff_ffffL)).isEqualTo(distance < 0);
    }

    @Test
    void aSnapshotContainsWhatWasOverBeforeIt() {
        SnapshotEnd snapshot = new SnapshotEnd(100, 110, Set.of(105L));

        assertThat(snapshot.contains(99)).isTrue();
        assertThat(snapshot.contains(100)).isTrue();
        assertThat(snapshot.contains(105)).isFalse();
        assertThat(snapshot.contains(109)).isTrue();
        assertThat(snapshot.contains(110)).isFalse();
        assertThat(new SnapshotEnd(0x1_0000_0005L, 0x1_0000_0005L, Set.of()).contains(0xffff_fff0L))
                .as("before the numbers wrapped")
                .isTrue();
        assertThat(new SnapshotEnd(0xffff_fff0L, 0xffff_fff0L, Set.of()).contains(5))
                .as("after they did")
                .isFalse();
        assertThat(new SnapshotEnd(0x1_0000_0005L, 0x1_0000_0005L, Set.of()).contains(0x1_0000_0004L))
                .isTrue();
    }

    @Test
    @Tag("L9")
    void onlySoManyTransactionsAreRemembered() {
        AppliedLog log = new AppliedLog();
        for (int i = 0; i <= AppliedLog.RECENT; i++) {
            Chunk chunk = new Chunk();
            chunk.addTransaction(i);
            log.add(chunk);
            log.commit(null);
        }
        assertThat(log.containsTransaction(0)).isFalse();
        assertThat(log.containsTransaction(1)).isTrue();
        assertThat(log.containsTransaction(AppliedLog.RECENT)).isTrue();
        assertThat(log.contains(BigInteger.ZERO)).as("no position is known").isFalse();
    }

    @Test
    @Tag("L9")
    void onlySoManyOperationsAreToldInOneCommit() {
        AppliedLog log = new AppliedLog();
        Chunk chunk = new Chunk();
        ElectricCommit.Operation operation = new ElectricCommit.Operation(
                ElectricCommit.Kind.DELETE, "k", BigInteger.TEN, 0, List.of(), true, null, null);
        for (int i = 0; i < Message.MAX_OPERATIONS; i++) {
            chunk.addOperation(operation);
        }
        chunk.omitOperation();
        log.add(chunk);
        log.add(chunk);

        ElectricCommit told = log.commit(BigInteger.ONE);

        assertThat(told.operations()).hasSize(Message.MAX_OPERATIONS);
        assertThat(told.omitted()).isEqualTo(Message.MAX_OPERATIONS + 2);
        assertThat(log.contains(BigInteger.TEN)).isTrue();
        assertThat(log.commit(null).omitted()).isZero();
    }

    @Test
    void positionsAreReadInBothSpellings() {
        assertThat(Lsn.parse("23803720")).isEqualTo(BigInteger.valueOf(23803720));
        assertThat(Lsn.parse("0/16B3748")).isEqualTo(BigInteger.valueOf(23803720));
        assertThat(Lsn.parse("16/b374d848")).isEqualTo(new BigInteger("16B374D848", 16));
        assertThat(Lsn.parse("18446744073709551615"))
                .isEqualTo(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE));
        assertThat(Lsn.parse("")).isNull();
        assertThat(Lsn.parse("-1")).isNull();
        assertThat(Lsn.parse("1/")).isNull();
        assertThat(Lsn.parse("123456789/0")).isNull();
        assertThat(Lsn.parse("123456789012345678901")).isNull();
    }

    @Test
    void theInterfaceHandsWishesToTheViewsSession() {
        List<Object> asked = new ArrayList<>();
        CompletableFuture<@Nullable Object> reply = new CompletableFuture<>();
        Calls calls = new Calls() {
            @Override
            public CompletableFuture<@Nullable Object> call(
                    MaterializedView<?> view, Object request, Duration deadline, Delivery delivery) {
                asked.add(request + " " + deadline + " " + delivery);
                return reply;
            }

            @Override
            public CompletableFuture<@Nullable Object> call(Object request, Duration deadline, Delivery delivery) {
                throw new AssertionError("it is about a view");
            }

            @Override
            public <N> Registration onNotice(Class<N> type, NoticeListener<? super N> listener) {
                throw new AssertionError("no notices here");
            }
        };
        Electric electric =
                new ElectricTransport().unwrap(Electric.class, calls).orElseThrow();

        CompletableFuture<Void> first = electric.awaitTxId(null, 7, Duration.ofSeconds(5));
        electric.awaitLsn(null, "0/16B3748", Duration.ofSeconds(6));
        electric.awaitLsn(null, BigInteger.ONE, Duration.ofSeconds(7));

        assertThat(asked)
                .containsExactly(
                        "Transaction[txid=7] PT5S REPEATABLE",
                        "Position[lsn=23803720] PT6S REPEATABLE",
                        "Position[lsn=1] PT7S REPEATABLE");
        assertThat(first).isNotDone();
        reply.complete(null);
        assertThat(first).isCompletedWithValue(null);
        assertThatThrownBy(() -> electric.awaitLsn(null, "soon", Duration.ZERO))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("expected a position such as 0/16B3748 or 23803720, got 'soon'");
        assertThat(new ElectricTransport().unwrap(String.class, calls)).isEmpty();
    }
}
