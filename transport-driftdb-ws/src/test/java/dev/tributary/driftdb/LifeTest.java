package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ConfigurationException;
import dev.tributary.Credential;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SourceStatus;
import dev.tributary.SyncSource;
import dev.tributary.testkit.driftdb.AnswerFault;
import dev.tributary.testkit.driftdb.DriftDbConnection;
import dev.tributary.testkit.driftdb.DriftDbOptions;
import dev.tributary.testkit.socket.HttpRequest;
import dev.tributary.testkit.socket.HttpResponse;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rooms and connections from their beginning to their end. */
class LifeTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    @Tag("D1")
    void roomsAreMadeAndLookedUpByBothServers() {
        for (DriftDbOptions options : List.of(DriftDbOptions.standAlone(), DriftDbOptions.edgeWorker())) {
            try (Rig rig = new Rig(3, options)) {
                DriftDb root = rig.db(rig.openAt("ws://model", builder -> builder));
                Room made = rig.get(root.createRoom(MINUTE));
                assertThat(rig.model.room(made.id()) != null || options.worker())
                        .isTrue();
                assertThat(rig.get(root.room(made.id(), MINUTE))).isEqualTo(made);
                SyncSource source = rig.openAt("ws://model/room/" + made.id(), builder -> builder);
                assertThat(rig.get(rig.db(source).append("k", 1, MINUTE))).isNotNull();
                if (!options.worker()) {
                    assertThat(rig.failure(root.room("unknown", MINUTE))).isInstanceOf(RoomNotFoundException.class);
                }
                assertThat(rig.failure(root.append("k", 1, MINUTE)))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("/room/ID");
            }
        }
    }

    @Test
    @Tag("D3")
    void urlsAreDerivedOrRewrittenWhereTheApplicationSaysSo() {
        try (Rig rig = new Rig()) {
            MaterializedView<Row> derived =
                    rig.open(DriftDbSourceBuilder::deriveUrls).materialize("k");
            MaterializedView<Row> rewritten = rig.open(builder ->
                            builder.rewriteUrls(url -> URI.create(url.toString().replace("//model", "//inside"))))
                    .materialize("k");
            rig.run();
            assertThat(derived.status().phase()).isEqualTo(Phase.LIVE);
            assertThat(rewritten.status().phase()).isEqualTo(Phase.LIVE);
            assertThat(rig.targets.stream()
                            .map(target -> target.uri().getScheme() + "/"
                                    + target.uri().getHost()))
                    .containsExactlyInAnyOrder("ws/model", "http/model", "ws/inside");
        }
    }

    @Test
    @Tag("D20")
    void afterARestartTheRoomIsGoneWithinTwoAttempts() {
        try (Rig rig = new Rig()) {
            rig.room.append("k", "1");
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("k?as=log");
            rig.run();
            int before = rig.sockets().size();
            rig.model.restart();
            rig.advance(Rig.LONG);
            assertThat(log.status().phase()).isEqualTo(Phase.FAILED);
            assertThat(log.status().reason()).isInstanceOf(RoomNotFoundException.class);
            assertThat(rig.sockets().size() - before).isLessThanOrEqualTo(2);
            assertThat(Rig.log(log)).as("readable still").containsExactly("1:1");
        }
    }

    @Test
    @Tag("D20")
    void aLostRoomIsRebuiltFromItsViews() {
        try (Rig rig = new Rig()) {
            for (int i = 1; i <= 50; i++) {
                rig.room.append("log", "" + i);
            }
            rig.room.replace("state", "{\"a\":1}");
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("log?as=log");
            MaterializedView<Row> state = source.materialize("state");
            rig.run();
            rig.model.restart();
            rig.advance(Rig.LONG);
            Room made = rig.get(rig.db(source).createRoom(MINUTE));
            SyncSource next = rig.openAt("ws://model/room/" + made.id(), builder -> builder);
            rig.get(rig.db(next).reseed(log, MINUTE));
            rig.get(rig.db(next).reseed(state, MINUTE));
            assertThat(rig.model.room(made.id()).entries("log")).hasSize(50);
            List<Entry> entries = rig.get(rig.db(next).http().read("log", 0, MINUTE));
            assertThat(entries).extracting(Entry::value).startsWith(1L, 2L, 3L).endsWith(50L);
            assertThat(rig.get(rig.db(next).http().latest("state", MINUTE))
                            .orElseThrow()
                            .value())
                    .hasToString("{a=1}");
        }
    }

    @Test
    @Tag("D21")
    void refusedConnectionsAreTriedAgainAndPermanentRefusalsAreNot() {
        try (Rig rig = new Rig()) {
            rig.server.down(true);
            SyncSource source = rig.open();
            MaterializedView<Row> view = source.materialize("k");
            rig.advance(MINUTE);
            assertThat(source.status().phase()).isIn(SourceStatus.Phase.WAITING, SourceStatus.Phase.CONNECTING);
            rig.server.down(false);
            rig.advance(MINUTE);
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        }
        for (int status : new int[] {400, 404}) {
            try (Rig rig = new Rig()) {
                rig.model.faults().upgrade(1, AnswerFault.status(status));
                MaterializedView<Row> view = rig.open().materialize("k");
                rig.advance(MINUTE);
                assertThat(view.status().phase()).isEqualTo(Phase.FAILED);
                assertThat(rig.sockets()).hasSize(1);
            }
        }
        for (int status : new int[] {429, 503}) {
            try (Rig rig = new Rig()) {
                rig.model.faults().upgrade(3, AnswerFault.status(status));
                rig.model.faults().http(1, AnswerFault.status(status));
                MaterializedView<Row> view = rig.open().materialize("k");
                rig.advance(Rig.LONG);
                assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
            }
        }
    }

    @Test
    @Tag("D21")
    void anUpgradeWithoutAnswerIsNoLostRoomWhereTheServerKnowsIt() {
        try (Rig rig = new Rig()) {
            rig.model.faults().upgrade(2, new AnswerFault.Cut(false));
            MaterializedView<Row> view = rig.open().materialize("k");
            rig.advance(MINUTE);
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        }
    }

    private static AnswerFault comeLater() {
        return new AnswerFault.Respond(HttpResponse.of(503).with("retry-after", "20"));
    }

    @Test
    @Tag("D21")
    void whoAsksWhetherTheRoomIsThereIsToldWhenToComeAgain() {
        try (Rig rig = new Rig()) {
            rig.model.faults().upgrade(1, new AnswerFault.Cut(false));
            // The room, the socket, and the room again.
            rig.model.faults().request(request -> rig.targets.size() == 3, 1, comeLater());
            MaterializedView<Row> view = rig.open().materialize("k");
            rig.advance(Duration.ofSeconds(19));
            assertThat(rig.targets).hasSize(3);
            rig.advance(Duration.ofSeconds(5));
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        }
    }

    /** Over HTTP the read fails, and its own socket is refused. */
    private static MaterializedView<Row> viewWhoseReadIsToldToComeLater(Rig rig) {
        MaterializedView<Row> view = rig.open().materialize("k");
        rig.run();
        rig.model.faults().http(1, AnswerFault.status(500));
        rig.model.faults().upgrade(1, comeLater());
        rig.room.replace("k", "1");
        while (rig.sockets().size() < 2) {
            rig.advance(Duration.ofMillis(10));
        }
        rig.advance(Duration.ofMillis(10));
        return view;
    }

    @Test
    @Tag("D21")
    void whatAReadWasToldOfComingAgainHoldsForTheNextSessionToo() {
        try (Rig rig = new Rig()) {
            MaterializedView<Row> view = viewWhoseReadIsToldToComeLater(rig);
            rig.model.connections().forEach(DriftDbConnection::drop);
            rig.advance(Duration.ofSeconds(19));
            assertThat(rig.sockets()).hasSize(2);
            rig.advance(Duration.ofSeconds(5));
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        }
    }

    @Test
    @Tag("D21")
    void whatAReadWasToldOfComingAgainIsOldOnceTheSocketSaysMore() {
        try (Rig rig = new Rig()) {
            MaterializedView<Row> view = viewWhoseReadIsToldToComeLater(rig);
            rig.room.replace("k", "2");
            rig.advance(Duration.ofMillis(10));
            rig.model.connections().forEach(DriftDbConnection::drop);
            rig.advance(Duration.ofSeconds(2));
            assertThat(rig.sockets()).hasSizeGreaterThan(2);
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        }
    }

    @Test
    @Tag("L8")
    void credentialsAreAskedForAgainWhenRefused() {
        try (Rig rig = new Rig()) {
            List<String> asked = new ArrayList<>();
            rig.model
                    .faults()
                    .request(
                            (HttpRequest request) ->
                                    !"Bearer token-2".equals(request.headers().get("authorization"))
                                            && !"Bearer token-2"
                                                    .equals(request.headers().get("Authorization")),
                            1,
                            AnswerFault.status(401));
            SyncSource source = rig.open(builder -> builder.credentials(refusal -> {
                asked.add(refusal == null ? "first" : "refused");
                return CompletableFuture.completedFuture(Credential.token("token-" + asked.size()));
            }));
            MaterializedView<Row> view = source.materialize("k");
            rig.advance(MINUTE);
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
            assertThat(asked).containsExactly("first", "refused");
        }
    }

    @Test
    @Tag("L8")
    void credentialsThatAReadIsRefusedForAreReplacedToo() {
        try (Rig rig = new Rig()) {
            List<String> asked = new ArrayList<>();
            SyncSource source = rig.open(builder -> builder.credentials(refusal -> {
                asked.add(refusal == null ? "first" : "refused");
                return CompletableFuture.completedFuture(Credential.token("t"));
            }));
            MaterializedView<Row> view = source.materialize("k");
            rig.run();
            rig.model.faults().http(1, AnswerFault.status(401));
            rig.room.replace("k", "1");
            rig.advance(Rig.LONG);
            assertThat(asked).contains("refused");
            assertThat(view.snapshot().isVerified()).isTrue();
        }
    }

    @Test
    @Tag("D22")
    @Tag("L12")
    void closingInAnyStateEndsEverything() {
        for (long millis = 0; millis <= 60; millis += 3) {
            for (boolean down : new boolean[] {false, true}) {
                try (Rig rig = new Rig()) {
                    rig.server.down(down);
                    SyncSource source = rig.open();
                    List<Object> heard = new ArrayList<>();
                    MaterializedView<Row> view = source.materialize("k?as=log");
                    view.listen(heard::add);
                    CompletableFuture<Pushed> push = rig.db(source).append("k", 1, MINUTE);
                    CompletableFuture<Duration> latency = rig.db(source).latency(MINUTE);
                    rig.advance(Duration.ofMillis(millis));
                    source.close();
                    source.close();
                    rig.advance(Duration.ofMillis(20));
                    int wires = rig.targets.size();
                    int commits = heard.size();
                    rig.room.append("k", "\"later\"");
                    rig.advance(Rig.LONG);
                    assertThat(push).isDone();
                    assertThat(latency).isDone();
                    assertThat(rig.targets).hasSize(wires);
                    assertThat(heard).hasSize(commits);
                    assertThat(rig.environment.pending().isNothing())
                            .as("%s", rig.environment.pending())
                            .isTrue();
                }
            }
        }
    }

    @Test
    @Tag("D23")
    void ourOwnCloseIsNoFailure() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            MaterializedView<Row> view = source.materialize("k");
            rig.run();
            view.close();
            rig.run();
            assertThat(rig.endings).isEmpty();
            assertThat(rig.model.connections()).isEmpty();
            assertThat(source.status().phase()).isEqualTo(SourceStatus.Phase.IDLE);
        }
    }

    @Test
    @Tag("D40")
    void aValueThatJsonCannotCarryLeadsToCbor() {
        try (Rig rig = new Rig()) {
            rig.room.append("k", "1");
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            boolean[] json = {true};
            rig.model
                    .faults()
                    .frame(
                            frame -> frame instanceof dev.tributary.testkit.driftdb.ServerMessage.Init
                                    && rig.sockets()
                                                    .get(rig.sockets().size() - 1)
                                                    .getRawQuery()
                                            == null
                                    && json[0],
                            9,
                            new dev.tributary.testkit.driftdb.FrameFault.Cut());
            rig.advance(Rig.LONG);
            assertThat(Rig.log(log)).containsExactly("1:1");
            assertThat(rig.sockets())
                    .hasSize(3)
                    .last()
                    .satisfies(uri -> assertThat(uri.getRawQuery()).isEqualTo("cbor=true"));
            assertThat(rig.endings).last().asString().startsWith("FALL_BACK");
        }
    }

    @Test
    @Tag("D45")
    void theIdOfTheRoomAppearsNowhere() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            MaterializedView<Row> view = source.materialize("k");
            rig.run();
            CompletableFuture<Pushed> push = rig.db(source).append("k", 1, MINUTE);
            rig.get(push);
            rig.model.restart();
            rig.advance(Rig.LONG);
            assertThat(String.join("\n", rig.printables())
                            + rig.endings
                            + rig.faults
                            + source.address()
                            + source
                            + view.status()
                            + source.status())
                    .doesNotContain(rig.room.id());
        }
    }

    @Test
    @Tag("D40")
    @Tag("L6")
    void aServerThatDoesNotKnowCborIsNotAskedForEver() {
        try (Rig rig = new Rig(7, DriftDbOptions.publishedServer())) {
            MaterializedView<Row> view =
                    rig.open(builder -> builder.encoding(Encoding.CBOR)).materialize("k");
            rig.advance(Rig.LONG);
            assertThat(view.status().phase()).isEqualTo(Phase.FAILED);
            assertThat(view.status().toString()).contains("does not know CBOR");
            assertThat(rig.sockets()).hasSize(1);
        }
    }

    @Test
    @Tag("D11")
    void messagesOfKeysThatNobodyAskedForAreIgnored() {
        try (Rig rig = new Rig(7, DriftDbOptions.publishedServer())) {
            MaterializedView<Row> log = rig.open().materialize("k?as=log");
            rig.run();
            rig.room.append("other", "1");
            rig.room.append("k", "2");
            rig.run();
            assertThat(Rig.log(log)).containsExactly("2:2");
            assertThat(rig.faults).isEmpty();
        }
    }
}
