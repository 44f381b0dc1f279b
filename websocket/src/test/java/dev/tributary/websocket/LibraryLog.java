package dev.tributary.websocket;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** Keeps what Java-WebSocket logs while a test listens, down to {@code TRACE}. */
public final class LibraryLog implements SLF4JServiceProvider {

    /** One line of a log. */
    record Line(Level level, String text) {}

    private static volatile List<Line> lines;

    /** From now on all is kept. */
    static List<Line> listen() {
        List<Line> fresh = new CopyOnWriteArrayList<>();
        lines = fresh;
        return fresh;
    }

    static void stop() {
        lines = null;
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return Keeper::new;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return new BasicMarkerFactory();
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return new NOPMDCAdapter();
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {}

    private static final class Keeper extends LegacyAbstractLogger implements Logger {

        private static final long serialVersionUID = 1;

        Keeper(String name) {
            this.name = name;
        }

        @Override
        protected String getFullyQualifiedCallerName() {
            return Keeper.class.getName();
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level, Marker marker, String pattern, Object[] arguments, Throwable failure) {
            List<Line> kept = lines;
            if (kept != null) {
                kept.add(new Line(
                        level,
                        MessageFormatter.basicArrayFormat(pattern, arguments) + (failure == null ? "" : failure)));
            }
        }

        @Override
        public boolean isTraceEnabled() {
            return lines != null;
        }

        @Override
        public boolean isDebugEnabled() {
            return lines != null;
        }

        @Override
        public boolean isInfoEnabled() {
            return lines != null;
        }

        @Override
        public boolean isWarnEnabled() {
            return lines != null;
        }

        @Override
        public boolean isErrorEnabled() {
            return lines != null;
        }
    }
}
