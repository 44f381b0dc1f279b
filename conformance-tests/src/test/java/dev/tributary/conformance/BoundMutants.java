package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.Commit;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/** Wrong engines that keep too much for who is slow. */
final class BoundMutants {

    private BoundMutants() {}

    static List<Mutant> plain() {
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
}
