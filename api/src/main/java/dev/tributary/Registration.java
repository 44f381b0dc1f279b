package dev.tributary;

/** The hold on a listener. Closing it, from any thread and any number of times, ends the calls. */
public interface Registration extends AutoCloseable {

    @Override
    void close();
}
