package dev.tributary.cli;

import dev.tributary.testkit.electric.ElectricServer;
import dev.tributary.testkit.electric.SampleData;
import java.util.List;

/** The Electric reference server with a table of sample data. */
final class ElectricSample implements SampleServer {

    private final ElectricServer server;
    private final SampleData data;

    private ElectricSample(ElectricServer server, SampleData data) {
        this.server = server;
        this.data = data;
    }

    static ElectricSample start(ElectricServer.Builder builder, long seed, int rows) {
        ElectricServer server = builder.seed(seed).start();
        SampleData data = new SampleData(seed);
        server.with(model -> data.create(model, rows));
        return new ElectricSample(server, data);
    }

    @Override
    public String uri() {
        return server.uri().toString();
    }

    @Override
    public String about() {
        return "An Electric server with a table 'items'";
    }

    @Override
    public List<String> queries() {
        return List.of("items");
    }

    @Override
    public List<String> calls() {
        return List.of();
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
