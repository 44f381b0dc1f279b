package dev.tributary.sodp;

/** How much the current thread has allocated. By reflection, since this module does not read the JDK's for management. */
final class Allocated {

    private Allocated() {}

    static long bytes() {
        try {
            Object threads = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            return (long) Class.forName("com.sun.management.ThreadMXBean")
                    .getMethod("getCurrentThreadAllocatedBytes")
                    .invoke(threads);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** Fails when the work allocates more than so many bytes, classes that it is the first to use apart. */
    static void atMost(long most, Runnable work) {
        long first = by(work);
        if (first > most) {
            long second = by(work);
            if (second > most) {
                throw new AssertionError(second + " bytes were allocated, more than " + most);
            }
        }
    }

    private static long by(Runnable work) {
        long before = bytes();
        work.run();
        return bytes() - before;
    }
}
