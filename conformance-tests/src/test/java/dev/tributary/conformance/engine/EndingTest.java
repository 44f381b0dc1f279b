package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.Backoff;
import dev.tributary.ConnectionException;
import dev.tributary.Credential;
import dev.tributary.LimitExceededException;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.ProtocolException;
import dev.tributary.RejectedException;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Resume;
import dev.tributary.spi.WireEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the engine does after each kind of ending, for whole sessions and for one query of several. */
class EndingTest {

    private static final Backoff BACKOFF = Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(2));

    private final ScriptedTransport transport = new ScriptedTransport();
    private final SyncSource source = transport.builder().backoff(BACKOFF).open();

    private MaterializedView<Row> loaded() {
        MaterializedView<Row> view = source.materialize("a");
        transport.last().content("a", 1, 1, 10, 2, 20);
        assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        return view;
    }

    @Test
    @Tag("L6")
    void retryWaitsAndHonoursTheServersWord() {
        loaded();
        transport.last().does(out -> out.end(Ending.retry(new ConnectionException("busy"), Duration.ofSeconds(7))));
        transport.advance(Duration.ofMillis(6999));
        assertThat(transport.sessions).hasSize(1);
        transport.advance(Duration.ofMillis(1));
        assertThat(transport.sessions).hasSize(2);
    }

    @Test
    @Tag("L3")
    void retryResumesFromTheLastCommit() {
        MaterializedView<Row> view = loaded();
        transport.last().does(out -> out.end(Ending.retry(new ConnectionException("gone"))));
        assertThat(view.status().phase()).isEqualTo(Phase.STALE);
        assertThat(view.snapshot().size()).isEqualTo(2);
        transport.advance(Duration.ofSeconds(1));
        Resume resume = transport.last().subscription("a").resume();
        assertThat(resume.checkpoint().toBytes()).containsExactly(1);
        assertThat(resume.schema()).isEqualTo(ScriptedTransport.SCHEMA);
    }

    @Test
    @Tag("L6")
    void proceedIsAtOnceButNotForEver() {
        loaded();
        List<Integer> atOnce = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int before = transport.sessions.size();
            if (transport.last().subscription("a") == null) {
                break;
            }
            transport.last().does(out -> out.end(Ending.proceed()));
            transport.environment.run();
            if (transport.sessions.size() == before) {
                break;
            }
            atOnce.add(i);
        }
        assertThat(atOnce).hasSizeBetween(1, 4);
        transport.advance(Duration.ofSeconds(3));
        assertThat(transport.last().subscription("a")).isNotNull();
    }

    @Test
    @Tag("L7")
    void resetForgetsTheCheckpointAndKeepsTheRows() {
        MaterializedView<Row> view = loaded();
        transport.last().does(out -> out.end(Ending.reset(new ConnectionException("the log is gone"))));
        transport.environment.run();
        assertThat(transport.last().subscription("a").resume()).isNull();
        assertThat(view.snapshot().size()).isEqualTo(2);
        assertThat(view.status().phase()).isEqualTo(Phase.STALE);
        List<String> heard = new ArrayList<>();
        view.listen(commit -> heard.add(commit.origin() + " " + commit.changes()));
        transport.last().content("a", 9, 1, 10, 2, 21);
        assertThat(heard).hasSize(2);
        assertThat(heard.get(1)).startsWith("RESET").contains("21").doesNotContain("10}");
    }

    @Test
    @Tag("L6")
    void fallBackAndProceedOfOneQueryAreAtOnceWithTheirCarry() {
        for (boolean fallBack : new boolean[] {true, false}) {
            ScriptedTransport other = new ScriptedTransport();
            try (SyncSource two = other.builder().backoff(BACKOFF).open()) {
                two.materialize("a");
                other.last().content("a", 1, 1, 10);
                ScriptedTransport.Session session = other.last();
                session.does(out -> out.end(
                        session.subscriptions.remove("a"),
                        fallBack ? Ending.fallBack(new ConnectionException("no SSE here"), "poll") : Ending.proceed(),
                        "go on like this"));
                other.environment.run();
                assertThat(other.last().subscription("a"))
                        .as("neither a normal end nor another way is a failure to wait for")
                        .isNotNull();
                assertThat(other.last().subscription("a").resume().carry()).isEqualTo("go on like this");
            }
        }
    }

    @Test
    @Tag("L6")
    void whateverTheEndTheServersWordOnWaitingIsKept() {
        Duration word = Duration.ofSeconds(20);
        ConnectionException busy = new ConnectionException("busy");
        for (Ending ending : List.of(Ending.proceed(), Ending.fallBack(busy, "poll"), Ending.reset(busy))) {
            for (boolean alone : new boolean[] {true, false}) {
                ScriptedTransport other = new ScriptedTransport();
                try (SyncSource two = other.builder().backoff(BACKOFF).open()) {
                    two.materialize("a");
                    two.materialize("b");
                    other.last().content("a", 1, 1, 10);
                    other.last().content("b", 1, 1, 10);
                    ScriptedTransport.Session session = other.last();
                    session.does(out -> {
                        if (alone) {
                            out.end(session.subscriptions.remove("a"), ending.after(word), null);
                        } else {
                            session.subscriptions.clear();
                            out.end(ending.after(word));
                        }
                    });
                    other.advance(word.minusNanos(1));
                    assertThat(other.last().subscriptions)
                            .as("too soon after " + ending)
                            .doesNotContainKey("a");
                    other.advance(Duration.ofNanos(1));
                    assertThat(other.last().subscriptions).as("after " + ending).containsKey("a");
                }
            }
        }
    }

    @Test
    void fallBackHandsTheCarryOn() {
        loaded();
        ScriptedTransport.Session session = transport.last();
        session.does(out -> out.end(
                session.subscription("a"),
                Ending.fallBack(new ConnectionException("no SSE here"), "poll"),
                "poll from now on"));
        transport.advance(Duration.ofSeconds(2));
        assertThat(transport.last().subscription("a").resume().carry()).isEqualTo("poll from now on");
    }

    @Test
    void aCarryKeepsTheOpenDraftAndItsAbsenceDropsIt() {
        for (String carry : new String[] {"here is more", null}) {
            ScriptedTransport other = new ScriptedTransport();
            try (SyncSource two = other.builder().backoff(BACKOFF).open()) {
                MaterializedView<Row> view = two.materialize("a");
                other.last().content("a", 1, 1, 10);
                ScriptedTransport.Session session = other.last();
                session.does(out -> {
                    out.draft(session.subscription("a")).put(ScriptedTransport.Session.row(2, 20));
                    out.end(session.subscription("a"), Ending.retry(new ConnectionException("gone")), carry);
                });
                other.advance(Duration.ofSeconds(3));
                other.last().change("a", 2, 3, 30);
                assertThat(view.snapshot().contains(2)).isEqualTo(carry != null);
                assertThat(view.snapshot().contains(3)).isTrue();
            }
        }
    }

    @Test
    @Tag("L5")
    void rejectedAndGoneFailTheViewAndAwaitersAtOnce() {
        for (boolean gone : new boolean[] {true, false}) {
            MaterializedView<Row> view = source.materialize(gone ? "gone" : "rejected");
            CompletableFuture<MaterializedView<Row>> waiting = view.upToDate();
            RejectedException why = new RejectedException("no such thing");
            ScriptedTransport.Session session = transport.last();
            session.does(out -> out.end(gone ? Ending.gone(why) : Ending.rejected(why)));
            assertThat(view.status().phase()).isEqualTo(Phase.FAILED);
            assertThat(view.status().reason()).isSameAs(why);
            assertThat(waiting).isCompletedExceptionally();
            assertThatThrownBy(() -> view.awaitUpToDate(Duration.ofSeconds(1))).isSameAs(why);
        }
    }

    @Test
    @Tag("L8")
    void afterReauthenticateTheApplicationHearsTheRefusal() {
        List<Throwable> refusals = new ArrayList<>();
        ScriptedTransport other = new ScriptedTransport();
        other.asksForCredentials = true;
        SyncSource two = other.builder()
                .backoff(BACKOFF)
                .credentials(refusal -> {
                    refusals.add(refusal);
                    return CompletableFuture.completedFuture(Credential.token("t"));
                })
                .open();
        two.materialize("a");
        RejectedException why = new RejectedException("401");
        other.last().does(out -> out.end(Ending.reauthenticate(why)));
        other.advance(Duration.ofSeconds(3));
        assertThat(refusals).hasSize(2);
        assertThat(refusals.get(0)).isNull();
        assertThat(refusals.get(1))
                .as("the engine knows why the last session ended and tells whoever gives new credentials")
                .isSameAs(why);
        two.close();
    }

    @Test
    @Tag("L10")
    void aProtocolThatThrowsIsTriedAgainAndKeepsItsRows() {
        MaterializedView<Row> view = loaded();
        transport.last().does(out -> {
            throw new ArithmeticException("a bug in the protocol");
        });
        assertThat(view.status().phase()).isEqualTo(Phase.STALE);
        assertThat(view.status().reason()).isInstanceOf(ProtocolException.class);
        assertThat(view.snapshot().size()).isEqualTo(2);
        transport.advance(Duration.ofSeconds(1));
        assertThat(transport.sessions).hasSize(2);
    }

    // ---- several queries in one session ----

    @Test
    void oneQueryEndsAndIsTriedAgainWhileTheOtherGoesOn() {
        MaterializedView<Row> a = loaded();
        MaterializedView<Row> b = source.materialize("b");
        transport.last().content("b", 1, 1, 1);
        ScriptedTransport.Session session = transport.last();
        session.does(out -> out.end(session.subscription("b"), Ending.retry(new ConnectionException("not now")), null));
        assertThat(a.status().phase()).isEqualTo(Phase.LIVE);
        assertThat(b.status().phase()).isEqualTo(Phase.STALE);
        session.change("a", 2, 7, 70);
        assertThat(a.snapshot().contains(7)).isTrue();
        transport.advance(Duration.ofSeconds(3));
        assertThat(transport.sessions).hasSize(1);
        session.content("b", 2, 1, 2);
        assertThat(b.status().phase()).isEqualTo(Phase.LIVE);
    }

    @Test
    @Tag("L12")
    void theWaitOfOneQueryLeavesNoTimerBehindTheClose() {
        loaded();
        source.materialize("b");
        ScriptedTransport.Session session = transport.last();
        session.does(out -> out.end(
                session.subscription("b"),
                Ending.retry(new ConnectionException("not now"), Duration.ofMinutes(5)),
                null));
        source.close();
        transport.environment.run();
        assertThat(transport.environment.pending().isNothing())
                .as("%s", transport.environment.pending())
                .isTrue();
    }

    @Test
    @Tag("L12")
    void theWiresEndInTheCallOfCloseAndNoneIsOpenedAfterIt() {
        loaded();
        transport.last().does(out -> {
            source.close();
            assertThat(transport.environment.pending().wires()).isZero();
            out.open(transport.connections.get(0).webSocket());
        });
        assertThat(transport.connections).hasSize(1);
        assertThat(transport.environment.pending().isNothing())
                .as("%s", transport.environment.pending())
                .isTrue();
        assertThat(transport.environment.failures()).isEmpty();
    }

    @Test
    @Tag("L12")
    void theTimersOfAProtocolEndWithItsSession() {
        loaded();
        ScriptedTransport.Session session = transport.last();
        session.does(out -> out.timer("keep alive", Duration.ofHours(1), Duration.ofHours(2)));
        source.close();
        transport.environment.run();
        assertThat(transport.environment.pending().isNothing())
                .as("%s", transport.environment.pending())
                .isTrue();
        assertThat(session.timers).isEmpty();
    }

    @Test
    @Tag("L4")
    void aListenerThatRegistersBetweenACommitAndItsTellingHearsItOnce() {
        MaterializedView<Row> a = loaded();
        MaterializedView<Row> b = source.materialize("b");
        transport.last().content("b", 1, 1, 1);
        List<String> heard = new ArrayList<>();
        a.listen(
                commit -> {
                    if (commit.snapshot().contains(5) && heard.isEmpty()) {
                        heard.add("registered");
                        b.listen(other ->
                                heard.add(other.origin() + " " + other.changes().size()));
                    }
                },
                Runnable::run);
        ScriptedTransport.Session session = transport.last();
        session.does(out -> {
            out.draft(session.subscription("a")).put(ScriptedTransport.Session.row(5, 5));
            out.draft(session.subscription("b")).put(ScriptedTransport.Session.row(5, 5));
            out.commit(List.of(session.subscription("a"), session.subscription("b")), null);
        });
        assertThat(heard).containsExactly("registered", "INITIAL 2");
    }

    @Test
    @Tag("L6")
    void retryNowCutsTheWaitOfOneQueryShortToo() {
        loaded();
        source.materialize("b");
        ScriptedTransport.Session session = transport.last();
        session.does(out -> {
            out.end(
                    session.subscriptions.remove("b"),
                    Ending.retry(new ConnectionException("not now"), Duration.ofMinutes(5)),
                    null);
        });
        assertThat(session.subscription("b")).isNull();
        source.retryNow();
        transport.environment.run();
        assertThat(transport.last().subscription("b"))
                .as("retryNow: the next attempt begins now")
                .isNotNull();
    }

    @Test
    @Tag("L6")
    void theWaitOfOneQueryHoldsWhenTheSessionOfOthersEnds() {
        MaterializedView<Row> a = loaded();
        source.materialize("b");
        ScriptedTransport.Session session = transport.last();
        session.does(out -> out.end(
                session.subscriptions.remove("b"),
                Ending.retry(new ConnectionException("not before 5 min"), Duration.ofMinutes(5)),
                null));
        a.close();
        transport.advance(Duration.ofSeconds(3));
        assertThat(transport.sessions.stream().anyMatch(s -> s.subscription("b") != null))
                .as("the server said: not before 5 minutes")
                .isFalse();
    }

    @Test
    @Tag("L9")
    void aTransactionOverItsBoundFailsOnlyItsOwnQuery() {
        ScriptedTransport other = new ScriptedTransport();
        try (SyncSource two =
                other.builder("?maxTransaction=1k").backoff(BACKOFF).open()) {
            MaterializedView<Row> a = two.materialize("a");
            MaterializedView<Row> b = two.materialize("b");
            other.last().content("a", 1, 1, 10);
            other.last().content("b", 1, 1, 10);
            ScriptedTransport.Session session = other.last();
            session.does(out -> {
                for (int i = 0; i < 1000; i++) {
                    out.draft(session.subscription("b")).put(ScriptedTransport.Session.row(i, i));
                }
            });
            other.advance(Duration.ofSeconds(3));
            assertThat(b.status().phase()).isEqualTo(Phase.FAILED);
            assertThat(b.status().reason()).isInstanceOf(LimitExceededException.class);
            assertThat(a.status().phase())
                    .as("a is another query of the same session")
                    .isNotEqualTo(Phase.FAILED);
        }
    }

    @Test
    void commitsOverTwoQueriesAreVisibleTogether() {
        MaterializedView<Row> a = loaded();
        MaterializedView<Row> b = source.materialize("b");
        transport.last().content("b", 1, 1, 1);
        List<Integer> seen = new ArrayList<>();
        a.listen(commit -> seen.add(b.snapshot().size()));
        transport.environment.run();
        ScriptedTransport.Session session = transport.last();
        session.does(out -> {
            out.draft(session.subscription("a")).put(ScriptedTransport.Session.row(5, 5));
            out.draft(session.subscription("b")).put(ScriptedTransport.Session.row(5, 5));
            out.commit(List.copyOf(session.subscriptions.values()), null);
        });
        assertThat(seen).containsExactly(1, 2);
    }

    @Test
    @Tag("L6")
    void aProcessThatLostAllItsQueriesComesBackSteadily() {
        transport.shares = false;
        for (int i = 0; i < 600; i++) {
            source.materialize("q" + i);
        }
        transport.environment.run();
        int before = transport.sessions.size();
        List.copyOf(transport.connections).forEach(connection -> connection.fail(WireEnd.Kind.BROKEN, "all gone"));
        transport.advance(Duration.ofSeconds(1));
        assertThat(transport.sessions.size() - before).isBetween(100, 350);
        transport.advance(Duration.ofSeconds(10));
        assertThat(transport.sessions.size() - before).isEqualTo(600);
    }

    @Test
    void refreshesAtTheSameTimeShareOne() {
        MaterializedView<Row> view = loaded();
        List<String> subscribed = new ArrayList<>();
        transport.onSubscribe = (subscription, out) -> subscribed.add("asked again");
        CompletableFuture<MaterializedView<Row>> one = view.refresh();
        CompletableFuture<MaterializedView<Row>> two = view.refresh();
        transport.environment.run();
        assertThat(subscribed).as("calls at the same time share one").hasSize(1);
        assertThat(one).isNotDone();
        ScriptedTransport.Session session = transport.last();
        session.does(out -> out.upToDate(session.subscription("a")));
        assertThat(one).isCompleted();
        assertThat(two).isCompleted();
    }
}
