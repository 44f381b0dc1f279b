package dev.tributary.cli;

import java.io.PrintStream;
import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * Where log lines of the library go: errors to stderr, the rest nowhere unless it was asked for. Being the
 * {@code LoggerFinder} of the process also keeps {@code java.logging} from being loaded at all.
 */
public final class QuietLogs extends System.LoggerFinder {

    private static volatile System.Logger.Level least = System.Logger.Level.ERROR;
    private static volatile boolean traces;
    private static volatile PrintStream target = System.err;

    /** Made by the Java runtime. */
    public QuietLogs() {}

    /** Logs from this level on. */
    static void show(System.Logger.Level level, boolean withTraces, PrintStream to) {
        least = level;
        traces = withTraces;
        target = to;
    }

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new Line(name);
    }

    /** A logger that writes one line for each record. */
    private record Line(String name) implements System.Logger {

        /** The JDK's HTTP client logs whole requests here, secrets among them: never more of it than its errors. */
        private boolean isOurs() {
            return name.startsWith("dev.tributary");
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            return level != Level.OFF && level.compareTo(isOurs() ? least : Level.ERROR) >= 0;
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String message, @Nullable Throwable thrown) {
            if (!isLoggable(level)) {
                return;
            }
            PrintStream out = target;
            out.println("[" + level + "] " + name + ": " + message + (thrown == null ? "" : ": " + thrown));
            if (thrown != null && traces) {
                thrown.printStackTrace(out);
            }
        }

        @Override
        public void log(
                Level level,
                @Nullable ResourceBundle bundle,
                String format,
                @Nullable Object @Nullable ... parameters) {
            if (isLoggable(level)) {
                boolean plain = parameters == null || parameters.length == 0;
                log(level, bundle, plain ? format : MessageFormat.format(format, parameters), (Throwable) null);
            }
        }
    }
}
