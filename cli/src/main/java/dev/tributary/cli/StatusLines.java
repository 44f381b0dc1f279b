package dev.tributary.cli;

import dev.tributary.Phase;
import dev.tributary.ViewStatus;
import java.io.PrintStream;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is told on stderr beside the rows: while it loads, a line that is written over itself (on a terminal only); later
 * one line for each time the view gets stale and live again.
 */
final class StatusLines implements AutoCloseable {

    private static final int PERIOD_MILLIS = 200;

    private final PrintStream err;
    private final boolean terminal;
    private @Nullable ScheduledExecutorService ticker;
    private int shown;
    private String last = "";
    private boolean troubled;
    private boolean verified = true;
    private @Nullable String condition;

    StatusLines(Shell shell) {
        err = shell.err();
        terminal = shell.errIsTerminal();
    }

    /** Shows this text, again and again, until {@link #endProgress}. */
    synchronized void progress(Supplier<String> text) {
        // No thread where nobody looks.
        if (!terminal || ticker != null) {
            return;
        }
        ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "tributary-progress");
            thread.setDaemon(true);
            return thread;
        });
        ticker = started;
        started.scheduleAtFixedRate(() -> tick(text.get()), 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private synchronized void tick(String text) {
        if (ticker != null) {
            // Blanks over the rest of a longer line: works on any terminal.
            err.print("\r" + text + " ".repeat(Math.max(0, shown - text.length())));
            err.flush();
            shown = text.length();
        }
    }

    /** Takes the progress line away. */
    synchronized void endProgress() {
        ScheduledExecutorService running = ticker;
        if (running != null) {
            ticker = null;
            running.shutdownNow();
            clear();
        }
    }

    private void clear() {
        if (shown > 0) {
            err.print("\r" + " ".repeat(shown) + "\r");
            shown = 0;
        }
    }

    /** One line. */
    synchronized void line(String text) {
        clear();
        err.println("-- " + text.replaceAll("\\p{Cntrl}", "?"));
        err.flush();
    }

    /** One line that only people at a terminal want. */
    void remark(String text) {
        if (terminal) {
            line(text);
        }
    }

    /** Tells a status, unless it is no news. */
    synchronized void status(ViewStatus status) {
        String text = news(status);
        if (text.isEmpty() || text.equals(last)) {
            return;
        }
        last = text;
        line(text);
    }

    private String news(ViewStatus status) {
        boolean good = status.phase() == Phase.LIVE;
        boolean again = good && troubled;
        if (status.phase() == Phase.STALE || status.reason() != null) {
            troubled = true;
        } else if (good) {
            troubled = false;
        }
        return switch (status.phase()) {
            // It goes on trying: the count of rows would make each time a new line.
            case LOADING ->
                status.reason() == null
                        ? ""
                        : "cannot load yet (" + ErrorSentences.reasonOf(status.reason()) + "), trying again";
            case LIVE -> liveNews(status, again);
            case STALE -> status.toString();
            // The command ends with a sentence about it.
            case FAILED, CLOSED -> "";
        };
    }

    /** How far it is verified moves on for ever; that it is, or is no more, is news. */
    private String liveNews(ViewStatus status, boolean again) {
        boolean news = status.verified() != verified || !Objects.equals(status.condition(), condition);
        verified = status.verified();
        condition = status.condition();
        String text = status.toString();
        if (again) {
            return "live again" + text.substring("live".length());
        }
        return news ? text : "";
    }

    @Override
    public void close() {
        endProgress();
    }
}
