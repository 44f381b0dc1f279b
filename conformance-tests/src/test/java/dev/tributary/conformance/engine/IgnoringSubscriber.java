package dev.tributary.conformance.engine;

import dev.tributary.Commit;
import dev.tributary.Row;
import java.util.concurrent.Flow;

/** Asks for everything and does nothing with it. */
final class IgnoringSubscriber implements Flow.Subscriber<Commit<Row>> {

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Commit<Row> commit) {}

    @Override
    public void onError(Throwable reason) {}

    @Override
    public void onComplete() {}
}
