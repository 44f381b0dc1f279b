package dev.tributary.conformance;

import static dev.tributary.conformance.ListenerMutants.commits;
import static dev.tributary.conformance.PhaseMutants.as;
import static dev.tributary.conformance.PhaseMutants.says;

import dev.tributary.Change;
import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.SavedView;
import dev.tributary.Snapshot;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import dev.tributary.testkit.simulation.ForwardingEnvironment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Wrong engines: what a view shows, saves and tells is not what it holds, or not always. */
final class ViewMutants {

    private ViewMutants() {}

    /** They look right in every situation that an example shows. */
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
                Mutant.of("loses its eleventh timer", Law.COMES_BACK)
                        .environment(right -> new ForwardingEnvironment(right) {
                            private int timers;

                            @Override
                            public Timer schedule(Runnable task, long delayNanos) {
                                return ++timers == 11 ? () -> {} : super.schedule(task, delayNanos);
                            }
                        }),
                Mutant.of("fails when its randomness does", Law.ENGINE_IS_QUIET)
                        .environment(right -> new ForwardingEnvironment(right) {
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

    private static Commit<Row> with(Commit<Row> commit, List<Change<Row>> changes) {
        return new BentView.BentCommit<>(commit) {
            @Override
            public List<Change<Row>> changes() {
                return changes;
            }
        };
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
}
