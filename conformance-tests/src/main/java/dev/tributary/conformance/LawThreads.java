package dev.tributary.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** Threads for one run of a law, in a group of their own: whatever thread is begun from them is found there. */
final class LawThreads implements ThreadFactory {

    private static final long MOST_MILLIS = 10_000;

    private final ThreadGroup group = new ThreadGroup("a law");

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(group, task, "law");
        // What hangs must not keep the process.
        thread.setDaemon(true);
        return thread;
    }

    /** The names of threads that did not end by themselves, but for this one. */
    List<String> left(Thread own) throws InterruptedException {
        List<String> left = new ArrayList<>();
        Thread[] all = new Thread[group.activeCount() + 8];
        int count = group.enumerate(all);
        for (int i = 0; i < count; i++) {
            Thread thread = all[i];
            // The JDK's HTTP client of Java 17 cannot be closed: its thread ends with the garbage.
            if (!thread.equals(own) && !thread.getName().startsWith("HttpClient-")) {
                thread.join(Math.min(MOST_MILLIS, Trial.patience().toMillis()));
                if (thread.isAlive()) {
                    left.add(thread.getName());
                }
            }
        }
        return left;
    }
}
