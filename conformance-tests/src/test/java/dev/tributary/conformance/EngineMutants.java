package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.Change;
import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.Phase;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.RowMapper;
import dev.tributary.RowSchema;
import dev.tributary.SavedView;
import dev.tributary.Snapshot;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import dev.tributary.ViewOptions;
import dev.tributary.ViewStatus;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Delivery;
import dev.tributary.spi.Environment;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Target;
import dev.tributary.spi.WireProvider;
import dev.tributary.spi.Wires;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Wrong engines. Those of {@link #subtle} look right in every situation that an example shows. */
final class EngineMutants {

    private EngineMutants() {}

    /** A listener whose commits come changed. */
    private static Mutant commits(
            String name, Law law, Function<BentView.BentListener<Row>, Consumer<Commit<Row>>> bent) {
        return Mutant.of(name, law).listener(listener -> new BentView.BentListener<>(listener) {
            private final Consumer<Commit<Row>> changed = bent.apply(this);

            @Override
            public void onCommit(Commit<Row> commit) {
                changed.accept(commit);
            }
        });
    }

    private static Mutant status(String name, Law law, UnaryOperator<ViewStatus> bent) {
        return Mutant.of(name, law).view((source, view) -> new BentView<>(source, view) {
            @Override
            public ViewStatus status() {
                return bent.apply(right.status());
            }
        });
    }

    private static ViewStatus as(Phase phase, ViewStatus right) {
        return new ViewStatus(
                phase,
                right.since(),
                right.reason(),
                right.condition(),
                right.rows(),
                right.bytes(),
                right.fraction(),
                right.verified(),
                right.verifiedUpTo());
    }

    private static boolean says(ViewStatus status, String word) {
        return status.reason() != null
                && String.valueOf(status.reason().getMessage()).contains(word);
    }

    private static Commit<Row> with(Commit<Row> commit, List<Change<Row>> changes) {
        return new BentView.BentCommit<>(commit) {
            @Override
            public List<Change<Row>> changes() {
                return changes;
            }
        };
    }

    static List<Mutant> subtle() {
        return List.of(
                commits("tells no delete in a commit of three changes", Law.CHANGES_COMPOSE, listener -> commit -> {
                    List<Change<Row>> changes = new ArrayList<>(commit.changes());
                    if (changes.size() > 2 && commit.origin() != Commit.Origin.INITIAL) {
                        changes.removeIf(change -> change.kind() == Change.Kind.DELETE);
                    }
                    listener.tell(with(commit, changes));
                }),
                commits("tells the first of several deletes twice", Law.CHANGES_FIT, listener -> commit -> {
                    List<Change<Row>> changes = new ArrayList<>(commit.changes());
                    List<Change<Row>> deletes = changes.stream()
                            .filter(change -> change.kind() == Change.Kind.DELETE)
                            .toList();
                    if (deletes.size() > 1) {
                        changes.add(deletes.get(0));
                    }
                    listener.tell(with(commit, changes));
                }),
                Mutant.of("says that a restored view is loading", Law.LOADING_IS_FIRST)
                        .view((source, view) -> new BentView<>(source, view) {
                            @Override
                            public ViewStatus status() {
                                ViewStatus status = right.status();
                                return says(status, "restored") ? as(Phase.LOADING, status) : status;
                            }
                        }),
                Mutant.of("saves what it showed one commit ago", Law.SAVED_AS_SHOWN)
                        .view((source, view) -> new BentView<>(source, view) {
                            private final Deque<SavedView> earlier = new ArrayDeque<>();

                            {
                                right.listen(commit -> {
                                    earlier.add(right.save());
                                    if (earlier.size() > 2) {
                                        earlier.remove();
                                    }
                                });
                            }

                            @Override
                            public SavedView save() {
                                return earlier.isEmpty() ? right.save() : earlier.element();
                            }
                        }),
                Mutant.of("shows an earlier state once more after a refresh", Law.VERSION_FORWARD)
                        .view((source, view) -> new BentView<>(source, view) {
                            private @Nullable Snapshot<Row> last;
                            private @Nullable Snapshot<Row> beforeLast;
                            private @Nullable Snapshot<Row> again;

                            @Override
                            public Snapshot<Row> snapshot() {
                                Snapshot<Row> now = right.snapshot();
                                if (last != null && last.version() < now.version()) {
                                    beforeLast = last;
                                }
                                last = now;
                                Snapshot<Row> shown = again == null ? now : again;
                                again = null;
                                return shown;
                            }

                            @Override
                            public CompletableFuture<MaterializedView<Row>> refresh() {
                                again = beforeLast != null && beforeLast.version() > 0 ? beforeLast : null;
                                return super.refresh();
                            }
                        }),
                Mutant.of("fails at the second close", Law.CLOSE_TWICE).source(right -> new BentSource(right) {
                    private boolean closed;

                    @Override
                    public void close() {
                        if (closed) {
                            throw new IllegalStateException("closed before");
                        }
                        closed = true;
                        super.close();
                    }
                }),
                Mutant.of("goes on telling the listeners of a view that was closed", Law.CLOSED_IS_SILENT)
                        .view((source, view) -> new BentView<>(source, view) {
                            @Override
                            public Registration listen(ViewListener<? super Row> listener) {
                                return source.right.materialize(query()).listen(bend(listener));
                            }
                        }),
                commits("tells its second commit with the version of the first", Law.HEARD_FORWARD, listener -> {
                    int[] count = {0};
                    long[] first = {0};
                    return commit -> {
                        count[0]++;
                        first[0] = count[0] == 1 ? commit.version() : first[0];
                        boolean wrong = count[0] > 4 && commit.changes().size() > 1;
                        listener.tell(
                                wrong
                                        ? new BentView.BentCommit<>(commit) {
                                            @Override
                                            public long version() {
                                                return first[0];
                                            }
                                        }
                                        : commit);
                    };
                }),
                commits("marks a commit that empties a view as its first", Law.FIRST_IS_INITIAL, listener -> commit -> {
                    boolean emptied = commit.snapshot().isEmpty() && commit.origin() != Commit.Origin.INITIAL;
                    listener.tell(
                            emptied
                                    ? new BentView.BentCommit<>(commit) {
                                        @Override
                                        public Origin origin() {
                                            return Origin.INITIAL;
                                        }
                                    }
                                    : commit);
                }),
                Mutant.of("tells a status no more when it has told six", Law.STATUS_IS_HEARD)
                        .listener(listener -> new BentView.BentListener<>(listener) {
                            private int told;

                            @Override
                            public void onStatus(ViewStatus status) {
                                if (told++ < 6 || status.phase() != Phase.LIVE) {
                                    super.onStatus(status);
                                }
                            }
                        }),
                Mutant.of("tells an empty commit after one that deletes", Law.UNCHANGED_IS_SILENT)
                        .listener(listener -> new BentView.BentListener<>(listener) {
                            private @Nullable Commit<Row> last;

                            @Override
                            public void onCommit(Commit<Row> commit) {
                                last = commit;
                                tell(commit);
                                boolean deletes = commit.changes().stream()
                                        .anyMatch(change -> change.kind() == Change.Kind.DELETE);
                                if (deletes && commit.changes().size() > 1) {
                                    tell(new BentView.BentCommit<>(with(commit, List.of())) {
                                        @Override
                                        public long version() {
                                            return commit.version() + 1;
                                        }
                                    });
                                }
                            }
                        }),
                Mutant.of("shows a snapshot that moves on with the view", Law.SNAPSHOTS_STAY)
                        .view((source, view) -> new BentView<>(source, view) {
                            @Override
                            public Snapshot<Row> snapshot() {
                                return new Moving(right, right.snapshot());
                            }
                        }),
                Mutant.of("drops a commit when another view closes", Law.HEARS_ALL)
                        .source(right -> new BentSource(right) {
                            private int closes;

                            @Override
                            @SuppressWarnings("unchecked")
                            <T> BentView<T> bend(MaterializedView<T> view) {
                                return (BentView<T>) new BentView<>(this, (MaterializedView<Row>) view) {
                                    @Override
                                    @SuppressWarnings("unchecked")
                                    ViewListener<Row> bend(ViewListener<? super Row> listener) {
                                        return new BentListener<>((ViewListener<Row>) listener) {
                                            private int seen = closes;

                                            @Override
                                            public void onCommit(Commit<Row> commit) {
                                                if (seen == closes || commit.origin() == Commit.Origin.INITIAL) {
                                                    tell(commit);
                                                }
                                                seen = closes;
                                            }
                                        };
                                    }

                                    @Override
                                    public void close() {
                                        closes++;
                                        super.close();
                                    }
                                };
                            }
                        }),
                Mutant.of("loses its eleventh timer", Law.COMES_BACK).environment(right -> new BentEnvironment(right) {
                    private int timers;

                    @Override
                    public Timer schedule(Runnable task, long delayNanos) {
                        return ++timers == 11 ? () -> {} : super.schedule(task, delayNanos);
                    }
                }),
                Mutant.of("fails when its randomness does", Law.ENGINE_IS_QUIET)
                        .environment(right -> new BentEnvironment(right) {
                            private int draws;

                            @Override
                            public RandomGenerator random() {
                                if (++draws == 9) {
                                    throw new IllegalStateException("no randomness is left");
                                }
                                return super.random();
                            }
                        }));
    }

    /** A snapshot that shows what its view shows. */
    private record Moving(MaterializedView<Row> view, Snapshot<Row> right) implements Snapshot<Row> {

        @Override
        public int size() {
            return view.snapshot().size();
        }

        @Override
        public boolean isEmpty() {
            return view.snapshot().isEmpty();
        }

        @Override
        public @Nullable Row get(@Nullable Object... key) {
            return view.snapshot().get(key);
        }

        @Override
        public boolean contains(@Nullable Object... key) {
            return view.snapshot().contains(key);
        }

        @Override
        public Stream<Row> stream() {
            return view.snapshot().stream();
        }

        @Override
        public List<Row> toList() {
            return view.snapshot().toList();
        }

        @Override
        public Iterator<Row> iterator() {
            return view.snapshot().iterator();
        }

        @Override
        public long version() {
            return right.version();
        }

        @Override
        public boolean isVerified() {
            return right.isVerified();
        }

        @Override
        public Optional<RowSchema> schema() {
            return right.schema();
        }
    }

    static List<Mutant> plain() {
        List<Mutant> all = new ArrayList<>(listeners());
        all.addAll(phases());
        all.addAll(retries());
        all.addAll(bounds());
        all.addAll(closing());
        all.addAll(sharing());
        return all;
    }

    private static List<Mutant> listeners() {
        return List.of(
                commits("tells a late listener its content with the next commit", Law.LATE_LISTENER, listener -> {
                    List<Commit<Row>> held = new ArrayList<>();
                    return commit -> {
                        if (commit.origin() == Commit.Origin.INITIAL) {
                            held.add(commit);
                        } else {
                            held.forEach(listener::tell);
                            held.clear();
                            listener.tell(commit);
                        }
                    };
                }),
                commits(
                        "does not mark merged commits",
                        Law.MERGED_SAYS_SO,
                        listener -> commit -> listener.tell(new BentView.BentCommit<>(commit) {
                            @Override
                            public boolean isMerged() {
                                return false;
                            }
                        })),
                commits(
                        "swallows a listener's exception and with it the next commit",
                        Law.THROWING_LISTENER_GOES_ON,
                        listener -> {
                            boolean[] skip = {false};
                            return commit -> {
                                if (skip[0]) {
                                    skip[0] = false;
                                    return;
                                }
                                try {
                                    listener.tell(commit);
                                } catch (IllegalStateException e) {
                                    skip[0] = true;
                                    throw e;
                                }
                            };
                        }),
                commits("swallows a listener's exception", Law.THROWING_IS_REPORTED, listener -> commit -> {
                    try {
                        listener.tell(commit);
                    } catch (IllegalStateException swallowed) {
                        commit.version();
                    }
                }),
                Mutant.of("runs all listeners on one executor", Law.BLOCKING_HARMS_NOBODY)
                        .view((source, view) -> new BentView<>(source, view) {
                            @Override
                            public Registration listen(ViewListener<? super Row> listener, Executor executor) {
                                return super.listen(listener);
                            }
                        }),
                Mutant.of("lets a refusing executor go without a word", Law.REFUSING_EXECUTOR_ENDS)
                        .view((source, view) -> new BentView<>(source, view) {
                            @Override
                            public Registration listen(ViewListener<? super Row> listener, Executor executor) {
                                return super.listen(listener, task -> {
                                    try {
                                        executor.execute(task);
                                    } catch (RejectedExecutionException swallowed) {
                                        return;
                                    }
                                });
                            }
                        }));
    }

    private static List<Mutant> phases() {
        return List.of(
                status(
                        "stays live without a connection",
                        Law.STALE_WITHOUT_CONNECTION,
                        status -> says(status, "refused") ? as(Phase.LIVE, status) : status),
                Mutant.of("throws when a late reader asks how a view does", Law.NOTHING_IS_THROWN)
                        .view((source, view) -> new BentView<>(source, view) {
                            @Override
                            public ViewStatus status() {
                                ViewStatus status = right.status();
                                if (status.phase() == Phase.STALE
                                        && !right.snapshot().isEmpty()) {
                                    throw new NoSuchElementException("no status");
                                }
                                return status;
                            }
                        }),
                status(
                        "is stale before its first content",
                        Law.LOADING_THEN_LIVE,
                        status -> status.phase() == Phase.LOADING ? as(Phase.STALE, status) : status),
                commits("tells nobody what a reset changed", Law.RESET_TELLS_DIFFERENCES, listener -> commit -> {
                    if (commit.origin() != Commit.Origin.RESET) {
                        listener.tell(commit);
                    }
                }),
                status(
                        "stays live in silence",
                        Law.SILENCE_IS_STALE,
                        status -> says(status, "no data within") || says(status, "no answer within")
                                ? as(Phase.LIVE, status)
                                : status),
                Mutant.of("ignores what was saved", Law.RESTART_RESUMES).source(right -> new BentSource(right) {
                    @Override
                    public <T> MaterializedView<T> materialize(
                            dev.tributary.Query query, RowMapper<T> mapper, Consumer<? super ViewOptions> options) {
                        return super.materialize(query, mapper, unused -> {});
                    }
                }));
    }

    private static List<Mutant> retries() {
        return List.of(
                Mutant.of("tries again after half of the wait", Law.ANNOUNCED_WAITS)
                        .environment(right -> new BentEnvironment(right) {
                            @Override
                            public Timer schedule(Runnable task, long delayNanos) {
                                return super.schedule(task, delayNanos / 2);
                            }
                        }),
                Mutant.of("has no jitter", Law.JITTER).environment(right -> new BentEnvironment(right) {
                    @Override
                    public RandomGenerator random() {
                        return new SplittableRandom(42);
                    }
                }),
                Mutant.of("ignores retryNow", Law.RETRY_NOW).source(right -> new BentSource(right) {
                    @Override
                    public void retryNow() {}
                }),
                Mutant.of("counts the budget of each source alone", Law.BUDGET)
                        .environment(right -> new BentEnvironment(right)));
    }

    private static List<Mutant> bounds() {
        return List.of(
                Mutant.of("queues a task for each commit", Law.ONE_TASK)
                        .view((source, view) -> new BentView<>(source, view) {
                            @Override
                            public Registration listen(ViewListener<? super Row> listener, Executor executor) {
                                return super.listen(new BentListener<Row>(listener) {
                                    @Override
                                    public void onCommit(Commit<Row> commit) {
                                        executor.execute(() -> tell(commit));
                                    }

                                    @Override
                                    public void onStatus(ViewStatus status) {
                                        executor.execute(() -> super.onStatus(status));
                                    }
                                });
                            }
                        }),
                Mutant.of("keeps every commit for a slow listener", Law.MAILBOX_IS_BOUNDED)
                        .view((source, view) -> new BentView<>(source, view) {
                            @Override
                            public Registration listen(ViewListener<? super Row> listener, Executor executor) {
                                return super.listen(new BentListener<Row>(listener) {
                                    private final Deque<Runnable> waiting = new ArrayDeque<>();

                                    private void later(Runnable task) {
                                        waiting.add(task);
                                        if (waiting.size() == 1) {
                                            executor.execute(() -> {
                                                while (!waiting.isEmpty()) {
                                                    waiting.element().run();
                                                    waiting.remove();
                                                }
                                            });
                                        }
                                    }

                                    @Override
                                    public void onCommit(Commit<Row> commit) {
                                        later(() -> tell(commit));
                                    }

                                    @Override
                                    public void onStatus(ViewStatus status) {
                                        later(() -> super.onStatus(status));
                                    }
                                });
                            }
                        }),
                Mutant.of("declares BACKPRESSURE, and reads until it is full", Law.DEMAND_DELAYS_THE_WIRE)
                        .declares(Capability.BACKPRESSURE)
                        .source(right -> new BentSource(right) {
                            @Override
                            public Flow.Publisher<Commit<Row>> changes(String query) {
                                return subscriber -> super.changes(query).subscribe(new Unbounded(subscriber, 300));
                            }
                        }),
                Mutant.of("keeps all for a slow subscriber of changes()", Law.SLOW_SUBSCRIBER_LAGS)
                        .source(right -> new BentSource(right) {
                            @Override
                            public Flow.Publisher<Commit<Row>> changes(String query) {
                                return subscriber ->
                                        super.changes(query).subscribe(new Unbounded(subscriber, Integer.MAX_VALUE));
                            }
                        }));
    }

    /** Asks for everything and lets through what was asked for. */
    private static final class Unbounded implements Flow.Subscriber<Commit<Row>> {

        private final Flow.Subscriber<? super Commit<Row>> to;
        private final Deque<Commit<Row>> waiting = new ArrayDeque<>();
        private final int most;
        private long demand;

        Unbounded(Flow.Subscriber<? super Commit<Row>> to, int most) {
            this.to = to;
            this.most = most;
        }

        private void pass() {
            while (demand > 0 && !waiting.isEmpty()) {
                demand--;
                to.onNext(waiting.remove());
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            to.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long n) {
                    demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
                    pass();
                }

                @Override
                public void cancel() {
                    subscription.cancel();
                }
            });
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Commit<Row> commit) {
            waiting.add(commit);
            pass();
            if (waiting.size() == most) {
                to.onError(new IllegalStateException("it is full"));
            }
        }

        @Override
        public void onError(Throwable reason) {
            to.onError(reason);
        }

        @Override
        public void onComplete() {
            to.onComplete();
        }
    }

    private static List<Mutant> closing() {
        return List.of(
                Mutant.of("does not close its wires", Law.CLOSE_ENDS_WIRES).wires(Unclosed::new),
                Mutant.of("cancels no timer", Law.CLOSE_LEAVES_NOTHING)
                        .environment(right -> new BentEnvironment(right) {
                            @Override
                            public Timer schedule(Runnable task, long delayNanos) {
                                super.schedule(task, delayNanos);
                                return () -> {};
                            }
                        }),
                Mutant.of("ignores a close from inside a listener", Law.CLOSE_IN_LISTENER)
                        .view((source, view) -> new BentView<>(source, view) {
                            private boolean within;

                            @Override
                            ViewListener<Row> bend(ViewListener<? super Row> listener) {
                                return new BentListener<>(listener) {
                                    @Override
                                    public void onCommit(Commit<Row> commit) {
                                        within = true;
                                        tell(commit);
                                        within = false;
                                    }
                                };
                            }

                            @Override
                            public void close() {
                                if (!within) {
                                    super.close();
                                }
                            }
                        }),
                Mutant.of("forgets the futures that wait", Law.FUTURES_END)
                        .view((source, view) -> new BentView<>(source, view) {
                            @Override
                            public CompletableFuture<MaterializedView<Row>> upToDate() {
                                CompletableFuture<MaterializedView<Row>> shown = new CompletableFuture<>();
                                super.upToDate().thenAccept(shown::complete);
                                return shown;
                            }
                        }),
                Mutant.of("gives a view of a closed source", Law.CLOSED_REFUSES).source(right -> new BentSource(right) {
                    private boolean closed;

                    @Override
                    public MaterializedView<Row> materialize(String query) {
                        return closed ? rows(views.get(0)) : super.materialize(query);
                    }

                    @Override
                    public void close() {
                        closed = true;
                        super.close();
                    }
                }),
                Mutant.of("keeps the subscription when the last view closes", Law.LAST_VIEW_RELEASES)
                        .view((source, view) -> new BentView<>(source, view) {
                            @Override
                            public void close() {}
                        }),
                Mutant.of("leaves a thread behind", Law.NO_THREAD_IS_LEFT)
                        .onlyItsLaw()
                        .source(right -> new BentSource(right) {
                            @Override
                            public void close() {
                                super.close();
                                Thread thread = new Thread(EngineMutants::waitForEver, "a thread that is left");
                                thread.setDaemon(true);
                                thread.start();
                            }
                        }),
                Mutant.of("lets a write wait for ever", Law.WRITES_END)
                        .writing()
                        .source(right -> calls(right, false)),
                Mutant.of("forgets a write when it closes", Law.CLOSE_ENDS_WRITES)
                        .writing()
                        .source(right -> calls(right, true)),
                Mutant.of("takes each write for one that may be repeated", Law.DONE_IS_DONE)
                        .writing()
                        .source(right -> new BentCalls(right) {
                            @Override
                            CompletableFuture<?> call(
                                    Calls calls, Object request, Duration deadline, Delivery delivery) {
                                return calls.call(request, deadline, Delivery.REPEATABLE);
                            }
                        }),
                Mutant.of("hands a write to the next session whose outcome is unknown", Law.UNKNOWN_IS_DONE_ONCE)
                        .writing()
                        .source(right -> new BentCalls(right) {
                            @Override
                            CompletableFuture<?> call(
                                    Calls calls, Object request, Duration deadline, Delivery delivery) {
                                CompletableFuture<?> future = calls.call(request, deadline, delivery);
                                future.whenComplete((result, failure) -> {
                                    if (failure instanceof OutcomeUnknownException) {
                                        calls.call(request, deadline, delivery);
                                    }
                                });
                                return future;
                            }
                        }));
    }

    @SuppressWarnings("unchecked")
    private static MaterializedView<Row> rows(BentView<?> view) {
        return (MaterializedView<Row>) view;
    }

    private static void waitForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A source whose writes do not end when they fail, or not when it is closed. */
    private static SyncSource calls(SyncSource right, boolean onlyAtTheClose) {
        return new BentCalls(right) {
            private boolean closed;

            @Override
            CompletableFuture<?> call(Calls calls, Object request, Duration deadline, Delivery delivery) {
                CompletableFuture<?> future = calls.call(request, deadline, delivery);
                CompletableFuture<Object> shown = new CompletableFuture<>();
                future.whenComplete((result, failure) -> {
                    if (failure == null) {
                        shown.complete(result);
                    } else if (onlyAtTheClose && !closed) {
                        shown.completeExceptionally(failure);
                    }
                });
                return shown;
            }

            @Override
            public void close() {
                closed = true;
                super.close();
            }
        };
    }

    /** A source whose writes are bent. */
    private abstract static class BentCalls extends BentSource {

        BentCalls(SyncSource right) {
            super(right);
        }

        abstract CompletableFuture<?> call(Calls calls, Object request, Duration deadline, Delivery delivery);

        @Override
        public <T> T unwrap(Class<T> type) {
            T unwrapped = super.unwrap(type);
            if (!(unwrapped instanceof Calls calls)) {
                return unwrapped;
            }
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, method, args) -> call(calls, args[0], (Duration) args[1], (Delivery) args[2])));
        }
    }

    private static List<Mutant> sharing() {
        return List.of(
                Mutant.of("subscribes each view by itself", Law.ONE_SUBSCRIPTION)
                        .opening((builder, right) -> new BentSource(right) {
                            private final List<SyncSource> more = new ArrayList<>();

                            @Override
                            public MaterializedView<Row> materialize(String query) {
                                SyncSource own = builder.open();
                                more.add(own);
                                return bent(own.materialize(query));
                            }

                            @Override
                            public void close() {
                                super.close();
                                more.forEach(SyncSource::close);
                            }
                        }),
                Mutant.of("closes all handles with the first", Law.HANDLES_ARE_APART)
                        .view((source, view) -> new BentView<>(source, view) {
                            @Override
                            public void close() {
                                source.views.stream()
                                        .filter(other -> other.query().equals(query()))
                                        .forEach(other -> other.right.close());
                            }
                        }),
                Mutant.of("ends a pause with the first of several", Law.PAUSE_ENDS_WIRES)
                        .source(right -> new BentSource(right) {
                            private final List<Registration> pauses = new ArrayList<>();

                            @Override
                            public Registration pause(String reason) {
                                pauses.add(super.pause(reason));
                                return () -> pauses.forEach(Registration::close);
                            }
                        }),
                Mutant.of("forgets what a listener has when it pauses", Law.PAUSE_GOES_ON)
                        .source(right -> new BentSource(right) {
                            private int pauses;

                            @Override
                            @SuppressWarnings("unchecked")
                            <T> BentView<T> bend(MaterializedView<T> view) {
                                return (BentView<T>) new BentView<>(this, (MaterializedView<Row>) view) {
                                    @Override
                                    ViewListener<Row> bend(ViewListener<? super Row> listener) {
                                        return new BentListener<>(listener) {
                                            private int seen = pauses;

                                            @Override
                                            public void onCommit(Commit<Row> commit) {
                                                if (seen == pauses) {
                                                    tell(commit);
                                                }
                                                seen = pauses;
                                            }
                                        };
                                    }
                                };
                            }

                            @Override
                            public Registration pause(String reason) {
                                pauses++;
                                return super.pause(reason);
                            }
                        }),
                Mutant.of("completes a refresh before it asked", Law.REFRESH_IS_VISIBLE)
                        .view((source, view) -> new BentView<>(source, view) {
                            @Override
                            public CompletableFuture<MaterializedView<Row>> refresh() {
                                super.refresh();
                                return CompletableFuture.completedFuture(this);
                            }
                        }));
    }

    /** Wires that stay open. */
    private record Unclosed(WireProvider right) implements WireProvider {

        @Override
        public Set<String> schemes() {
            return right.schemes();
        }

        @Override
        public Wires wires(dev.tributary.Options options, Environment environment) {
            Wires wires = right.wires(options, environment);
            return new Wires() {
                @Override
                public Connection open(Target target, Listener listener) {
                    Connection connection = wires.open(target, listener);
                    return new Connection() {
                        @Override
                        public void request(int pieces) {
                            connection.request(pieces);
                        }

                        @Override
                        public boolean send(Protocol.DataKind kind, ByteBuffer bytes) {
                            return connection.send(kind, bytes);
                        }

                        @Override
                        public void close(int code, String reason) {}
                    };
                }

                @Override
                public void close() {}
            };
        }
    }
}
