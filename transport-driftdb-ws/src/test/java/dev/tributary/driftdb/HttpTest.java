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
