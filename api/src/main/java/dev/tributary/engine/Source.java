package dev.tributary.engine;

import dev.tributary.Capability;
import dev.tributary.Checkpoint;
import dev.tributary.ClosedException;
import dev.tributary.Commit;
import dev.tributary.ConfigurationException;
import dev.tributary.MaterializedView;
import dev.tributary.NoticeListener;
import dev.tributary.Query;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.RowMapper;
import dev.tributary.Rows;
import dev.tributary.SavedViewException;
import dev.tributary.SourceSnapshot;
import dev.tributary.SourceStatus;
import dev.tributary.SyncSource;
import dev.tributary.ViewOptions;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Delivery;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One source as the application holds it: which views there are and which of them share a query. What happens to the
 * queries is {@link SourceLoop}'s business.
 */
final class Source implements SyncSource {

    private final ResolvedSource config;
    private final SourceLoop loop;
    private final StateCell sharedCell = new StateCell();

    private final Object lock = new Object();
    private final Map<Query, Shared> shared = new HashMap<>();
    private final Set<ViewCore> cores = new LinkedHashSet<>();
    private final Set<View<?>> views = new LinkedHashSet<>();
    private boolean closed;

    /** A query that views share, and how many do. */
    private static final class Shared {
        private final LiveQuery live;
        private final ViewCore core;
        private int handles;

        Shared(LiveQuery live, ViewCore core) {
            this.live = live;
            this.core = core;
        }
    }

    Source(ResolvedSource config) {
        this.config = config;
        this.loop = new SourceLoop(config, this::forget);
    }

    /** A query that failed is not shared any more. */
    private void forget(LiveQuery live) {
        synchronized (lock) {
            shared.values().removeIf(held -> held.live == live);
        }
    }

    @Override
    public String address() {
        return config.address();
    }

    @Override
    public Set<Capability> capabilities() {
        return loop.capabilities();
    }

    @Override
    public MaterializedView<Row> materialize(String query) {
        return materialize(config.transport().query(query));
    }

    @Override
    public MaterializedView<Row> materialize(Query query) {
        return materialize(query, row -> row, options -> {});
    }

    @Override
    public <T> MaterializedView<T> materialize(String query, Class<T> record) {
        return materialize(query, record, options -> {});
    }

    @Override
    public <T> MaterializedView<T> materialize(Query query, Class<T> record) {
        return materialize(query, Rows.mapper(record), options -> {});
    }

    @Override
    public <T> MaterializedView<T> materialize(String query, RowMapper<T> mapper) {
        return materialize(config.transport().query(query), mapper, options -> {});
    }

    @Override
    public <T> MaterializedView<T> materialize(
            String query, RowMapper<T> mapper, Consumer<? super ViewOptions> options) {
        return materialize(config.transport().query(query), mapper, options);
    }

    @Override
    public <T> MaterializedView<T> materialize(String query, Class<T> record, Consumer<? super ViewOptions> options) {
        return materialize(config.transport().query(query), Rows.mapper(record), options);
    }

    @Override
    public <T> MaterializedView<T> materialize(
            Query query, RowMapper<T> mapper, Consumer<? super ViewOptions> options) {
        Query checked = config.transport().check(query);
        ViewOptions chosen = new ViewOptions();
        options.accept(chosen);
        synchronized (lock) {
            refuseWhenClosed();
            Shared held = shared.get(checked);
            if (held == null) {
                held = open(checked, chosen.savedBytes());
                shared.put(checked, held);
                loop.begin(held.live);
            }
            held.handles++;
            Handle handle = new Handle(held);
            View<T> view =
                    new View<>(held.core, new BoundMapper<>(checked.name(), mapper), loop.contextOf(checked), handle);
            handle.view = view;
            views.add(view);
            return view;
        }
    }

    private void refuseWhenClosed() {
        if (closed) {
            throw new ClosedException("the source " + address() + " was closed");
        }
    }

    private Shared open(Query query, Optional<byte[]> saved) {
        boolean together = config.transport().capabilities().contains(Capability.ATOMIC_ACROSS_VIEWS);
        ViewCore core = new ViewCore(
                query,
                together ? sharedCell : new StateCell(),
                loop.environment().now());
        LiveQuery live = new LiveQuery(query, new ViewContent(core, config.maxTransaction()));
        saved.ifPresent(bytes -> restore(live, core, bytes));
        cores.add(core);
        return new Shared(live, core);
    }

