package dev.tributary.http;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The few threads of one source's wires, in a thread group of their own: a client that is made on one of them has its
 * selector thread in the group too, where it can be found.
 */
final class WireThreads implements ThreadFactory {

    private static final String PREFIX = "tributary-http-";
    /** A name that is slow to resolve holds one thread; the others go on. */
    private static final int THREADS = 4;

    private static final long IDLE_SECONDS = 30;
    private static final AtomicInteger GROUPS = new AtomicInteger();

    private final ThreadGroup group = new ThreadGroup(PREFIX + GROUPS.incrementAndGet());
    private final AtomicInteger threads = new AtomicInteger();

    /** An executor whose threads end when there is nothing to do. What comes after its shutdown is dropped. */
    ThreadPoolExecutor executor() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                this,
                new ThreadPoolExecutor.DiscardPolicy());
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(group, task, group.getName() + "-" + threads.incrementAndGet(), 0, false);
        thread.setDaemon(true);
        return thread;
    }

    /** Interrupts the threads of the group that are not the executor's: those of the clients. */
    void interruptOthers() {
        Thread[] found = new Thread[group.activeCount() + THREADS];
        int count = group.enumerate(found);
        for (int i = 0; i < count; i++) {
            if (!found[i].getName().startsWith(PREFIX)) {
                found[i].interrupt();
            }
        }
    }
}
