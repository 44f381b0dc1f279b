package dev.tributary.cli;

import dev.tributary.testkit.spacetimedb.SpacetimeDbSampleData;
import dev.tributary.testkit.spacetimedb.SpacetimeDbServer;
import java.util.List;

/** The SpacetimeDB reference server with a small game. */
final class SpacetimeDbSample implements SampleServer {

    private final SpacetimeDbServer server;
    private final SpacetimeDbSampleData data;

    private SpacetimeDbSample(SpacetimeDbServer server, SpacetimeDbSampleData data) {
        this.server = server;
        this.data = data;
    }

    static SpacetimeDbServer.Builder builder() {
        return SpacetimeDbServer.builder(SpacetimeDbSampleData.module());
    }

    static SpacetimeDbSample start(SpacetimeDbServer.Builder builder, long seed, int players) {
        SpacetimeDbServer server = builder.seed(seed).start();
        SpacetimeDbSampleData data = new SpacetimeDbSampleData(seed);
        server.with(model -> data.create(model, players));
        return new SpacetimeDbSample(server, data);
    }

    @Override
    public String uri() {
        return server.uri().toString();
    }

    @Override
    public String about() {
        return "A SpacetimeDB server with a table '" + SpacetimeDbSampleData.PLAYER + "'";
    }

    @Override
    public List<String> queries() {
        return List.of(
                all(SpacetimeDbSampleData.PLAYER),
                all(SpacetimeDbSampleData.ONLINE),
                all(SpacetimeDbSampleData.MESSAGE),
                all(SpacetimeDbSampleData.WORD),
                "SELECT item.* FROM item JOIN player ON item.player_id = player.id WHERE player.online = true");
    }

    private static String all(String table) {
        return "SELECT * FROM " + table;
    }

    @Override
    public List<String> calls() {
        return List.of("procedure add '[1,2]'", "reducer add_player '[\"Zoe\"]'");
    }

    @Override
    public void step() {
        server.with(data::step);
    }

    @Override
    public void close() {
        server.close();
    }
}
