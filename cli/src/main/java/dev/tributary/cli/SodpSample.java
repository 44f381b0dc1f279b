package dev.tributary.cli;

import dev.tributary.testkit.sodp.SodpSampleData;
import dev.tributary.testkit.sodp.SodpServer;
import java.util.List;

/** The SODP reference server with a few keys. */
final class SodpSample implements SampleServer {

    private final SodpServer server;
    private final SodpSampleData data;

    private SodpSample(SodpServer server, SodpSampleData data) {
        this.server = server;
        this.data = data;
    }

    static SodpSample start(SodpServer.Builder builder, long seed, int cursors) {
        SodpServer server = builder.seed(seed).start();
        SodpSampleData data = new SodpSampleData(seed);
        server.with(model -> data.create(model, cursors));
        return new SodpSample(server, data);
    }

    @Override
    public String uri() {
        return server.uri().toString();
    }

    @Override
    public String about() {
        return "An SODP server with a key '" + SodpSampleData.CURSORS + "'";
    }

    @Override
    public List<String> queries() {
        return List.of(
                SodpSampleData.CURSORS + "?as=children",
                SodpSampleData.PLAYER,
                SodpSampleData.SCORE,
                SodpSampleData.FEED,
                SodpSampleData.ORDER);
    }

    @Override
    public List<String> calls() {
        return List.of("patch " + SodpSampleData.PLAYER + " '{\"health\":90}'");
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
