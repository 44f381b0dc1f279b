package dev.tributary.engine;

import dev.tributary.Capability;
import dev.tributary.Checkpoint;
import dev.tributary.ClosedException;
import dev.tributary.Commit;
import dev.tributary.Query;
import dev.tributary.Row;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The commits of a query without its rows. Each subscriber is a query of its own for the engine. */
final class ChangesPublisher implements Flow.Publisher<Commit<Row>> {

    private final SourceLoop loop;
    private final ResolvedSource config;
    private final Query query;
    private final @Nullable Checkpoint from;
    private final BooleanSupplier isClosed;

    ChangesPublisher(
            SourceLoop loop, ResolvedSource config, Query query, @Nullable Checkpoint from, BooleanSupplier isClosed) {
        this.loop = loop;
        this.config = config;
        this.query = query;
        this.from = from;
        this.isClosed = isClosed;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Commit<Row>> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        Upkeep upkeep = new Upkeep();
        ChangesContent content = new ChangesContent(
                subscriber,
                loop.executor(),
                rows(),
                config.changesBuffer(),
                loop.environment().now(),
                upkeep);
        LiveQuery live = new LiveQuery(query, content);
        upkeep.live = live;
        content.begin();
        if (isClosed.getAsBoolean()) {
            live.failed(
                    new ClosedException("the source was closed"),
                    loop.environment().now());
        } else {
            loop.begin(live);
        }
    }

    private Drafting rows() {
        long maxBytes = config.maxTransaction();
        return config.transport().changesNeedRows() ? new KeptRows(maxBytes) : new PassingRows(from, maxBytes);
    }

    private final class Upkeep implements ChangesContent.Upkeep {

        private @Nullable LiveQuery live;

        @Override
        public boolean canWait() {
            return loop.capabilities().contains(Capability.BACKPRESSURE);
        }

        @Override
        public void drained() {
            loop.release();
        }

        @Override
        public void cancelled() {
            LiveQuery ended = live;
            if (ended != null) {
                loop.finish(ended);
            }
        }

        @Override
        public void failed(Throwable reason) {
            loop.listenerFailed(query, reason);
        }
    }
}
