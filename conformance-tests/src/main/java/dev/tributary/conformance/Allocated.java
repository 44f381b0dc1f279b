package dev.tributary.conformance;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * How much memory the current thread has allocated. A fuzz target bounds with it what an input may cost, for memory that a
 * short input asks for is the usual hole of a decoder.
 *
 * <pre>{@code
 * Allocated.atMost(1_000_000 + 2_000L * input.length, () -> decoder.read(input));
 * }</pre>
 */
public final class Allocated {

    private static final int TIMES = 3;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocated() {}

    /** The bytes since the thread began, also those that were freed again. */
    public static long bytes() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /**
     * Fails when the work allocates more than so many bytes each of three times: the first may have loaded classes, and what
     * watches the process, as a fuzzer does, allocates now and then.
     */
    public static void atMost(long most, Runnable work) {
        long least = Long.MAX_VALUE;
        for (int time = 0; time < TIMES && least > most; time++) {
            least = Math.min(least, by(work));
        }
        if (least > most) {
            throw new AssertionError(least + " bytes were allocated, more than " + most);
        }
    }

    private static long by(Runnable work) {
        long before = bytes();
        work.run();
        return bytes() - before;
    }
}
