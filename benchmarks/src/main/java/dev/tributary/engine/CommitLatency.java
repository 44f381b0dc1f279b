package dev.tributary.engine;

import dev.tributary.Commit;
import dev.tributary.Row;
import dev.tributary.benchmarks.Numbers;
import dev.tributary.electric.ItemDecoder;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.NullMarked;

/**
 * How long a commit of one row to a view of a million takes, from the change to the call of a listener on a same-thread
 * executor: the first one after each load, and those after it, one a millisecond.
 */
@NullMarked
public final class CommitLatency {

    private static final int ROWS = 1_000_000;
    private static final int VIEWS = 120;
    private static final int COMMITS = 30_000;
    private static final long PACE_NANOS = 1_000_000;

    private final ItemDecoder decoder = new ItemDecoder();
    private final Row[] rows = decoder.items(ROWS);
    private final Random random = new Random(7);
    private long heardAt;
    private long heard;

    private CommitLatency() {}

    /** Prints the percentiles. */
    public static void main(String[] args) {
        int views = args.length > 0 ? Integer.parseInt(args[0]) : VIEWS;
        int commits = args.length > 1 ? Integer.parseInt(args[1]) : COMMITS;
        new CommitLatency().run(views, commits);
    }

    private void run(int views, int commits) {
        FirstLoad cold = load();
        System.out.printf("first commit of the process: %,d ns%n", commit(cold, change()));
        long[] later = new long[commits];
        pacedCommits(cold, new long[commits]);
        pacedCommits(cold, later);
        Numbers.printPercentiles("later commits, one a millisecond", later);
        long[] first = new long[views];
        for (int i = 0; i < views; i++) {
            FirstLoad load = load();
            // The garbage of the load is not the commit's.
            LockSupport.parkNanos(5 * PACE_NANOS);
            first[i] = commit(load, change());
        }
        Numbers.printPercentiles("first commit after each of " + views + " loads", first);
    }

    private void pacedCommits(FirstLoad load, long[] nanos) {
        long next = System.nanoTime();
        for (int i = 0; i < nanos.length; i++) {
            Row change = change();
            next += PACE_NANOS;
            for (long wait = next - System.nanoTime(); wait > 0; wait = next - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            nanos[i] = commit(load, change);
        }
    }

    private FirstLoad load() {
        FirstLoad load = new FirstLoad(decoder.schema());
        load.listen(this::hear, Runnable::run);
        for (Row row : rows) {
            load.put(row);
        }
        return load.commit();
    }

    private void hear(Commit<Row> commit) {
        heardAt = System.nanoTime();
        heard++;
    }

    private Row change() {
        return decoder.change(1L + random.nextInt(ROWS), "changed " + random.nextInt());
    }

    private long commit(FirstLoad load, Row change) {
        long before = heard;
        long start = System.nanoTime();
        load.patch(change);
        load.commit();
        if (heard != before + 1) {
            throw new IllegalStateException("the listener was called " + (heard - before) + " times");
        }
        return heardAt - start;
    }
}
