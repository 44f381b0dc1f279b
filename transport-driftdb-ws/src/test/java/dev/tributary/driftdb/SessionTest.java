package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import dev.tributary.LimitExceededException;
import dev.tributary.MaterializedView;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.Phase;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.testkit.driftdb.AnswerFault;
import dev.tributary.testkit.driftdb.ClientMessage;
import dev.tributary.testkit.driftdb.FrameFault;
import dev.tributary.testkit.driftdb.MessageFault;
import dev.tributary.testkit.driftdb.ServerMessage;
import dev.tributary.testkit.socket.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One session at its edges: what is served before it is live, what is refused, what ends with whom. */
class SessionTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final ValueCodec<Long> LONGS = ValueCodec.plain(Long.class);

    private static long count(Rig rig, Class<? extends ClientMessage> kind) {
        return rig.received.stream().filter(kind::isInstance).count();
    }

    private static long exchanges(Rig rig) {
        return rig.targets.stream()
                .filter(target -> target.uri().getScheme().equals("http"))
                .count();
    }

    // ---- before it is live ----

    @Test
    @Tag("D42")
    void messagesOverHttpDoNotWaitForTheSocket() {
        try (Rig rig = new Rig()) {
            rig.room.append("k", "1");
            rig.model.faults().upgrade(1, new AnswerFault.Silence(false));
            SyncSource source = rig.open();
            source.materialize("k");
            rig.advance(Duration.ofMillis(100));
            CompletableFuture<List<Entry>> read = rig.db(source).http().read("k", 0, MINUTE);
            rig.advance(SECOND);
            assertThat(read).as("while it connects").isCompleted();
        }
        try (Rig rig = new Rig()) {
            rig.model.faults().frame(frame -> frame instanceof ServerMessage.Init, 1, new FrameFault.Lose());
            SyncSource source = rig.open();
            source.materialize("k");
            rig.advance(Duration.ofMillis(100));
            CompletableFuture<Void> ping = rig.db(source).http().ping(MINUTE);
            rig.advance(SECOND);
            assertThat(ping).as("while a key is not answered").isCompleted();
        }
    }

    @Test
    @Tag("D16")
    void aDroppedAnswerToAGetHoldsWritesUpForSomeSecondsOnly() {
        try (Rig rig = new Rig()) {
            rig.model.faults().frame(frame -> frame instanceof ServerMessage.Init, 1, new FrameFault.Lose());
            SyncSource source = rig.open();
            source.materialize("k");
            CompletableFuture<Pushed> push = rig.db(source).append("k", 1, MINUTE);
            rig.advance(Duration.ofSeconds(4));
            assertThat(push).isNotDone();
            rig.advance(Duration.ofSeconds(2));
            assertThat(push).isCompleted();
        }
    }

    @Test
    @Tag("D36")
    void aThinnedWriteWaitsForTheConnectionAndIsNotLost() {
        try (Rig rig = new Rig()) {
            CompletableFuture<Pushed> push = rig.db(rig.open()).replaceThinned("k", 1, MINUTE);
            rig.get(push);
            assertThat(rig.truth("k")).containsExactly("1:1");
        }
    }

    @Test
    @Tag("D38")
    void eachQuestionIsAskedOnce() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            source.materialize("k");
            rig.run();
            for (int i = 0; i < 3; i++) {
                rig.get(rig.db(source).latency(MINUTE));
            }
            assertThat(count(rig, ClientMessage.Ping.class)).isEqualTo(3);
        }
    }

    // ---- refused ----

    @Test
    @Tag("D1")
    void aViewNeedsARoom() {
        for (String query : List.of("k", "k?as=log", "?as=room")) {
            try (Rig rig = new Rig()) {
                MaterializedView<Row> view =
                        rig.openAt("ws://model", builder -> builder).materialize(query);
                rig.run();
                assertThat(view.status().phase()).isEqualTo(Phase.FAILED);
                assertThat(view.status().reason())
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("/room/ID");
                assertThat(rig.targets).isEmpty();
            }
        }
    }

    @Test
    @Tag("D21")
    void aLookUpThatFailsIsTriedAgainUnlessItIsRefused() {
        Map<AnswerFault, Phase> ends = Map.of(
                AnswerFault.status(401),
                Phase.FAILED,
                AnswerFault.status(403),
                Phase.FAILED,
                AnswerFault.status(418),
                Phase.FAILED,
                AnswerFault.status(404),
                Phase.FAILED,
                AnswerFault.status(503),
                Phase.LIVE,
                AnswerFault.status(429),
                Phase.LIVE,
                AnswerFault.status(200),
                Phase.LIVE,
                new AnswerFault.Cut(false),
                Phase.LIVE);
        ends.forEach((fault, phase) -> {
            try (Rig rig = new Rig()) {
                rig.model.faults().http(1, fault);
                MaterializedView<Row> view = rig.open().materialize("k");
                rig.advance(MINUTE);
                assertThat(view.status().phase()).as(fault.toString()).isEqualTo(phase);
            }
        });
    }

    @Test
    @Tag("D20")
    void aReadOfARoomThatIsGoneEndsItsViews() {
        try (Rig rig = new Rig()) {
            MaterializedView<Row> view = rig.open().materialize("k");
            rig.run();
            rig.model.faults().http(1, AnswerFault.status(404));
            for (int i = 0; i < 30; i++) {
                rig.room.append("k", "" + i);
            }
            rig.run();
            assertThat(view.status().phase()).isEqualTo(Phase.FAILED);
            assertThat(view.status().reason()).isInstanceOf(RoomNotFoundException.class);
        }
    }

    @Test
    @Tag("D32")
    void aFoldWhoseReadFailsIsToldAndTheNextOneGoes() {
        try (Rig rig = new Rig()) {
            for (int i = 1; i <= 4; i++) {
                rig.room.append("k", "" + i);
            }
            SyncSource source = rig.open();
            DriftDb db = rig.db(source);
            rig.get(db.http().ping(MINUTE));
            rig.model.faults().http(1, AnswerFault.status(403));
            assertThat(rig.failure(db.fold("k", 3, entries -> "never", MINUTE))).isInstanceOf(DriftDbException.class);
            rig.model.faults().http(1, AnswerFault.status(403));
            assertThat(rig.failure(db.retained("k", MINUTE))).isInstanceOf(DriftDbException.class);
            assertThat(rig.get(db.fold("k", 4, entries -> "never", MINUTE)))
                    .as("as many as allowed")
                    .isFalse();
            assertThat(rig.get(db.fold("k", 3, entries -> "all", MINUTE))).isTrue();
            assertThat(rig.truth("k")).containsExactly("4:all");
        }
    }

    @Test
    @Tag("D39")
    void whatTheServerCouldNotUseIsAFaultOfTheSource() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            source.materialize("k");
            rig.run();
            rig.model.faults().frame(frame -> frame instanceof ServerMessage.Push, 1, FrameFault.errorBefore("why"));
            rig.room.append("k", "1");
            rig.run();
            assertThat(rig.faults).anyMatch(fault -> fault.contains("could not use"));
        }
    }

    // ---- comparing ----

    @Test
    @Tag("D28")
    @Tag("D31")
    void aNoticeOfMoreThanIsHeldIsFollowedByAReadAtOnce() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("k?as=log");
            rig.run();
            rig.model.faults().frame(frame -> frame instanceof ServerMessage.Push, 1, new FrameFault.Lose());
            rig.room.append("k", "\"lost\"");
            rig.get(rig.db(source).append("k", "own", MINUTE));
            rig.run();
            assertThat(Rig.log(log)).containsExactly("1:lost", "2:own");
        }
    }

    @Test
    @Tag("D28")
    void aReadThatFailsIsMadeAgainSoon() {
        for (Encoding encoding : Encoding.values()) {
            try (Rig rig = new Rig()) {
                MaterializedView<Row> log =
                        rig.open(builder -> builder.encoding(encoding)).materialize("k?as=log");
                rig.run();
                rig.model.faults().http(1, new AnswerFault.Cut(false));
                rig.model.faults().frame(frame -> frame instanceof ServerMessage.Init, 1, new FrameFault.Cut());
                for (int i = 0; i < 20; i++) {
                    rig.room.append("k", "" + i);
                }
                rig.advance(Duration.ofSeconds(3));
                assertThat(log.snapshot().isVerified()).isFalse();
                rig.advance(Duration.ofSeconds(5));
                assertThat(log.snapshot().isVerified()).isTrue();
                assertThat(log.status().phase()).isEqualTo(Phase.LIVE);
            }
        }
    }

    @Test
    @Tag("D28")
    void onlyMoreThanSixteenMessagesInATenthOfASecondAreABurst() {
        for (int messages : new int[] {16, 17}) {
            try (Rig rig = new Rig()) {
                MaterializedView<Row> log = rig.open().materialize("k?as=log");
                rig.run();
                for (int i = 0; i < messages; i++) {
                    rig.room.append("k", "" + i);
                }
                rig.run();
                assertThat(log.snapshot().isVerified()).as("%s", messages).isEqualTo(messages > 16);
            }
        }
        try (Rig rig = new Rig()) {
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            rig.run();
            for (int i = 0; i < 40; i++) {
                rig.room.append("k", "" + i);
                rig.advance(Duration.ofMillis(10));
            }
            rig.run();
            assertThat(log.snapshot().isVerified()).as("spread out").isFalse();
        }
    }

    @Test
    @Tag("D28")
    void aBurstWithoutEndIsComparedInItsMidst() {
        try (Rig rig = new Rig()) {
            MaterializedView<Row> latest = rig.open().materialize("k");
            rig.run();
            long before = exchanges(rig);
            for (int i = 0; i <= 5_000; i++) {
                assertThat(exchanges(rig)).isEqualTo(before);
                rig.room.replace("k", "" + i);
                if (i % 20 == 19) {
                    rig.advance(Duration.ofMillis(20));
                }
            }
            rig.advance(Duration.ofMillis(20));
            assertThat(exchanges(rig)).isEqualTo(before + 1);
            rig.run();
            assertThat(exchanges(rig))
                    .as("and its end, which was just read, is not read again")
                    .isEqualTo(before + 1);
            assertThat(latest.get("k").get("value")).isEqualTo(5_000L);
        }
    }

    @Test
    @Tag("D23")
    void whatNobodyWantsIsNotReadAnyMore() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            MaterializedView<Row> other = source.materialize("other");
            MaterializedView<Row> closed = source.materialize("k?as=log");
            rig.run();
            closed.close();
            long before = exchanges(rig);
            for (int i = 0; i < 5; i++) {
                rig.room.append("k", "" + i);
            }
            // Three rounds in which only what is unverified is read.
            rig.advance(Duration.ofSeconds(75));
            assertThat(exchanges(rig)).isEqualTo(before);
            assertThat(other.status().phase()).isEqualTo(Phase.LIVE);
        }
    }

    // ---- quiet, and back again ----

    @Test
    @Tag("D4")
    void whoHearsSomethingAsksForNoSignOfLife() {
        try (Rig rig = new Rig()) {
            rig.open().materialize("k");
            rig.run();
            for (int i = 0; i < 20; i++) {
                rig.room.replace("k", "" + i);
                rig.advance(Duration.ofSeconds(5));
            }
            assertThat(count(rig, ClientMessage.Ping.class)).isZero();
            rig.advance(Duration.ofSeconds(21));
            assertThat(count(rig, ClientMessage.Ping.class)).isEqualTo(1);
        }
    }

    @Test
    @Tag("D19")
    void aCounterThatWentBackIsToldOnce() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            source.materialize("k?as=log");
            List<CounterWentBack> told = new ArrayList<>();
            rig.db(source).onCounterWentBack(told::add);
            rig.run();
            rig.room.append("k", "1");
            rig.room.relay("k", "2");
            rig.run();
            rig.room.counter(1);
            for (int i = 0; i < 3; i++) {
                rig.model.connections().forEach(connection -> connection.drop());
                rig.run();
                // The first has the number of the relay again.
                rig.room.relay("k", "3");
                rig.run();
            }
            assertThat(told).containsExactly(new CounterWentBack(2, 2));
            assertThat(rig.faults)
                    .filteredOn(fault -> fault.contains("went back"))
                    .hasSize(1);
        }
    }

    // ---- presence ----

    @Test
    @Tag("D37")
    void whoIsNotHeardAfterAReconnectIsGoneWhenItsTimeIsOver() {
        try (Rig rig = new Rig()) {
            Presence<Long> presence = Presence.open(rig.open(), "me", LONGS);
            rig.run();
            rig.room.relay("__presence", "{\"client\":\"a\",\"value\":1}");
            rig.advance(SECOND);
            rig.room.relay("__presence", "{\"client\":\"b\",\"value\":2}");
            rig.advance(Duration.ofMillis(100));
            assertThat(presence.others()).containsOnlyKeys("a", "b");
            rig.advance(Duration.ofMillis(1_500));
            assertThat(presence.others()).containsOnlyKeys("b");
            rig.room.relay("__presence", "{\"client\":\"c\",\"value\":3}");
            rig.advance(Duration.ofMillis(100));
            rig.model.connections().forEach(connection -> connection.drop());
            rig.advance(SECOND);
            assertThat(presence.others()).as("each has its whole time again").containsKey("c");
            rig.advance(Duration.ofSeconds(3));
            assertThat(presence.others()).isEmpty();
        }
    }

    @Test
    @Tag("D37")
    void whoClosesItsPresenceOrClearsItSaysNothingMore() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            MaterializedView<Row> keep = source.materialize("k");
            Presence<Long> closed = Presence.open(source, "one", "me", LONGS);
            Presence<Long> cleared = Presence.open(source, "two", "me", LONGS);
            rig.run();
            rig.get(closed.set(1L));
            rig.get(cleared.set(2L));
            rig.room.relay("one", "{\"client\":\"peer\",\"value\":1}");
            rig.run();
            assertThat(count(rig, ClientMessage.Push.class)).isGreaterThanOrEqualTo(4);
            closed.close();
            rig.get(cleared.clear());
            rig.advance(Duration.ofMillis(50));
            long said = count(rig, ClientMessage.Push.class);
            rig.advance(Duration.ofSeconds(10));
            assertThat(count(rig, ClientMessage.Push.class)).isEqualTo(said);
            assertThat(keep.status().phase()).isEqualTo(Phase.LIVE);
        }
    }

    @Test
    @Tag("D37")
    void whatIsSaidSoonAfterSomethingElseIsSaidWhenTheShortestTimeIsOver() {
        try (Rig rig = new Rig()) {
            Presence<Long> a = Presence.open(rig.open(), "a", LONGS);
            Presence<Long> b = Presence.open(rig.open(), "b", LONGS);
            rig.run();
            a.set(1L);
            rig.advance(Duration.ofMillis(8));
            a.set(2L);
            rig.advance(Duration.ofMillis(4));
            assertThat(b.others()).isEqualTo(Map.of("a", 1L));
            rig.advance(Duration.ofMillis(40));
            assertThat(b.others()).isEqualTo(Map.of("a", 2L));
        }
    }

    // ---- writes and their ends ----

    @Test
    @Tag("D25")
    void aWriteThatLeftAndCannotBeLookedForIsUnknownAndNotUnsent() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            source.materialize("k?as=log");
            rig.run();
            rig.model.faults().message(message -> message instanceof ClientMessage.Push, 1, MessageFault.CUT_AFTER);
            Push push = Push.append("k", Envelopes.action(1, "me", 1)).atLeastOnce();
            // The next session takes it over, and gets no answer.
            rig.model.faults().upgrade(9, new AnswerFault.Silence(false));
            CompletableFuture<Pushed> pushed = rig.db(source).push(push, Duration.ofSeconds(5));
            assertThat(rig.failure(pushed)).isInstanceOf(OutcomeUnknownException.class);
        }
    }

    @Test
    @Tag("D24")
    void whatLeftWithoutAnAnswerIsUnknown() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            DriftDb db = rig.db(source);
            rig.get(db.http().ping(MINUTE));
            rig.model.faults().http(1, new AnswerFault.Silence(true));
            assertThat(rig.failure(db.http().append("k", 1, SECOND))).isInstanceOf(OutcomeUnknownException.class);
            rig.advance(Duration.ofSeconds(20));
            rig.model.faults().http(1, new AnswerFault.Silence(true));
            assertThat(rig.failure(db.createRoom(SECOND))).isInstanceOf(OutcomeUnknownException.class);
        }
    }

    @Test
    @Tag("D26")
    void aPushThatIsCancelledWhileItWaitsIsNeverSent() {
        try (Rig rig = new Rig()) {
            rig.server.down(true);
            SyncSource source = rig.open();
            DriftDb db = rig.db(source);
            CompletableFuture<Pushed> cancelled = db.append("k", 1, MINUTE);
            CompletableFuture<Pushed> sent = db.append("k", 2, MINUTE);
            rig.run();
            cancelled.cancel(false);
            rig.server.down(false);
            rig.get(sent);
            assertThat(rig.truth("k")).containsExactly("1:2");
            CompletableFuture<Pushed> first = db.replaceThinned("t", 1, MINUTE);
            CompletableFuture<Pushed> second = db.replaceThinned("t", 2, MINUTE);
            rig.advance(Duration.ofMillis(3));
            second.cancel(false);
            rig.get(first);
            rig.run();
            assertThat(rig.truth("t")).containsExactly("2:1");
        }
    }

    @Test
    @Tag("D42")
    void aReadThatIsGivenUpWhileItWaitsIsNotMade() {
        try (Rig rig = new Rig()) {
            DriftDb db = rig.db(rig.open());
            rig.get(db.http().ping(MINUTE));
            rig.model.faults().http(1, new AnswerFault.Delay(3_000));
            long before = exchanges(rig);
            CompletableFuture<List<Entry>> first = db.http().read("k", 0, MINUTE);
            CompletableFuture<List<Entry>> second = db.http().read("k", 0, SECOND);
            CompletableFuture<List<Entry>> third = db.http().read("k", 0, MINUTE);
            assertThat(rig.failure(second)).isNotNull();
            rig.get(first);
            rig.get(third);
            assertThat(exchanges(rig) - before).isEqualTo(2);
        }
    }

    @Test
    @Tag("D10")
    @Tag("D42")
    void anAnswerMayBeAsLargeAsAllowedAndNoLarger() {
        for (int length : new int[] {900, 1_100}) {
            try (Rig rig = new Rig()) {
                rig.room.append("k", "\"" + "x".repeat(length) + "\"");
                DriftDb db = rig.db(rig.open(builder -> builder.maxMessage(1_000)));
                CompletableFuture<List<Entry>> read = db.http().read("k", 0, MINUTE);
                if (length < 1_000) {
                    assertThat(rig.get(read)).hasSize(1);
                } else {
                    assertThat(rig.failure(read))
                            .isInstanceOf(LimitExceededException.class)
                            .hasMessageContaining("1000 bytes");
                }
            }
        }
    }

    @Test
    @Tag("D10")
    @Tag("D42")
    void bytesAreRefusedOverHttpBeforeTheyLeave() {
        try (Rig rig = new Rig()) {
            DriftDb db = rig.db(rig.open());
            assertThat(rig.failure(db.http().append("k", new byte[1], MINUTE)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("JSON");
            // The quotes, and what is around the value.
            int around = MessageWriter.push(Encoding.JSON, Push.append("k", "")).length;
            String fits = "x".repeat(HttpMessages.MOST_BODY - around);
            rig.get(db.http().append("k", fits, MINUTE));
            assertThat(rig.failure(db.http().append("k", fits + "x", MINUTE)))
                    .isInstanceOf(LimitExceededException.class)
                    .hasMessageContaining("2000001");
            assertThat(rig.room.entries("k")).hasSize(1);
        }
    }

    @Test
    @Tag("D27")
    @Tag("D26")
    void aBulkFillsTheWindowAndNeverMoreThanItsQueue() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            source.materialize("k");
            rig.run();
            CompletableFuture<Void> all = rig.db(source)
                    .appendAll("k", IntStream.range(0, 100).boxed().toList(), MINUTE, done -> {});
            rig.advance(Duration.ofMillis(1));
            assertThat(rig.received.stream().filter(ClientMessage.Push.class::isInstance))
                    .hasSizeLessThanOrEqualTo(WriteWindow.MOST_UNCONFIRMED);
            rig.advance(Duration.ofMillis(3));
            assertThat(rig.received.stream().filter(ClientMessage.Push.class::isInstance))
                    .hasSizeGreaterThanOrEqualTo(WriteWindow.MOST_UNCONFIRMED);
            rig.get(all);
            for (int bound : new int[] {1, 4}) {
                rig.server.down(true);
                SyncSource next = rig.open();
                List<Long> progress = new ArrayList<>();
                CompletableFuture<Void> waits = rig.db(next)
                        .withQueue(bound, QueuePolicy.REJECT)
                        .appendAll("b" + bound, IntStream.range(0, 10).boxed().toList(), MINUTE, progress::add);
                rig.run();
                assertThat(waits).isNotDone();
                rig.server.down(false);
                rig.get(waits);
                assertThat(progress).hasSize(10).endsWith(10L);
                assertThat(rig.room.entries("b" + bound)).hasSize(10);
            }
            assertThatThrownBy(() -> rig.db(source).withQueue(0, QueuePolicy.REJECT))
                    .isInstanceOf(ConfigurationException.class);
        }
    }

    @Test
    @Tag("D26")
    @Tag("D42")
    void aRelayOverHttpMayWaitForTheServer() {
        try (Rig rig = new Rig()) {
            rig.server.down(true);
            SyncSource source = rig.openAt("http://model/room/" + rig.room.id(), builder -> builder);
            CompletableFuture<Pushed> relay = rig.db(source).http().push(Push.relay("k", 1), MINUTE);
            rig.run();
            assertThat(relay).isNotDone();
            rig.server.down(false);
            rig.get(relay);
        }
    }

    // ---- reading beside the feed ----

    private static void burst(Rig rig, String key) {
        for (int i = 0; i < 20; i++) {
            rig.room.append(key, "" + i);
        }
    }

    @Test
    @Tag("D28")
    void whatHttpDoesNotTellIsReadOverASocketOfItsOwn() {
        for (AnswerFault fault : List.of(AnswerFault.status(500), AnswerFault.status(429), new AnswerFault.Cut(true))) {
            try (Rig rig = new Rig()) {
                MaterializedView<Row> log = rig.open().materialize("k?as=log");
                rig.run();
                int before = rig.sockets().size();
                rig.model.faults().http(1, fault);
                burst(rig, "k");
                rig.run();
                assertThat(rig.sockets()).hasSize(before + 1);
                assertThat(log.snapshot().isVerified()).isTrue();
                assertThat(rig.model.connections()).as("it lived for one read").hasSize(1);
            }
        }
    }

    @Test
    @Tag("D28")
    void aReadThatIsAnsweredWithSomethingElseVerifiesNothing() {
        for (String body : List.of("null", "[", "{\"type\":\"init\",\"key\":\"other\",\"data\":[]}")) {
            try (Rig rig = new Rig()) {
                MaterializedView<Row> log = rig.open().materialize("k?as=log");
                rig.run();
                rig.model.faults().http(1, new AnswerFault.Respond(HttpResponse.of(200, "application/json", body)));
                burst(rig, "k");
                rig.run();
                assertThat(log.snapshot().isVerified()).as(body).isFalse();
                rig.advance(Duration.ofSeconds(5));
                assertThat(log.snapshot().isVerified()).isTrue();
            }
        }
        try (Rig rig = new Rig()) {
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            rig.run();
            rig.model.faults().http(1, AnswerFault.status(500));
            rig.model.faults().upgrade(1, AnswerFault.status(500));
            burst(rig, "k");
            rig.run();
            assertThat(log.snapshot().isVerified()).as("refused twice").isFalse();
            rig.advance(Duration.ofSeconds(5));
            assertThat(log.snapshot().isVerified()).isTrue();
        }
    }

    @Test
    @Tag("D28")
    void atMostTwoReadsAreUnderWayAtOnce() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            List<MaterializedView<Row>> views = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                views.add(source.materialize("k" + i + "?as=log"));
            }
            rig.run();
            long before = exchanges(rig);
            rig.model.faults().http(4, new AnswerFault.Delay(1_000));
            burst(rig, "k0");
            rig.advance(Duration.ofMillis(900));
            assertThat(exchanges(rig) - before).isEqualTo(2);
            rig.advance(SECOND);
            assertThat(exchanges(rig) - before).isEqualTo(4);
            rig.advance(Duration.ofSeconds(2));
            assertThat(exchanges(rig) - before).isEqualTo(5);
            assertThat(views).allMatch(view -> view.snapshot().isVerified());
        }
    }

    @Test
    @Tag("D25")
    void aWriteWhoseStreamCannotBeReadEndsUnknownAndTheNextOneGoes() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            source.materialize("k?as=log");
            rig.run();
            rig.model.faults().message(message -> message instanceof ClientMessage.Push, 1, MessageFault.CUT_AFTER);
            rig.model.faults().http(1, AnswerFault.status(403));
            Push push = Push.append("k", Envelopes.action(1, "me", 1)).atLeastOnce();
            CompletableFuture<Pushed> first = rig.db(source).push(push, MINUTE);
            rig.advance(Duration.ofMillis(20));
            CompletableFuture<Pushed> second = rig.db(source).append("k", "next", MINUTE);
            assertThat(rig.failure(first)).isInstanceOf(OutcomeUnknownException.class);
            assertThat(rig.get(second).number()).hasValue(2);
        }
    }

    @Test
    @Tag("D24")
    void pongsThatAreLostNowAndThenEndNothing() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            rig.db(source).latency(MINUTE);
            rig.run();
            for (int i = 0; i < 3; i++) {
                rig.model.faults().frame(frame -> frame instanceof ServerMessage.Pong, 2, new FrameFault.Lose());
                rig.get(rig.db(source).append("unseen", i, MINUTE));
            }
            rig.advance(MINUTE);
            assertThat(rig.model.accepted()).isEqualTo(1);
            assertThat(rig.endings).isEmpty();
        }
    }

    @Test
    @Tag("D24")
    void whatNobodyWatchesIsFencedAtOnceWhenTheWindowIsFullAndElseSoon() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            rig.get(rig.db(source).latency(MINUTE));
            long pings = count(rig, ClientMessage.Ping.class);
            CompletableFuture<Pushed> one = rig.db(source).append("k", 0, MINUTE);
            rig.advance(Duration.ofMillis(15));
            assertThat(count(rig, ClientMessage.Ping.class)).isEqualTo(pings);
            rig.advance(Duration.ofMillis(20));
            assertThat(one).isCompleted();
            assertThat(count(rig, ClientMessage.Ping.class)).isEqualTo(pings + 1);
            List<CompletableFuture<Pushed>> full = new ArrayList<>();
            for (int i = 0; i < WriteWindow.MOST_UNCONFIRMED; i++) {
                full.add(rig.db(source).append("k", i, MINUTE));
            }
            rig.advance(Duration.ofMillis(12));
            assertThat(full).allMatch(CompletableFuture::isDone);
            rig.advance(Duration.ofSeconds(15));
            assertThat(count(rig, ClientMessage.Ping.class)).isEqualTo(pings + 2);
        }
    }

    @Test
    @Tag("D36")
    void ofThinnedWritesEachIsAnsweredAndTheLastIsSentWhenTheTimeIsOver() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            rig.get(rig.db(source).latency(MINUTE));
            DriftDb db = rig.db(source);
            CompletableFuture<Pushed> first = db.replaceThinned("k", 1, MINUTE);
            rig.advance(Duration.ofMillis(6));
            CompletableFuture<Pushed> second = db.replaceThinned("k", 2, MINUTE);
            CompletableFuture<Pushed> third = db.replaceThinned("k", 3, MINUTE);
            CompletableFuture<Pushed> other = db.replaceThinned("other", 1, MINUTE);
            rig.advance(Duration.ofMillis(6));
            assertThat(second).as("the third stands for it").isCompleted();
            assertThat(third).isNotDone();
            assertThat(rig.room.entries("k")).hasSize(1);
            assertThat(rig.room.entries("k").toString()).contains("seq=1");
            assertThat(rig.room.entries("other")).as("each key has its time").hasSize(1);
            rig.get(first);
            rig.get(third);
            rig.get(other);
            rig.advance(Duration.ofMillis(30));
            CompletableFuture<Pushed> later = db.replaceThinned("k", 4, MINUTE);
            rig.advance(Duration.ofMillis(6));
            assertThat(rig.room.entries("k").toString()).contains("seq=4");
            rig.get(later);
            assertThat(count(rig, ClientMessage.Push.class)).isEqualTo(4);
        }
    }

    // ---- shared values ----

    @Test
    @Tag("D34")
    void anActionThatCannotBeSentIsTakenBack() {
        try (Rig rig = new Rig()) {
            rig.server.down(true);
            SharedReducer<Long, Long> reducer = SharedReducer.open(rig.open(), "counter", 0L, Long::sum, LONGS, LONGS);
            List<Long> shown = new ArrayList<>();
            reducer.listen(shown::add).close();
            List<Long> still = new ArrayList<>();
            reducer.listen(still::add);
            CompletableFuture<Void> action = reducer.dispatch(5L);
            assertThat(reducer.get()).isEqualTo(5);
            assertThat(reducer.pending()).isEqualTo(1);
            assertThat(rig.failure(action)).isNotNull();
            assertThat(reducer.get()).isZero();
            assertThat(reducer.pending()).isZero();
            assertThat(shown).containsExactly(0L);
            assertThat(still).containsExactly(0L, 5L, 0L);
            reducer.close();
        }
    }

    @Test
    @Tag("D34")
    void whoHearsOfWhatIsUnusableNoMoreIsNotTold() {
        try (Rig rig = new Rig()) {
            SharedReducer<Long, Long> reducer = SharedReducer.open(rig.open(), "counter", 0L, Long::sum, LONGS, LONGS);
            List<Entry> told = new ArrayList<>();
            Registration registration = reducer.onUnusable(told::add);
            rig.run();
            rig.room.append("counter", "\"no action\"");
            rig.run();
            assertThat(told).hasSize(1);
            registration.close();
            rig.room.append("counter", "\"no action\"");
            rig.run();
            assertThat(told).hasSize(1);
            assertThat(reducer.view().status().phase()).isEqualTo(Phase.LIVE);
            reducer.close();
            rig.run();
            assertThat(rig.model.connections()).isEmpty();
        }
    }

    @Test
    @Tag("D35")
    void aStateTellsChangesAloneAndKeepsWhatItCannotRead() {
        try (Rig rig = new Rig()) {
            SharedState<Long> state = SharedState.open(rig.open(), "s", LONGS);
            List<Long> told = new ArrayList<>();
            Registration registration = state.listen(value -> told.add(value == null ? -1L : value));
            rig.run();
            rig.room.replace("s", "{\"v\":7,\"i\":\"js\"}");
            rig.run();
            rig.room.replace("s", "{\"v\":7,\"i\":\"js\"}");
            rig.run();
            rig.room.replace("s", "\"no state\"");
            rig.room.replace("s", "{\"i\":\"js\"}");
            rig.room.replace("s", "{\"v\":\"no number\"}");
            rig.run();
            assertThat(state.get()).contains(7L);
            assertThat(state.confirmed()).contains(7L);
            assertThat(told).containsExactly(-1L, 7L);
            rig.get(state.set(8L));
            rig.run();
            assertThat(told).containsExactly(-1L, 7L, 8L);
            registration.close();
            rig.get(state.set(9L));
            rig.run();
            assertThat(told).hasSize(3);
            assertThat(state.get()).contains(9L);
            assertThat(state.view().status().phase()).isEqualTo(Phase.LIVE);
            state.close();
            rig.run();
            assertThat(rig.model.connections()).isEmpty();
        }
    }

    @Test
    @Tag("D35")
    void updatesAreFoldedWhenThereAreMoreThanSixteen() {
        try (Rig rig = new Rig()) {
            SharedState<Long> state = SharedState.open(rig.open(), "s", LONGS);
            rig.run();
            for (long i = 1; i <= 17; i++) {
                assertThat(rig.get(state.update(value -> value == null ? 1L : value + 1)))
                        .isEqualTo(i);
                rig.run();
                assertThat(rig.room.entries("s")).hasSize(i <= 16 ? (int) i : 1);
            }
            CompletableFuture<Long> update = state.update(value -> -1L);
            CompletableFuture<Void> set = state.set(100L);
            assertThat(rig.get(update)).isEqualTo(-1);
            rig.get(set);
            rig.run();
            assertThat(state.get()).contains(100L);
            assertThat(rig.failure(state.update(value -> null))).isInstanceOf(NullPointerException.class);
            assertThat(rig.get(state.update(value -> value + 1)))
                    .as("the next one is not held up")
                    .isEqualTo(101);
        }
    }

    @Test
    @Tag("D35")
    void anUpdateOfWhichNothingCanBeReadIsUnknown() {
        try (Rig rig = new Rig()) {
            SharedState<Long> state = SharedState.open(rig.open(), "s", LONGS);
            rig.run();
            rig.model.faults().http(1, AnswerFault.status(403));
            assertThat(rig.failure(state.update(value -> 1L)))
                    .isInstanceOf(OutcomeUnknownException.class)
                    .hasMessageContaining("could not be read");
            rig.run();
            assertThat(state.get()).contains(1L);
        }
    }
}
