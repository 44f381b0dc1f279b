package dev.tributary.testkit.driven;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds threads of this library that began since this was made: by their name, or that of their group. */
final class ThreadWatch {

    private static final String PREFIX = "tributary-";

    private final Set<Thread> before = current();

    /** Waits for those that are about to end. */
    List<String> left(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        List<String> left = new ArrayList<>();
        for (Thread thread : since()) {
            try {
                thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (thread.isAlive()) {
                left.add(thread.getName());
            }
        }
        return left;
    }

    /** What they do now. */
    String describe() {
        StringBuilder text = new StringBuilder();
        Map<Thread, StackTraceElement[]> stacks = Thread.getAllStackTraces();
        for (Thread thread : since()) {
            text.append("\n\n").append(thread.getName()).append(' ').append(thread.getState());
            for (StackTraceElement frame : stacks.getOrDefault(thread, new StackTraceElement[0])) {
                text.append("\n    ").append(frame);
            }
        }
        return text.toString();
    }

    private Set<Thread> since() {
        Set<Thread> now = current();
        now.removeAll(before);
        return now;
    }

    private static Set<Thread> current() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(ThreadWatch::isOurs)
                .collect(Collectors.toSet());
    }

    private static boolean isOurs(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return thread.getName().startsWith(PREFIX)
                || (group != null && group.getName().startsWith(PREFIX));
    }
}
