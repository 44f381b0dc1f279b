package dev.tributary.examples;

import static java.lang.System.Logger.Level.INFO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.MaterializedView;
import dev.tributary.SourceSnapshot;
import dev.tributary.SourceStatus;
import dev.tributary.SyncSource;
import dev.tributary.testkit.MemoryBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Many views, one source. */
class Example09Test {

    record Player(long id, String name, int hp) {}

    record Shot(long id, long target, boolean live) {}

    private final MemoryBackend backend = MemoryBackend.create();
    private final Log log = new Log();

    /** Keeps what is logged. */
    private static final class Log implements System.Logger {
        private final List<String> lines = new ArrayList<>();

        @Override
        public String getName() {
            return "game";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String line, Throwable thrown) {
            lines.add(line);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String line, Object... values) {
            lines.add(line);
        }
    }

    private void begin() {
        backend.commit(tx -> tx.insert("player", 7L, Map.of("name", "ann", "hp", 100))
                .insert("shot", 1L, Map.of("target", 7L, "live", true))
                .insert("shot", 2L, Map.of("target", 7L, "live", false)));
    }

    @Test
    void twoViewsOneInstantOneConnection() throws Exception {
        begin();
        // example 9
        try (SyncSource game = backend.source()) {
            MaterializedView<Player> players = game.materialize("player", Player.class);
            MaterializedView<Shot> shots = game.materialize("shot?live=true", Shot.class);
            // connecting · connected · waiting 3.2 s (attempt 4: connection reset) · closed
            game.onStatus(status -> log.log(INFO, status));
            players.awaitUpToDate(ofSeconds(10));
            shots.awaitUpToDate(ofSeconds(10));
            SourceSnapshot both = game.snapshot(); // one instant of both, where the protocol has it
            Player hit = both.of(players).get(both.of(shots).get(1).target());
            // end
            assertThat(hit).isEqualTo(new Player(7, "ann", 100));
            assertThat(both.of(shots).toList()).containsExactly(new Shot(1, 7, true));
            assertThat(backend.connections()).isEqualTo(1);
            assertThat(log.lines).contains("connected");
            // example 9
        }
        // end
    }

    @Test
    void noListenerEverSeesHalfATransaction() throws Exception {
        begin();
        try (SyncSource game = backend.source()) {
            MaterializedView<Player> players =
                    game.materialize("player", Player.class).awaitUpToDate(ofSeconds(10));
            MaterializedView<Shot> shots =
                    game.materialize("shot?live=true", Shot.class).awaitUpToDate(ofSeconds(10));
            List<String> seen = new ArrayList<>();
            Runnable look = () -> {
                SourceSnapshot both = game.snapshot();
                seen.add(both.of(players).get(7).hp() + " " + both.of(shots).size());
            };
            players.listen(commit -> look.run());
            shots.listen(commit -> look.run());
            backend.clock().run();
            backend.commit(tx -> tx.update("player", 7L, Map.of("hp", 90)).update("shot", 1L, Map.of("live", false)));
            backend.clock().run();
            assertThat(seen).containsExactly("100 1", "100 1", "90 0", "90 0");
        }
    }

    @Test
    void theSameQueryTwiceIsOneSubscription() throws Exception {
        begin();
        try (SyncSource game = backend.source()) {
            MaterializedView<Player> one =
                    game.materialize("player", Player.class).awaitUpToDate(ofSeconds(10));
            MaterializedView<Player> two = game.materialize("player", Player.class);
            assertThat(two.get(7)).as("there at once").isEqualTo(one.get(7));
            one.close();
            backend.commit(tx -> tx.update("player", 7L, Map.of("hp", 50)));
            backend.clock().run();
            assertThat(two.get(7).hp()).isEqualTo(50);
        }
    }

    @Test
    void aWaitIsCutShortAndARefreshAsksAgain() throws Exception {
        begin();
        try (SyncSource game = backend.source()) {
            MaterializedView<Player> players =
                    game.materialize("player", Player.class).awaitUpToDate(ofSeconds(10));
            backend.refuseConnections();
            backend.dropConnections();
            backend.clock().advance(ofSeconds(5));
            assertThat(game.status().phase()).isEqualTo(SourceStatus.Phase.WAITING);
            assertThat(game.status().toString()).matches("waiting \\d+\\.\\d s \\(attempt \\d+: .+\\)");
            backend.acceptConnections();
            game.retryNow();
            backend.clock().run();
            assertThat(game.status().toString()).isEqualTo("connected");
            CompletableFuture<MaterializedView<Player>> refreshed = players.refresh();
            backend.clock().run();
            assertThat(refreshed).isCompleted();
        }
    }
}
