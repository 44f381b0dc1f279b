package dev.tributary.cli;

import dev.tributary.Query;
import dev.tributary.SourceListener;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What came so far, and how fast. */
final class Counts implements SourceListener {

    private static final double NANOS = 1e9;

    private final long started = System.nanoTime();
    private final AtomicLong bytes = new AtomicLong();
    private volatile long loadedAfter;
    private volatile @Nullable String savedViewRefusal;

    @Override
    public void onBytes(Query query, long count) {
        bytes.addAndGet(count);
    }

    @Override
    public void onFault(Query query, String what, String where) {
        if (where.equals("saved view")) {
            savedViewRefusal = what;
        }
    }

    /** Why the saved view was refused; null when it was not. Known as soon as the view was opened. */
    @Nullable
    String savedViewRefusal() {
        return savedViewRefusal;
    }

    /** The content is complete for the first time. */
    void loaded() {
        if (loadedAfter == 0) {
            loadedAfter = elapsed();
        }
    }

    private long elapsed() {
        return System.nanoTime() - started;
    }

    private double seconds() {
        return (loadedAfter == 0 ? elapsed() : loadedAfter) / NANOS;
    }

    /** For people, while it loads and after: {@code 312,400 rows  98 MB  61 MB/s  5 s}. */
    String soFar(long rows) {
        double seconds = seconds();
        double content = (double) bytes.get();
        return Shell.grouped(rows) + " rows  " + megabytes(content) + "  " + megabytes(content / seconds) + "/s  "
                + String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
    }

    private static String megabytes(double bytes) {
        double megabytes = bytes / 1e6;
        return String.format(Locale.ROOT, megabytes < 10 ? "%.1f MB" : "%,.0f MB", megabytes);
    }

    /** For programs: {@code 500000 rows 140371234 bytes 1.923 s 260010 rows/s}; the time is that of the first load. */
    String total(long rows) {
        double seconds = seconds();
        return String.format(
                Locale.ROOT, "%d rows %d bytes %.3f s %.0f rows/s", rows, bytes.get(), seconds, rows / seconds);
    }
}
