package dev.tributary.conformance;

import dev.tributary.Commit;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.ViewListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;

/** Wrong engines whose listeners miss something, or harm one another. */
final class ListenerMutants {

    private ListenerMutants() {}

    static List<Mutant> plain() {
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

    /** A listener whose commits come changed. */
    static Mutant commits(String name, Law law, Function<BentView.BentListener<Row>, Consumer<Commit<Row>>> bent) {
        return Mutant.of(name, law).listener(listener -> new BentView.BentListener<>(listener) {
            private final Consumer<Commit<Row>> changed = bent.apply(this);

            @Override
            public void onCommit(Commit<Row> commit) {
                changed.accept(commit);
            }
        });
    }
}
