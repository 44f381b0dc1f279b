package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test in which a task of the engine itself threw. The engine logs that as an error and goes on, so that nothing
 * else would show it.
 */
final class QuietEngine extends Handler implements BeforeEachCallback, AfterEachCallback {

    private static final Logger LOG = Logger.getLogger("dev.tributary");

    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    @Override
    public void beforeEach(ExtensionContext context) {
        LOG.addHandler(this);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        LOG.removeHandler(this);
        assertThat(failures).as("what tasks of the engine threw").isEmpty();
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
            failures.add(entry.getThrown());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
