package dev.tributary.benchmarks;

import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.testkit.electric.ElectricServer;
import dev.tributary.testkit.electric.SampleData;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** What so many shapes cost one process that all wait for changes. */
final class IdleShapes {

    private static final Duration TIMEOUT = Duration.ofSeconds(120);
    private static final int ROWS = 10;

    private IdleShapes() {}

    /** The server, in a process of its own. */
    static final class Server {

        private Server() {}

        /** Serves a small table until the standard input ends. */
        public static void main(String[] args) throws IOException {
            try (ElectricServer server = ElectricServer.builder()
                    .longPoll(Duration.ofMinutes(5))
                    .requestsPerConnection(1_000)
                    .start()) {
                server.with(model -> new SampleData(7).create(model, ROWS));
                System.out.println("PORT " + server.port());
                while (System.in.read() >= 0) {
                    // whoever started this has nothing to say but that it is over
                }
            }
        }
    }

    /** {@code idle-shapes [shapes]}. */
    static void main(String... args) throws IOException, InterruptedException, TimeoutException {
        int shapes = args.length > 0 ? Integer.parseInt(args[0]) : 2_000;
        try (Child child = Child.start(Child.java(Server.class, List.of("-Xmx2g")))) {
            run(shapes, "electric+" + LoadComparison.address(child));
        }
    }

    private static void run(int shapes, String address) throws InterruptedException, TimeoutException, IOException {
        try (SyncSource source = SyncSource.open(address)) {
            List<MaterializedView<Row>> views = new ArrayList<>();
            views.add(live(source.materialize("items")));
            Footprint one = print("one shape", views.size());
            long start = System.nanoTime();
            for (int i = 1; i < shapes; i++) {
                views.add(source.materialize("items?where=id<" + (1000 + i)));
            }
            for (MaterializedView<Row> view : views) {
                live(view);
            }
            System.out.printf("all up to date after %.1f s%n", (System.nanoTime() - start) / 1e9);
            Footprint all = print("all live", views.size());
            System.out.printf(
                    "for each further shape: heap %.1f KiB, resident %.1f KiB%n",
                    (all.heap() - one.heap()) * 1024 / (shapes - 1),
                    (all.resident() - one.resident()) * 1024 / (shapes - 1));
        }
    }

    private static MaterializedView<Row> live(MaterializedView<Row> view)
            throws InterruptedException, TimeoutException {
        MaterializedView<Row> live = view.awaitUpToDate(TIMEOUT);
        if (live.snapshot().size() != ROWS) {
            throw new IllegalStateException("expected " + ROWS + " rows: " + live);
        }
        return live;
    }

    private static Footprint print(String when, int shapes) throws IOException {
        Footprint now = Footprint.now();
        System.out.printf(
                "%s (%,d): %d threads, heap %.1f MiB, resident %.1f MiB%n",
                when, shapes, now.threads(), now.heap(), now.resident());
        return now;
    }
}
