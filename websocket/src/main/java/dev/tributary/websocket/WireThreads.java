package dev.tributary.websocket;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one source's wires, in a thread group of their own: what the clients start from them is in the group
 * too, where it can be found.
 */
final class WireThreads implements ThreadFactory {

    private static final String PREFIX = "tributary-websocket-";
    private static final int SHARED = 4;
    private static final long IDLE_SECONDS = 30;
    private static final long READER_IDLE_SECONDS = 1;
    private static final AtomicInteger GROUPS = new AtomicInteger();

    private final ThreadGroup group = new ThreadGroup(PREFIX + GROUPS.incrementAndGet());
    private final AtomicInteger threads = new AtomicInteger();

    /** A few threads for short tasks. They end when there is nothing to do; what comes after its shutdown is dropped. */
    ThreadPoolExecutor shared() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                SHARED,
                SHARED,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                this,
                new ThreadPoolExecutor.DiscardPolicy());
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** A thread for each socket that is read by blocking. */
    ThreadPoolExecutor readers() {
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                READER_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                this,
                new ThreadPoolExecutor.DiscardPolicy());
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(group, task, group.getName() + "-" + threads.incrementAndGet(), 0, false);
        thread.setDaemon(true);
        return thread;
    }

    /** Interrupts the threads of the group that are not ours: those of the JDK's clients. */
    void interruptOthers() {
        Thread[] found = new Thread[group.activeCount() + SHARED];
        int count = group.enumerate(found);
        for (int i = 0; i < count; i++) {
            if (!found[i].getName().startsWith(PREFIX)) {
                found[i].interrupt();
            }
        }
    }
}
