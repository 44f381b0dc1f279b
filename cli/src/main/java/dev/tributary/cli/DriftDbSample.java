package dev.tributary.cli;

import dev.tributary.testkit.driftdb.DriftDbRoom;
import dev.tributary.testkit.driftdb.DriftDbSampleData;
import dev.tributary.testkit.driftdb.DriftDbServer;
import java.util.List;

/** The DriftDB reference server with one room. */
final class DriftDbSample implements SampleServer {

    /** Nothing is at stake in a room of sample data, so its id need not be hard to guess. */
    static final String ROOM = "demo";

    private final DriftDbServer server;
    private final DriftDbSampleData data;
    private final DriftDbRoom room;

    private DriftDbSample(DriftDbServer server, DriftDbSampleData data, DriftDbRoom room) {
        this.server = server;
        this.data = data;
        this.room = room;
    }

    static DriftDbSample start(DriftDbServer.Builder builder, long seed, int entries) {
        DriftDbServer server = builder.seed(seed).start();
        DriftDbSampleData data = new DriftDbSampleData(seed);
        DriftDbRoom room = server.query(model -> data.create(model, ROOM, entries));
        return new DriftDbSample(server, data, room);
    }

    @Override
    public String uri() {
        return server.uri(ROOM).toString();
    }

    @Override
    public String about() {
        return "A DriftDB server with a log 'chat'";
    }

    @Override
    public List<String> queries() {
        return List.of("chat?as=log", "slider", "cursors?as=log");
    }

    @Override
    public List<String> calls() {
        return List.of("append chat '{\"text\":\"hi\"}'");
    }

    @Override
    public void step() {
        server.with(model -> data.step(room));
    }

    @Override
    public void close() {
        server.close();
    }
}
