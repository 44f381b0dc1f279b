package dev.tributary.cli;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Changes the data of a reference server at a steady rate. */
final class Workload implements AutoCloseable {

    /** No timer is finer; a higher rate does several at a time. */
    private static final long LEAST_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** What was missed while the machine was busy is not caught up beyond this. */
    private static final int MOST_AT_ONCE = 1_000;

    private final SampleServer server;
    private final double rate;
    private final long started = System.nanoTime();
    private final ScheduledExecutorService timer;
    private double done;

    private Workload(SampleServer server, double rate) {
        this.server = server;
        this.rate = rate;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "tributary-workload");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Starts it.
     *
     * @param rate changes a second; 0 for none
     */
    static Workload start(SampleServer server, double rate) {
        Workload workload = new Workload(server, rate);
        if (rate > 0) {
            long period = Math.max(LEAST_PERIOD_NANOS, (long) (TimeUnit.SECONDS.toNanos(1) / rate));
            workload.timer.scheduleAtFixedRate(workload::commitWhatIsDue, period, period, TimeUnit.NANOSECONDS);
        }
        return workload;
    }

    private void commitWhatIsDue() {
        double due = (System.nanoTime() - started) / 1e9 * rate;
        done = Math.max(done, due - MOST_AT_ONCE);
        // A tick that comes a little early still does its one.
        while (done + 1 <= due + 0.5) {
            done++;
            server.step();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
