package dev.tributary.spacetimedb.codec;

/** What the current thread has allocated. By reflection: this module does not read the JDK's for management. */
final class Allocation {

    private Allocation() {}

    static long now() {
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
}
