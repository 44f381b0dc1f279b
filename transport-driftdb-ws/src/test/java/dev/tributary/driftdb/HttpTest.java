package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import dev.tributary.ConnectionException;
import dev.tributary.LimitExceededException;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.ProtocolException;
import dev.tributary.SyncSource;
import dev.tributary.testkit.driftdb.AnswerFault;
import dev.tributary.testkit.socket.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A room over HTTP alone. */
class HttpTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static SyncSource http(Rig rig) {
        return rig.openAt("http://model/room/" + rig.room.id(), builder -> builder);
    }

    @Test
    @Tag("D42")
    void putLatestAppendReadFoldPing() {
        try (Rig rig = new Rig()) {
            SyncSource source = http(rig);
            DriftHttp room = rig.db(source).http();
            assertThat(rig.get(room.latest("k", MINUTE))).isEmpty();
            assertThat(rig.get(room.put("k", Map.of("a", 1), MINUTE)).size()).isEmpty();
            assertThat(rig.get(room.append("k", "b", MINUTE)).size()).hasValue(2);
            assertThat(rig.get(room.read("k", 0, MINUTE)))
                    .containsExactly(new Entry(1, Map.of("a", 1L)), new Entry(2, "b"));
            assertThat(rig.get(room.read("k", 1, MINUTE))).containsExactly(new Entry(2, "b"));
            assertThat(rig.get(room.latest("k", MINUTE))).contains(new Entry(2, "b"));
            assertThat(rig.get(room.fold("k", "all", 2, MINUTE)).size()).isEmpty();
            assertThat(rig.get(room.read("k", 0, MINUTE))).containsExactly(new Entry(2, "all"));
            rig.get(room.ping(MINUTE));
            assertThat(rig.get(rig.db(source).append("k", 3, MINUTE)).size()).hasValue(2);
            assertThat(rig.sockets()).as("no socket was opened").isEmpty();
        }
    }

    @Test
    @Tag("D42")
    void statusesAreTyped() {
        for (int status : new int[] {400, 413, 415, 422, 500, 503}) {
            try (Rig rig = new Rig()) {
                DriftDb db = rig.db(http(rig));
                rig.get(db.http().ping(MINUTE));
                rig.model.faults().http(1, AnswerFault.status(status));
                assertThat(rig.failure(db.http().put("k", 1, MINUTE)))
                        .isInstanceOfSatisfying(
                                DriftDbException.class,
                                e -> assertThat(e.status()).isEqualTo(status));
            }
        }
        try (Rig rig = new Rig()) {
            DriftDb db = rig.db(http(rig));
            rig.get(db.http().ping(MINUTE));
            rig.model.restart();
            assertThat(rig.failure(db.http().read("k", 0, MINUTE))).isInstanceOf(RoomNotFoundException.class);
            DriftDb other = rig.db(http(rig));
            assertThat(rig.failure(other.http().read("k", 0, MINUTE))).isInstanceOf(RoomNotFoundException.class);
        }
    }

    @Test
    @Tag("D42")
    @Tag("D24")
    void aCutExchangeLeavesTheOutcomeOfAWriteUnknown() {
        try (Rig rig = new Rig()) {
            DriftHttp room = rig.db(http(rig)).http();
            rig.get(room.ping(MINUTE));
            rig.model.faults().http(1, new AnswerFault.Cut(true));
            assertThat(rig.failure(room.append("k", 1, MINUTE))).isInstanceOf(OutcomeUnknownException.class);
            assertThat(rig.room.entries("k")).hasSize(1);
            rig.model.faults().http(1, new AnswerFault.Cut(false));
            assertThat(rig.failure(room.read("k", 0, MINUTE))).isInstanceOf(ConnectionException.class);
            rig.model.faults().http(1, new AnswerFault.Silence(true));
            assertThat(rig.failure(room.append("k", 2, MINUTE))).isInstanceOf(OutcomeUnknownException.class);
        }
    }

    /** What a room retains, one text for each entry. */
    private static List<String> retained(Rig rig, String key) {
        return rig.room.entries(key).stream()
                .map(entry -> entry.value().toString())
                .toList();
    }

    @Property(tries = 80)
    @net.jqwik.api.Tag("D25")
    @net.jqwik.api.Tag("D42")
    void whatNamesItsSenderIsWrittenOnceHoweverOftenTheAnswerIsLost(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 3) Integer> exchanges, @ForAll boolean ofTheSource) {
        try (Rig rig = new Rig()) {
            DriftDb db = rig.db(http(rig));
            rig.get(db.http().ping(MINUTE));
            // Writes and the reads that look for them alike.
            for (int what : exchanges) {
                rig.model.faults().http(1, what == 0 ? new AnswerFault.Delay(5) : failing(what));
            }
            Duration deadline = Duration.ofHours(1);
            List<CompletableFuture<Pushed>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Push push = Push.append("k", Envelopes.action(i, "me", i + 1)).atLeastOnce();
                all.add(ofTheSource ? db.push(push, deadline) : db.http().push(push, deadline));
            }
            rig.advance(Duration.ofMinutes(30));
            assertThat(all).allMatch(CompletableFuture::isDone);
            all.forEach(CompletableFuture::join);
            rig.model.faults().clear();
            assertThat(rig.get(db.http().read("k", 0, MINUTE)))
                    .<Object>extracting(entry -> ((Map<?, ?>) entry.value()).get("n"))
                    .containsExactly(1L, 2L, 3L, 4L);
        }
    }

    private static AnswerFault failing(int what) {
        return switch (what) {
            case 1 -> new AnswerFault.Cut(true);
            case 2 -> new AnswerFault.Cut(false);
            default -> AnswerFault.status(503);
        };
    }

    @Test
    @Tag("D25")
    @Tag("D42")
    void aFoldIsSentAgainAndDoesTheSameTwice() {
        for (boolean applied : new boolean[] {true, false}) {
            try (Rig rig = new Rig()) {
                DriftDb db = rig.db(http(rig));
                rig.get(db.append("k", 1, MINUTE));
                rig.get(db.append("k", 2, MINUTE));
                rig.get(db.append("k", 3, MINUTE));
                rig.model.faults().http(1, new AnswerFault.Cut(applied));
                rig.get(db.push(Push.compact("k", "all", 2).atLeastOnce(), MINUTE));
                assertThat(rig.get(db.http().read("k", 0, MINUTE)))
                        .containsExactly(new Entry(2, "all"), new Entry(3, 3L));
            }
        }
    }

    @Test
    @Tag("D25")
    @Tag("D42")
    void whatCannotBeRecognisedEndsUnknownAlthoughItIsWantedAtLeastOnce() {
        try (Rig rig = new Rig()) {
            DriftDb db = rig.db(http(rig));
            rig.get(db.append("k", 1, MINUTE));
            for (Push push : List.of(Push.append("k", 1), Push.replace("k", Map.of("n", 1)))) {
                rig.model.faults().http(1, new AnswerFault.Cut(false));
                assertThat(rig.failure(db.push(push.atLeastOnce(), MINUTE)))
                        .isInstanceOf(OutcomeUnknownException.class);
            }
            rig.run();
            assertThat(retained(rig, "k")).hasSize(1);
        }
    }

    @Test
    @Tag("D25")
    @Tag("D42")
    void aSessionThatIsLostMakesNoSecondCopyOfWhatLeftOverHttp() {
        try (Rig rig = new Rig()) {
            SyncSource source = http(rig);
            source.materialize("other");
            DriftDb db = rig.db(source);
            rig.run();
            Push named = Push.append("k", Envelopes.action("a", "me", 1)).atLeastOnce();
            Push plain = Push.append("p", "b").atLeastOnce();
            rig.model.faults().http(2, new AnswerFault.Silence(true));
            CompletableFuture<Pushed> first = db.push(named, MINUTE);
            CompletableFuture<Pushed> second = db.push(plain, MINUTE);
            rig.advance(Duration.ofMillis(100));
            rig.model.connections().forEach(connection -> connection.drop());
            assertThat(rig.get(first).number()).as("it was found").isPresent();
            assertThat(rig.failure(second)).isInstanceOf(OutcomeUnknownException.class);
            assertThat(retained(rig, "k")).hasSize(1);
            assertThat(retained(rig, "p")).hasSize(1);
        }
    }

    @Test
    @Tag("D24")
    @Tag("D42")
    void whatIsGivenUpWhileItIsLookedForLetsTheNextOnesPass() {
        try (Rig rig = new Rig()) {
            DriftDb db = rig.db(http(rig));
            rig.get(db.http().ping(MINUTE));
            Push named = Push.append("k", Envelopes.action("a", "me", 1)).atLeastOnce();
            rig.model.faults().http(9, new AnswerFault.Cut(false));
            CompletableFuture<Pushed> stuck = db.push(named, Duration.ofSeconds(3));
            CompletableFuture<Pushed> behind = db.append("k", "b", Duration.ofHours(1));
            rig.advance(Duration.ofSeconds(2));
            assertThat(behind).isNotDone();
            assertThat(rig.failure(stuck)).isInstanceOf(OutcomeUnknownException.class);
            rig.model.faults().clear();
            rig.get(behind);
            assertThat(rig.get(db.http().read("k", 0, MINUTE)))
                    .extracting(Entry::value)
                    .contains("b");
        }
    }

    @Test
    @Tag("D42")
    void messagesOfOneKeyKeepTheirOrder() {
        try (Rig rig = new Rig()) {
            DriftDb db = rig.db(http(rig));
            List<CompletableFuture<Pushed>> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                all.add(db.append("k", i, MINUTE));
            }
            CompletableFuture<List<Entry>> read = db.http().read("k", 0, MINUTE);
            all.forEach(rig::get);
            assertThat(rig.get(read)).extracting(Entry::value).hasSize(100).isSorted();
        }
    }

    @Test
    @Tag("D42")
    @Tag("L10")
    void anAnswerThatIsNoneIsRefused() {
        for (String body : new String[] {"", "{", "[]", "{\"type\":\"pong\",\"nonce\":1}", "7"}) {
            try (Rig rig = new Rig()) {
                DriftHttp room = rig.db(http(rig)).http();
                rig.get(room.ping(MINUTE));
                rig.model.faults().http(1, new AnswerFault.Respond(HttpResponse.of(200, "application/json", body)));
                assertThat(rig.failure(room.read("k", 0, MINUTE))).isInstanceOf(ProtocolException.class);
            }
        }
    }

    @Test
    @Tag("D10")
    void whatIsTooLargeIsRefusedHere() {
        try (Rig rig = new Rig()) {
            DriftDb db = rig.db(http(rig));
            assertThat(rig.failure(db.append("k", "x".repeat(HttpMessages.MOST_BODY), MINUTE)))
                    .isInstanceOf(LimitExceededException.class);
            DriftDb socket = rig.db(rig.open());
            assertThat(rig.failure(socket.append("k", "x".repeat(WriteWindow.MOST_MESSAGE), MINUTE)))
                    .isInstanceOf(LimitExceededException.class);
            assertThat(rig.received).noneMatch(message -> message.key() != null);
            assertThatThrownBy(() -> db.http().read("k".repeat(2000), 0, MINUTE))
                    .isInstanceOf(ConfigurationException.class);
        }
    }
}
