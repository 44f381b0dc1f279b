package dev.tributary.benchmarks;

import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Loads readings of SpacetimeDB into a view and says how many: a whole application. */
public final class ReadingLoad {

    private ReadingLoad() {}

    /** From the server at this port, so many rows, compressed in this way. */
    public static void main(String[] args) throws TimeoutException, InterruptedException, IOException {
        String address = "spacetimedb+ws://127.0.0.1:" + args[0] + "/game?maxMessage=2g&maxDecompressed=4g&compression="
                + args[2];
        try (SyncSource source = SyncSource.open(address);
                MaterializedView<Row> readings = source.materialize(ReadingServer.query(Integer.parseInt(args[1])))) {
            readings.awaitUpToDate(Duration.ofSeconds(300));
            System.out.println("RESULT " + readings.snapshot().size());
            System.out.println("PEAK " + Footprint.peakResident());
        }
    }
}
