package dev.tributary.engine;

import dev.tributary.spi.Environment;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The environment that all sources of a process share: a few engine threads, one that keeps the timers, and listener
 * threads as needed. Threads exist only while a source is open.
 *
 * <p>Timers have a thread of their own because a queue that orders tasks by time wakes a second thread for each task, to
 * wait for the next timer in place of the first: that is felt in every change on its way to a listener.
 */
final class SharedEnvironment implements Environment {

    static final SharedEnvironment INSTANCE = new SharedEnvironment();

    private static final int ENGINE_THREADS =
            Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors()));
    private static final int LISTENER_IDLE_SECONDS = 5;

    private static final class EngineThread extends Thread {
        EngineThread(Runnable task, String name) {
            super(task, name);
        }
    }

    private final Object lock = new Object();
    private int holds;
    private volatile @Nullable ExecutorService engine;
    private volatile @Nullable ScheduledThreadPoolExecutor timers;
    private volatile @Nullable ExecutorService listeners;

    SharedEnvironment() {}

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public RandomGenerator random() {
        return ThreadLocalRandom.current();
    }

    @Override
    public Executor engine() {
        return this::runOnEngine;
    }

    private void runOnEngine(Runnable task) {
        ExecutorService threads = engine;
        if (threads == null) {
            return;
        }
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            // The last source was closed: nobody is left to hear this task.
            return;
        }
    }

    @Override
    public Executor listeners() {
        return this::runOnListeners;
    }

    private void runOnListeners(Runnable task) {
        ExecutorService threads = listeners;
        if (threads == null) {
            // What is left to say after the last source was closed is said in place: no future stays pending.
            task.run();
            return;
        }
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        ScheduledThreadPoolExecutor clock = timers;
        if (clock == null) {
            return () -> {};
        }
        try {
            var scheduled = clock.schedule(() -> runOnEngine(task), delayNanos, TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException e) {
            return () -> {};
        }
    }

    /** How many timers are neither due nor cancelled. */
    int timersWaiting() {
        ScheduledThreadPoolExecutor clock = timers;
        return clock == null ? 0 : clock.getQueue().size();
    }

    @Override
    public boolean isEngineThread() {
        return Thread.currentThread() instanceof EngineThread;
    }

    @Override
    public Hold hold() {
        synchronized (lock) {
            if (holds++ == 0) {
                start();
            }
        }
        return new Release();
    }

    private void start() {
        AtomicInteger engineNumber = new AtomicInteger();
        engine = new ThreadPoolExecutor(
                ENGINE_THREADS, ENGINE_THREADS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new EngineThread(task, "tributary-engine-" + engineNumber.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "tributary-timers");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timers = clock;
        AtomicInteger listenerNumber = new AtomicInteger();
        listeners = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, LISTENER_IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "tributary-listener-" + listenerNumber.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    private final class Release implements Hold {

        private boolean released;

        @Override
        public void close() {
            synchronized (lock) {
                if (released) {
                    return;
                }
                released = true;
                if (--holds == 0) {
                    stop();
                }
            }
        }
    }

    private void stop() {
        ExecutorService engineThreads = engine;
        ScheduledThreadPoolExecutor clock = timers;
        ExecutorService listenerThreads = listeners;
        engine = null;
        timers = null;
        listeners = null;
        if (clock != null) {
            clock.shutdown();
        }
        if (engineThreads != null) {
            engineThreads.shutdown();
        }
        if (listenerThreads != null) {
            listenerThreads.shutdown();
        }
    }
}
