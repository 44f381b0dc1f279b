package dev.tributary.examples;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.spacetimedb.Arguments;
import dev.tributary.spacetimedb.ReducerOutcome;
import dev.tributary.spacetimedb.SpacetimeDb;
import dev.tributary.testkit.spacetimedb.SpacetimeDbSampleData;
import dev.tributary.testkit.spacetimedb.SpacetimeDbServer;
import org.junit.jupiter.api.Test;

/** Reducers of SpacetimeDB are its writes. */
class Example08ReducersTest {

    @Test
    void aReducer() throws Exception {
        try (SpacetimeDbServer server = SpacetimeDbServer.start(SpacetimeDbSampleData.module());
                SyncSource source = SyncSource.open(server.uri().toString());
                MaterializedView<Row> players = source.materialize("SELECT * FROM player")) {
            players.awaitUpToDate(Shop.PATIENCE);
            // example 8-spacetimedb
            SpacetimeDb db = source.unwrap(SpacetimeDb.class);
            ReducerOutcome added = db.callReducer("add_player", Arguments.of("ann"), ofSeconds(2))
                    .join(); // committed, and my views show it; or failed, which is a result and no exception
            // end
            assertThat(added.isCommitted()).isTrue();
            assertThat(players.snapshot().toList())
                    .singleElement()
                    .satisfies(row -> assertThat(row.get("name")).isEqualTo("ann"));
        }
    }
}
