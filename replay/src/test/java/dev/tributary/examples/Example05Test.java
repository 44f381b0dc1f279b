package dev.tributary.examples;

import static dev.tributary.Capability.RESUME;
import static dev.tributary.Capability.TRANSACTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import dev.tributary.MaterializedView;
import dev.tributary.SourceBuilder;
import dev.tributary.SyncSource;
import dev.tributary.testkit.MemoryBackend;
import dev.tributary.testkit.electric.Column;
import dev.tributary.testkit.electric.ElectricServer;
import dev.tributary.testkit.electric.TableSpec;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Swap the backend; and what is wrong with an address is said at once. */
class Example05Test {

    record Player(long id, String name, int hp) {}

    private static List<Player> players(Map<String, String> config, Consumer<SourceBuilder> setup) throws Exception {
        // example 5
        SyncSource source = SyncSource.open(config.get("source"), setup); // electric+http://… → memory+ws://…
        MaterializedView<Player> players = source.materialize(config.get("players"), Player.class);
        // end
        try (source) {
            return players.awaitUpToDate(Shop.PATIENCE).snapshot().toList();
        }
    }

    @Test
    void theSameCodeReadsElectricAndMemory() throws Exception {
        MemoryBackend memory = MemoryBackend.create();
        memory.commit(tx -> tx.insert("player", 7L, Map.of("name", "ann", "hp", 90))
                .insert("player", 8L, Map.of("name", "bob", "hp", 0)));
        List<Player> ofMemory = players(
                Map.of("source", "memory+ws://memory", "players", "player?hp=90"),
                setup -> setup.transport(MemoryBackend.transport())
                        .wires(memory.wires())
                        .environment(memory.clock()));
        try (ElectricServer server = ElectricServer.start()) {
            server.with(model -> model.createTable(TableSpec.of(
                    "player",
                    Column.of("id", "int8").primaryKey(0),
                    Column.of("name", "text").required(),
                    Column.of("hp", "int4").required())));
            server.commit(tx -> tx.insert("player", Map.of("id", "7", "name", "ann", "hp", "90"))
                    .insert("player", Map.of("id", "8", "name", "bob", "hp", "0")));
            List<Player> ofElectric =
                    players(Map.of("source", server.uri().toString(), "players", "player?where=hp=90"), setup -> {});
            assertThat(ofElectric).isEqualTo(ofMemory).containsExactly(new Player(7, "ann", 90));
        }
    }

    @Test
    void anUnknownSchemeIsAnsweredByThoseThereAre() {
        assertThatThrownBy(() -> SyncSource.open("electrc+http://localhost:3000"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(
                        "no transport for \"electrc+http\". Found: driftdb, electric, sodp, spacetimedb. Did you mean electric+http? ")
                .hasMessageContaining("Add one to the class path or module path");
        assertThatThrownBy(() -> SyncSource.open("electric+ws://localhost:3000"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("electric+http");
    }

    @Test
    void anUnknownOptionIsAnsweredByTheNearest() {
        assertThatThrownBy(() -> SyncSource.open("electric+http://localhost:3000?prefech=1"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("unknown option 'prefech'")
                .hasMessageContaining("prefetch");
    }

    @Test
    void whatABackendCannotPromiseIsRefusedByName() {
        String uri = "electric+http://localhost:3000";
        assertThatThrownBy(() -> {
                    // example 5-require
                    SyncSource.open(
                            uri, options -> options.require(TRANSACTIONS, RESUME)); // refused, naming what is missing
                    // end
                })
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("the transport 'electric' does not have [TRANSACTIONS]; it has [RESUME,");
    }

    @Test
    void aSecretInAnAddressIsNotRepeated() {
        try (SyncSource source = SyncSource.open("electric+http://localhost:3000?secret=sesame")) {
            assertThat(source.toString()).contains("secret=***").doesNotContain("sesame");
            assertThat(source.address()).doesNotContain("sesame");
        }
    }
}
