package dev.tributary.conformance;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/** An executor whose thread is busy until {@link #release}: what blocks a listener, without a thread. */
final class HeldExecutor implements Executor {

    private final Deque<Runnable> tasks = new ArrayDeque<>();

    @Override
    public synchronized void execute(Runnable task) {
        tasks.add(task);
    }

    synchronized int waiting() {
        return tasks.size();
    }

    private synchronized Runnable next() {
        Runnable task = tasks.poll();
        return task == null ? () -> {} : task;
    }

    /** Runs what waits, and what that adds. */
    void release() {
        while (waiting() > 0) {
            next().run();
        }
    }
}
