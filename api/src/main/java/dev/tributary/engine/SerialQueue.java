package dev.tributary.engine;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs tasks one at a time, in the order in which they came, on shared threads. */
final class SerialQueue implements Executor {

    /** After so many tasks the thread goes to others that wait for it. */
    private static final int TURN = 64;

    private static final System.Logger LOG = System.getLogger("dev.tributary");

    private final Executor threads;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    SerialQueue(Executor threads) {
        this.threads = threads;
    }

    /** Queues a task. One that throws is logged and stops nothing. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            threads.execute(this::turn);
        }
    }

    private void turn() {
        for (int done = 0; done < TURN; done++) {
            runNext();
            if (waiting.decrementAndGet() == 0) {
                return;
            }
        }
        threads.execute(this::turn);
    }

    private void runNext() {
        try {
            tasks.remove().run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a task of the engine failed", e);
        }
    }
}
