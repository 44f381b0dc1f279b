package dev.tributary.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What tasks of the engine throw while this is open: it logs that as an error and goes on. Those of other threads are not
 * heard: a simulation, with all that is in it, is run by one.
 */
final class EngineFailures extends Handler implements AutoCloseable {

    private final Logger logger = Logger.getLogger("dev.tributary");
    private final List<String> failures = new ArrayList<>();
    private final long thread = Thread.currentThread().getId();

    EngineFailures() {
        logger.addHandler(this);
    }

    void check() {
        Law.ENGINE_IS_QUIET.holdsIf(failures.isEmpty(), "it logged " + failures);
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getLevel().intValue() >= Level.SEVERE.intValue() && entry.getLongThreadID() == thread) {
            failures.add(entry.getMessage() + ": " + LogCapture.textOf(entry.getThrown()));
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
