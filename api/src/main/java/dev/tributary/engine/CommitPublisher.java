package dev.tributary.engine;

import dev.tributary.Commit;
import dev.tributary.Phase;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The commits of a view for any number of subscribers, each with its own demand. What a subscriber does not ask for is
 * merged.
 */
final class CommitPublisher<T> implements Flow.Publisher<Commit<T>> {

    private final View<T> view;

    CommitPublisher(View<T> view) {
        this.view = view;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Commit<T>> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        Subscription<T> subscription = new Subscription<>(subscriber);
        subscription.start(view);
    }

    private static final class Subscription<T> implements Flow.Subscription, ViewListener<T> {

        private final Flow.Subscriber<? super Commit<T>> subscriber;
        private volatile @Nullable ListenerQueue<T> queue;
        private boolean subscribed;
        private boolean done;

        Subscription(Flow.Subscriber<? super Commit<T>> subscriber) {
            this.subscriber = subscriber;
        }

        void start(View<T> view) {
            ListenerQueue<T> made = view.newQueue(this).onDemand();
            queue = made;
            view.register(made);
        }

        @Override
        public void request(long n) {
            ListenerQueue<T> held = queue;
            if (held == null) {
                return;
            }
            if (n <= 0) {
                held.finish(failed(new IllegalArgumentException(
                        "demand must be above 0, but " + n + " was requested (Flow.Subscription.request)")));
                return;
            }
            held.request(n);
        }

        @Override
        public void cancel() {
            done = true;
            ListenerQueue<T> held = queue;
            if (held != null) {
                held.close();
            }
        }

        @Override
        public void onCommit(Commit<T> commit) {
            if (!done) {
                subscriber.onNext(commit);
            }
        }

        /** The first status, which every listener hears first, begins the subscription. */
        @Override
        public void onStatus(ViewStatus status) {
            if (!subscribed) {
                subscribed = true;
                subscriber.onSubscribe(this);
            }
            if (done) {
                return;
            }
            if (status.phase() == Phase.FAILED) {
                Throwable reason = status.reason();
                fail(reason == null ? new IllegalStateException("failed") : reason);
            } else if (status.phase() == Phase.CLOSED) {
                cancel();
                subscriber.onComplete();
            }
        }

        private static ViewStatus failed(Throwable reason) {
            return new ViewStatus(Phase.FAILED, Instant.EPOCH, reason, null, 0, 0, Double.NaN, true, null);
        }

        private void fail(Throwable reason) {
            cancel();
            subscriber.onError(reason);
        }
    }
}
