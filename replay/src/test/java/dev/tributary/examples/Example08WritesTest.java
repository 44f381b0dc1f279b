package dev.tributary.examples;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.driftdb.DriftDb;
import dev.tributary.sodp.Sodp;
import dev.tributary.testkit.driftdb.DriftDbServer;
import dev.tributary.testkit.sodp.SodpDialect;
import dev.tributary.testkit.sodp.SodpServer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Writes of the transports that have them; an own write is visible when its future completes. */
class Example08WritesTest {

    @Test
    void aPatchOfSodp() throws Exception {
        try (SodpServer server = SodpServer.start(SodpDialect.TYPESCRIPT);
                SyncSource source = SyncSource.open("sodp+" + server.webSocketUri());
                MaterializedView<Row> players = source.materialize("game.player")) {
            source.unwrap(Sodp.class)
                    .set("game.player", Map.of("name", "ann", "hp", 100), Shop.PATIENCE)
                    .join();
            players.awaitUpToDate(Shop.PATIENCE);
            // example 8-sodp
            Sodp sodp = source.unwrap(Sodp.class); // a refusal names what this source can do instead
            sodp.patch("game.player", Map.of("hp", 90), ofSeconds(2))
                    .join(); // applied; else it fails: rejected (reason), or outcome unknown
            // end
            assertThat(players.get("game.player").get("value")).isEqualTo(Map.of("name", "ann", "hp", 90L));
        }
    }

    @Test
    void anEntryOfDriftDb() throws Exception {
        try (DriftDbServer server = DriftDbServer.start();
                SyncSource nowhere = DriftDb.source(server.httpUri()).open()) {
            String room = nowhere.unwrap(DriftDb.class)
                    .createRoom(Shop.PATIENCE)
                    .join()
                    .id();
            try (SyncSource source = SyncSource.open(server.uri(room).toString());
                    MaterializedView<Row> chat = source.materialize("chat?as=log")) {
                chat.awaitUpToDate(Shop.PATIENCE);
                // example 8-driftdb
                DriftDb drift = source.unwrap(DriftDb.class);
                drift.append("chat", Map.of("from", "ann", "text", "hi"), ofSeconds(2))
                        .join(); // retained, with its number where the echo came
                // end
                assertThat(chat.snapshot().toList())
                        .singleElement()
                        .satisfies(row -> assertThat(row.get("value")).isEqualTo(Map.of("from", "ann", "text", "hi")));
            }
        }
    }
}
