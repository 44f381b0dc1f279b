package dev.tributary.engine;

import dev.tributary.Backoff;
import dev.tributary.Capability;
import dev.tributary.ClosedException;
import dev.tributary.ConnectionException;
import dev.tributary.CredentialProvider;
import dev.tributary.NoticeListener;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.Query;
import dev.tributary.Registration;
import dev.tributary.SourceListener;
import dev.tributary.SourceStatus;
import dev.tributary.spi.Delivery;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Environment;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.Target;
import dev.tributary.spi.Wires;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The serial part of a source: its queue, the groups of queries that share a session, its wires, calls and status. All
 * state is changed on the queue; what readers need is volatile.
 */
final class SourceLoop {

    private static final System.Logger LOG = System.getLogger("dev.tributary");

    private final ResolvedSource config;
    private final Environment environment;
    private final Environment.Hold hold;
    private final SerialQueue queue;
    private final Executor executor;
    private final RetryBudget budget;
    private final @Nullable Object memory;
    private final Consumer<LiveQuery> onFailed;
    private final List<StatusFeed> feeds = new CopyOnWriteArrayList<>();
    private final List<NoticeFeed<?>> noticeFeeds = new CopyOnWriteArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    private final Map<String, Wires> wiresByScheme = new ConcurrentHashMap<>();
    private int pauses;

    private volatile boolean closed;
    private volatile Set<Capability> capabilities;
    private volatile SourceStatus status = new SourceStatus(SourceStatus.Phase.IDLE, 0, Duration.ZERO, null);

    /**
     * @param onFailed hears, on the queue, which query will not go on
     */
    SourceLoop(ResolvedSource config, Consumer<LiveQuery> onFailed) {
        this.config = config;
        this.onFailed = onFailed;
        this.environment = config.environment();
        this.hold = environment.hold();
        this.queue = new SerialQueue(environment.engine());
        this.executor = config.executor() == null ? environment.listeners() : config.executor();
        this.budget = RetryBudget.of(environment);
        this.memory = config.transport().memory();
        this.capabilities = Set.copyOf(config.transport().capabilities());
    }

    // ---- from any thread ----

    Set<Capability> capabilities() {
        return capabilities;
    }

    SourceStatus status() {
        return status;
    }

    Environment environment() {
        return environment;
    }

    /** Where code of the application runs. */
    Executor executor() {
        return executor;
    }

    ViewContext contextOf(Query query) {
        return new ViewContext(environment, executor, failure -> listenerFailed(query, failure));
    }

    Registration onStatus(Consumer<? super SourceStatus> listener) {
        StatusFeed feed = new StatusFeed(
                listener, executor, failure -> log(System.Logger.Level.WARNING, "a status listener failed", failure));
        feeds.add(feed);
        feed.tell(status);
        return () -> {
            feeds.remove(feed);
            feed.close();
        };
    }

    <N> Registration onNotice(Class<N> type, NoticeListener<? super N> listener) {
        NoticeFeed<N> feed = new NoticeFeed<>(
                type,
                listener,
                executor,
                failure -> log(System.Logger.Level.WARNING, "a notice listener failed", failure));
        noticeFeeds.add(feed);
        return () -> {
            noticeFeeds.remove(feed);
            feed.close();
        };
    }

    void begin(LiveQuery live) {
        queue.execute(() -> start(live));
    }

    void finish(LiveQuery live) {
        queue.execute(() -> stop(live));
    }

