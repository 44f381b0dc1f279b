package dev.tributary.conformance;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.text.MessageFormat;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** All that the library logs while this is open, at every level, with its exceptions. */
final class LogCapture extends Handler implements AutoCloseable {

    private final Logger logger = Logger.getLogger("dev.tributary");
    private final Level before = logger.getLevel();
    private final boolean parents = logger.getUseParentHandlers();
    private final StringBuilder text = new StringBuilder();

    LogCapture() {
        logger.setLevel(Level.ALL);
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    @Override
    public synchronized void publish(LogRecord entry) {
        Object[] parameters = entry.getParameters();
        text.append(parameters == null ? entry.getMessage() : MessageFormat.format(entry.getMessage(), parameters))
                .append('\n')
                .append(textOf(entry.getThrown()));
    }

    /** An exception with its causes, as a log would show it. */
    static String textOf(@org.jspecify.annotations.Nullable Throwable thrown) {
        if (thrown == null) {
            return "";
        }
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    synchronized String text() {
        return text.toString();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(parents);
        logger.setLevel(before);
    }
}
