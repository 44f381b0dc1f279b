package dev.tributary;

/**
 * The hold on a listener. Closing it, from any thread and any number of times, ends the calls. It does not wait: one call
 * that is on its way on another thread at that moment may still be made.
 */
public interface Registration extends AutoCloseable {

    @Override
    void close();
}