    CompletableFuture<Void> refresh(LiveQuery live) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        queue.execute(() -> refreshNow(live, done));
        return done;
    }

    CompletableFuture<@Nullable Object> call(
            @Nullable LiveQuery live, Object request, Duration deadline, Delivery delivery) {
        PendingCall call = new PendingCall(request, deadline, delivery, environment);
        queue.execute(() -> send(live, call));
        CompletableFuture<@Nullable Object> shown = contextOf(Query.of("call")).onExecutor(call.future());
        shown.whenComplete((result, failure) -> {
            if (shown.isCancelled()) {
                queue.execute(() -> {
                    cancel(call);
                    call.fail(new CancellationException("nobody waits for it any more"));
                });
            }
        });
        return shown;
    }

    void retryNow() {
        queue.execute(() -> List.copyOf(groups).forEach(Group::retryNow));
    }

    /** A slow reader has room again. */
    void release() {
        queue.execute(() -> groups.forEach(Group::release));
    }

    Registration pause(String reason) {
        queue.execute(() -> {
            if (pauses++ == 0 && !closed) {
                ConnectionException why = new ConnectionException("paused: " + reason);
                List.copyOf(groups).forEach(group -> group.pause(why));
                statusChanged();
            }
        });
        Once once = new Once();
        return () -> {
            if (once.first()) {
                queue.execute(this::endPause);
            }
        };
    }

    void close() {
        closed = true;
        // Now, not when the queue comes to it: a process that ends next waits for a thread that is still selecting.
        wiresByScheme.values().forEach(Wires::close);
        noticeFeeds.forEach(NoticeFeed::close);
        noticeFeeds.clear();
        queue.execute(this::shutDown);
    }

    // ---- on the queue ----

    private void start(LiveQuery live) {
        if (live.isOver() || closed) {
            live.closed(environment.now());
            return;
        }
        if (live.content().hasContent()) {
            live.lost(
                    new ConnectionException("restored from a saved view, not confirmed by the server yet"),
                    Integer.MAX_VALUE,
                    environment.now());
        }
        Group group = groups.stream()
                .filter(candidate -> !candidate.isUnfitFor(live))
                .filter(candidate -> candidate.queries().stream()
                        .allMatch(other -> other.content().mayShareSession()
                                && live.content().mayShareSession()
                                && config.transport().mayShareSession(other.query(), live.query())))
                .findFirst()
                .orElse(null);
        if (group == null) {
            group = new Group(this);
            groups.add(group);
        }
        group.add(live);
    }

    private void stop(LiveQuery live) {
        Optional<Group> group = groupOf(live);
        live.over();
        group.ifPresent(held -> held.remove(live));
        live.closed(environment.now());
        if (live.content() instanceof ViewContent content) {
            content.core().leaveCell();
        }
    }

    private Optional<Group> groupOf(LiveQuery live) {
        return groups.stream().filter(group -> group.queries().contains(live)).findFirst();
    }

    private void refreshNow(LiveQuery live, CompletableFuture<Void> done) {
        if (live.isOver()) {
            Throwable reason = live.content().status().reason();
            done.completeExceptionally(reason != null ? reason : new ClosedException("the view was closed"));
            return;
        }
        if (pauses > 0) {
            done.completeExceptionally(new ConnectionException("the source is paused"));
            return;
        }
        boolean first = !live.isRefreshing();
        live.refreshing(done);
        if (first) {
            groupOf(live).ifPresent(group -> group.refresh(live));
        }
    }

    private void send(@Nullable LiveQuery live, PendingCall call) {
        Group group = live == null ? anyGroup() : groupOf(live).orElse(null);
        if (closed || group == null) {
            call.fail(new ClosedException(closed ? "the source was closed" : "the view was closed"));
            return;
        }
        call.endsBy(schedule(() -> timeOut(call), call.remaining().toNanos()));
        group.call(call, live);
    }

    private void timeOut(PendingCall call) {
        cancel(call);
        if (call.wasSent()) {
            call.fail(new OutcomeUnknownException("no answer in time; the outcome is unknown"));
        } else {
            String why = call.isHanded() ? "no answer in time" : "not sent in time: there was no connection";
            call.fail(new ConnectionException(why));
        }
    }

    private void cancel(PendingCall call) {
        List.copyOf(groups).forEach(group -> group.cancel(call));
    }

    private Group anyGroup() {
        if (groups.isEmpty()) {
            groups.add(new Group(this));
        }
        return groups.get(0);
    }

    private void endPause() {
        if (--pauses == 0 && !closed) {
            List.copyOf(groups).forEach(Group::resume);
            statusChanged();
        }
    }

    private void shutDown() {
        List<LiveQuery> all = new ArrayList<>();
        groups.forEach(group -> all.addAll(group.queries()));
        groups.forEach(Group::close);
        groups.clear();
        all.forEach(live -> live.closed(environment.now()));
        wiresByScheme.values().forEach(Wires::close);
        statusChanged();
        // What was queued before still runs; nothing new begins.
        queue.execute(hold::close);
    }

    // ---- what groups and sessions call, on the queue ----

    /** The query will not go on. Whoever asks for it again begins anew. */
    void failed(LiveQuery live, Throwable reason) {
        onFailed.accept(live);
        live.failed(reason, environment.now());
    }

    void empty(Group group) {
        groups.remove(group);
        group.close();
        statusChanged();
    }

    /** Closed, perhaps just now: no wire is opened any more. */
    boolean isClosed() {
        return closed;
    }

    /** Paused or closed: no session begins. */
    boolean isHalted() {
        return closed || pauses > 0;
    }

    void enqueue(Runnable task) {
        queue.execute(task);
    }

    Environment.Timer schedule(Runnable task, long nanos) {
        return environment.schedule(() -> queue.execute(task), nanos);
    }

    Backoff backoff() {
        return config.backoff();
    }

    Duration waitFor(Attempts attempts, Ending ending) {
        return budget.take(
                attempts.next(config.backoff(), ending.notBefore(), environment.random()), environment.nanoTime());
    }

    Protocol newProtocol() {
        return config.transport()
                .session(new SessionContext(
                        config.endpoint(),
                        config.options(),
                        config.credentials() != null,
                        environment.random(),
                        memory));
    }

    Wires wires(Target target) {
        String scheme = String.valueOf(target.uri().getScheme());
        return wiresByScheme.computeIfAbsent(
                scheme, wanted -> config.wires(wanted).wires(config.options(), environment));
    }

    @Nullable
    CredentialProvider credentials() {
        return config.credentials();
    }

    /** Runs code of the application, which may block. */
    void runForUser(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            environment.listeners().execute(task);
        }
    }

    Set<Capability> required() {
        return config.required();
    }

    /** Whether queries of this transport share sessions at all. */
    boolean sharesSessions() {
        Query any = Query.of("any");
        return config.transport().mayShareSession(any, any);
    }

    /** What all connections can do. */
    void negotiated() {
        Set<Capability> common = EnumSet.noneOf(Capability.class);
        common.addAll(config.transport().capabilities());
        for (Group group : groups) {
            Session session = group.session();
            Set<Capability> one = session == null ? null : session.negotiated();
            if (one != null) {
                common.retainAll(one);
            }
        }
        capabilities = Set.copyOf(common);
    }

    /** Makes the commits of one server commit visible at one instant, then tells them. */
    void publish(Map<LiveQuery, RowCommit> commits) {
        Map<StateCell, Map<Integer, ViewState>> states = new LinkedHashMap<>();
        commits.forEach((live, commit) -> {
            if (live.content() instanceof ViewContent content) {
                states.computeIfAbsent(content.core().cell(), cell -> new HashMap<>())
                        .put(content.core().slot(), commit.after());
            }
        });
        states.forEach(StateCell::set);
        commits.forEach((live, commit) -> {
            live.content().announce(commit);
            tell(listener -> listener.onCommit(live.query(), commit.after().version(), commit.changeCount()));
        });
    }

    void notice(Object notice) {
        noticeFeeds.forEach(feed -> feed.tell(notice));
    }

    void faulted(LiveQuery live, @Nullable String what, String where) {
        LOG.log(System.Logger.Level.WARNING, "{0}: {1} at {2}", live.query(), what, where);
        tell(listener -> listener.onFault(live.query(), String.valueOf(what), where));
    }

    void listenerFailed(Query query, Throwable reason) {
        log(System.Logger.Level.WARNING, "a listener of " + query + " failed", reason);
        tell(listener -> listener.onListenerFailed(query, reason));
    }

    void log(System.Logger.Level level, String message, Throwable reason) {
        LOG.log(level, message, reason);
    }

    void tell(Consumer<SourceListener> event) {
        for (SourceListener listener : config.listeners()) {
            try {
                event.accept(listener);
            } catch (RuntimeException e) {
                log(System.Logger.Level.WARNING, "a source listener failed", e);
            }
        }
    }

    void statusChanged() {
        SourceStatus next = worst();
        if (!next.equals(status)) {
            status = next;
            feeds.forEach(feed -> feed.tell(next));
        }
    }

    private SourceStatus worst() {
        if (closed) {
            return new SourceStatus(SourceStatus.Phase.CLOSED, 0, Duration.ZERO, null);
        }
        SourceStatus worst = new SourceStatus(
                pauses > 0 ? SourceStatus.Phase.PAUSED : SourceStatus.Phase.IDLE, 0, Duration.ZERO, null);
        for (Group group : groups) {
            SourceStatus one = group.status();
            if (weight(one) > weight(worst)) {
                worst = one;
            }
        }
        return worst;
    }

    private static int weight(SourceStatus status) {
        return switch (status.phase()) {
            case IDLE -> 0;
            case CONNECTED -> 1;
            case CONNECTING -> 2;
            case WAITING -> 3 + status.attempt();
            case PAUSED, CLOSED -> Integer.MAX_VALUE;
        };
    }
}