    private void restore(LiveQuery live, ViewCore core, byte[] bytes) {
        try {
            core.restore(SavedRows.read(bytes, config.transport(), core.query()));
        } catch (SavedViewException e) {
            loop.faulted(live, e.getMessage(), "saved view");
        }
    }

    /** What one handle does through this source. */
    private final class Handle implements View.Upkeep {

        private final Shared held;
        private @Nullable View<?> view;

        Handle(Shared held) {
            this.held = held;
        }

        @Override
        public void released() {
            synchronized (lock) {
                views.remove(view);
                if (--held.handles > 0) {
                    return;
                }
                shared.remove(held.core.query(), held);
                cores.remove(held.core);
            }
            loop.finish(held.live);
        }

        @Override
        public CompletableFuture<Void> refresh() {
            return loop.refresh(held.live);
        }

        @Override
        public String scheme() {
            return config.transport().scheme();
        }
    }

    @Override
    public Flow.Publisher<Commit<Row>> changes(String query) {
        return publisher(config.transport().query(query), null);
    }

    @Override
    public Flow.Publisher<Commit<Row>> changes(Query query) {
        return publisher(config.transport().check(query), null);
    }

    @Override
    public Flow.Publisher<Commit<Row>> changes(Query query, Checkpoint from) {
        return publisher(config.transport().check(query), from);
    }

    private Flow.Publisher<Commit<Row>> publisher(Query query, @Nullable Checkpoint from) {
        if (from != null && config.transport().changesNeedRows()) {
            throw new ConfigurationException("changes of " + address()
                    + " cannot go on from a checkpoint: they need the rows. Keep a view and save it instead");
        }
        return new ChangesPublisher(loop, config, query, from, this::isClosed);
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    @Override
    public SourceStatus status() {
        return loop.status();
    }

    @Override
    public Registration onStatus(Consumer<? super SourceStatus> listener) {
        return loop.onStatus(listener);
    }

    @Override
    public SourceSnapshot snapshot() {
        Map<ViewCore, ViewState> states = new HashMap<>();
        synchronized (lock) {
            Map<StateCell, StateCell.Held[]> instants = new HashMap<>();
            for (ViewCore core : cores) {
                states.put(core, core.stateAt(instants.computeIfAbsent(core.cell(), StateCell::all)));
            }
        }
        return new SourceInstant(states);
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return config.transport()
                .unwrap(type, new SourceCalls())
                .orElseThrow(() -> new ConfigurationException(address() + " has no " + type.getSimpleName()
                        + "; it has "
                        + config.transport().interfaces().stream()
                                .map(Class::getSimpleName)
                                .sorted()
                                .collect(Collectors.joining(", ", "[", "]"))));
    }

    private final class SourceCalls implements Calls {

        @Override
        public CompletableFuture<@Nullable Object> call(
                MaterializedView<?> view, Object request, Duration deadline, Delivery delivery) {
            return loop.call(liveOf(view), request, deadline, delivery);
        }

        @Override
        public CompletableFuture<@Nullable Object> call(Object request, Duration deadline, Delivery delivery) {
            return loop.call(null, request, deadline, delivery);
        }

        @Override
        public <N> Registration onNotice(Class<N> type, NoticeListener<? super N> listener) {
            return loop.onNotice(type, listener);
        }
    }

    private LiveQuery liveOf(MaterializedView<?> view) {
        if (view instanceof View<?> ours) {
            synchronized (lock) {
                for (Shared held : shared.values()) {
                    if (held.core == ours.core()) {
                        return held.live;
                    }
                }
            }
        }
        throw new ConfigurationException("the view of " + view.query() + " is not one of the source " + address());
    }

    @Override
    public void retryNow() {
        loop.retryNow();
    }

    @Override
    public Registration pause(String reason) {
        return loop.pause(reason);
    }

    @Override
    public void close() {
        List<View<?>> open;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            open = List.copyOf(views);
        }
        loop.close();
        open.forEach(View::close);
    }

    /** The address with its secrets masked. */
    @Override
    public String toString() {
        return address() + " " + loop.status();
    }
}
