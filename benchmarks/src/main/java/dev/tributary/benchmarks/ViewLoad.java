package dev.tributary.benchmarks;

import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Loads a shape into a view and prints the number of rows: a whole application. */
public final class ViewLoad {

    private ViewLoad() {}

    /** Loads from this server. */
    public static void main(String[] args) throws TimeoutException, InterruptedException {
        try (SyncSource source = SyncSource.open("electric+" + args[0]);
                MaterializedView<Row> items = source.materialize("items")) {
            items.awaitUpToDate(Duration.ofSeconds(120));
            System.out.println("RESULT " + items.snapshot().size());
        }
    }
}
