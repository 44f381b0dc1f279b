package dev.tributary.engine;

import dev.tributary.SourceStatus;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells one listener of a source's status; a slow one hears the last of several. */
final class StatusFeed {

    private final Consumer<? super SourceStatus> listener;
    private final SerialQueue queue;
    private final Consumer<Throwable> onFailure;
    private final AtomicReference<@Nullable SourceStatus> next = new AtomicReference<>();
    private volatile boolean closed;

    StatusFeed(Consumer<? super SourceStatus> listener, Executor executor, Consumer<Throwable> onFailure) {
        this.listener = listener;
        this.queue = new SerialQueue(executor);
        this.onFailure = onFailure;
    }

    void tell(SourceStatus status) {
        if (closed || next.getAndSet(status) != null) {
            return;
        }
        try {
            queue.execute(this::hear);
        } catch (RejectedExecutionException e) {
            closed = true;
            onFailure.accept(e);
        }
    }

    private void hear() {
        SourceStatus status = next.getAndSet(null);
        if (status == null || closed) {
            return;
        }
        try {
            listener.accept(status);
        } catch (RuntimeException e) {
            onFailure.accept(e);
        }
    }

    void close() {
        closed = true;
    }
}
