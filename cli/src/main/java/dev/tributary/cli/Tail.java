package dev.tributary.cli;

import dev.tributary.Change;
import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.Snapshot;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Prints a view as it changes, until it is told to stop, the view fails, or nobody reads any more. */
final class Tail implements ViewListener<Row> {

    /** What is printed, and when it ends. */
    enum Extent {
        /** The content, then every change. */
        ALL(true, false),
        /** The content, then what changes until it is up to date for the first time. */
        UNTIL_UP_TO_DATE(true, true),
        /** The content when it is up to date, and no change. */
        SNAPSHOT_ONLY(false, true),
        /** Every change, without the content at the start. */
        CHANGES_ONLY(false, false),
        /** Every change until it is up to date for the first time, without the content at the start. */
        CHANGES_UNTIL_UP_TO_DATE(false, true);

        private final boolean contentFirst;
        private final boolean endsUpToDate;

        Extent(boolean contentFirst, boolean endsUpToDate) {
            this.contentFirst = contentFirst;
            this.endsUpToDate = endsUpToDate;
        }
    }

    /** Output that is stuck in a full pipe is not waited for longer than this when it ends. */
    private static final int SECONDS_TO_FLUSH = 1;

    private final RowFormat format;
    private final StatusLines lines;
    private final Counts counts;
    private final Extent extent;
    private final long mostRows;
    /** Held while something is written. */
    private final ReentrantLock writing = new ReentrantLock();

    private final CompletableFuture<Void> upToDate = new CompletableFuture<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private @Nullable RowSchema schema;
    private boolean live;
    private boolean heardContent;
    private volatile @Nullable MaterializedView<Row> view;

    /**
     * @param mostRows how many rows of the content at the start are printed; the rest is only counted
     */
    Tail(RowFormat format, StatusLines lines, Counts counts, Extent extent, long mostRows) {
        this.format = format;
        this.lines = lines;
        this.counts = counts;
        this.extent = extent;
        this.mostRows = mostRows;
    }

    /** Ends it soon, on another thread. */
    void stop() {
        end.complete(null);
    }

    /** Completes when the content is complete and printed for the first time. */
    CompletableFuture<Void> upToDate() {
        return upToDate;
    }

    /**
     * Prints this view.
     *
     * @param patience how long the first content may take; null for ever
     * @throws CommandException when it took longer, or the output cannot be written
     * @throws dev.tributary.SyncException when the view failed
     */
    void run(MaterializedView<Row> followed, @Nullable Duration patience) throws InterruptedException {
        view = followed;
        lines.progress(() -> "loading  " + counts.soFar(followed.status().rows()));
        Registration listening = followed.listen(this);
        try {
            if (patience != null) {
                awaitFirst(followed, patience);
            }
            end.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known
                    ? known
                    : CommandException.failed(ErrorSentences.textOf(e), e);
        } finally {
            listening.close();
            end.complete(null);
            lines.endProgress();
            finish();
        }
    }

    private void awaitFirst(MaterializedView<Row> followed, Duration patience)
            throws InterruptedException, ExecutionException {
        try {
            CompletableFuture.anyOf(upToDate, end).get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            ViewStatus status = followed.status();
            @Nullable Throwable reason = status.reason();
            throw CommandException.failed(
                    followed.query() + " is not up to date after " + Seconds.text(patience) + ": "
                            + (reason == null ? status.toString() : ErrorSentences.reasonOf(reason)),
                    reason == null ? e : reason);
        }
    }

    /** What is in the buffers goes out, unless the writing thread is stuck. */
    private void finish() throws InterruptedException {
        if (writing.tryLock(SECONDS_TO_FLUSH, TimeUnit.SECONDS)) {
            try {
                format.flush();
            } catch (IOException e) {
                lines.remark("the last lines could not be written");
            } finally {
                writing.unlock();
            }
        }
    }

    @Override
    public void onCommit(Commit<Row> commit) {
        boolean first = !heardContent;
        heardContent = true;
        if (extent != Extent.SNAPSHOT_ONLY) {
            if (!first) {
                print(() -> writeChanges(commit));
            } else if (extent.contentFirst) {
                lines.endProgress();
                print(() -> writeContent(commit.snapshot()));
            }
        }
        settle();
    }

    @Override
    public void onStatus(ViewStatus status) {
        lines.status(status);
        switch (status.phase()) {
            case LIVE -> {
                live = true;
                settle();
            }
            case FAILED -> {
                @Nullable Throwable reason = status.reason();
                end.completeExceptionally(reason == null ? CommandException.failed("the view failed", null) : reason);
            }
            case CLOSED -> end.complete(null);
            default -> live = false;
        }
    }

    /** The status may be heard before the content it speaks of. */
    private void settle() {
        MaterializedView<Row> followed = view;
        if (!live || followed == null || upToDate.isDone()) {
            return;
        }
        Snapshot<Row> snapshot = followed.snapshot();
        // An empty content may be no commit at all.
        if (!heardContent && snapshot.version() > 0) {
            return;
        }
        counts.loaded();
        lines.endProgress();
        if (extent == Extent.SNAPSHOT_ONLY) {
            print(() -> writeContent(snapshot));
        }
        lines.remark("live: " + counts.soFar(snapshot.size()));
        upToDate.complete(null);
        if (extent.endsUpToDate) {
            end.complete(null);
        }
    }

    private void writeContent(Snapshot<Row> snapshot) throws IOException {
        @Nullable RowSchema columns = snapshot.schema().orElse(null);
        if (columns != null) {
            announce(columns);
        }
        long rows = 0;
        for (Row row : snapshot) {
            if (rows++ == mostRows || end.isDone()) {
                format.more(snapshot.size() - rows + 1);
                return;
            }
            format.row(row);
        }
    }

    private void writeChanges(Commit<Row> commit) throws IOException {
        for (Change<Row> change : commit.changes()) {
            Row after = change.after();
            if (after != null) {
                announce(after.schema());
            }
            format.change(change);
        }
    }

    private void announce(RowSchema columns) throws IOException {
        if (!columns.equals(schema)) {
            schema = columns;
            format.schema(columns);
        }
    }

    private interface Output {
        void write() throws IOException;
    }

    private void print(Output output) {
        if (end.isDone()) {
            return;
        }
        writing.lock();
        try {
            output.write();
            format.flush();
        } catch (IOException e) {
            if (isReaderGone(e)) {
                end.complete(null);
            } else {
                end.completeExceptionally(CommandException.failed("cannot write the output: " + e.getMessage(), e));
            }
        } catch (RuntimeException e) {
            end.completeExceptionally(e);
        } finally {
            writing.unlock();
        }
    }

    /** {@code tributary tail … | head} ends as soon as head has what it wants; Java tells only by this text. */
    private static boolean isReaderGone(IOException e) {
        return ErrorSentences.textOf(e).toLowerCase(Locale.ROOT).contains("pipe");
    }
}
