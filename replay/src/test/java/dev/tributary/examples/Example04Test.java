package dev.tributary.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Change;
import dev.tributary.Checkpoint;
import dev.tributary.Commit;
import dev.tributary.LaggedException;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Reactive, without a cache. */
class Example04Test {

    private final BlockingQueue<String> shown = new LinkedBlockingQueue<>();
    private final BlockingQueue<Checkpoint> places = new LinkedBlockingQueue<>();
    private volatile Flow.Subscription subscription;

    private void show(Change<Row> change) {
        shown.add(change.toString());
    }

    private String next() throws InterruptedException {
        return shown.poll(Shop.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void commitsComeAsTheyAreAskedForAndGoOnFromACheckpoint() throws Exception {
        try (Shop shop = new Shop().insert(1, "tea", "3.20");
                SyncSource source = SyncSource.open(shop.address())) {
            // example 4
            Flow.Publisher<Commit<Row>> log = source.changes("items"); // keeps no rows
            log.subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription asked) {
                    subscription = asked;
                    asked.request(1); // what nobody asks for delays the wire in the end
                }

                @Override
                public void onNext(Commit<Row> commit) {
                    commit.changes().forEach(change -> show(change));
                    places.add(commit.checkpoint()); // from here source.changes(query, checkpoint) goes on
                }

                @Override
                public void onError(Throwable failure) {
                    if (failure instanceof LaggedException lagged) {
                        lagged.checkpoint().ifPresent(places::add); // too slow: it says where to go on
                    }
                }

                @Override
                public void onComplete() {}
            });
            // end
            assertThat(next()).isEqualTo("+ 1 {id=1, name=tea, note=null, price=3.20}");
            Checkpoint first = places.poll(Shop.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            shop.price(1, "3.10");
            subscription.request(1);
            assertThat(next()).isEqualTo("~ 1 {id=1, price=3.10} was null");
            subscription.cancel();

            shop.insert(2, "cup", "5.00");
            source.changes(Query.of("items"), first).subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription asked) {
                    asked.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(Commit<Row> commit) {
                    commit.changes().forEach(change -> show(change));
                }

                @Override
                public void onError(Throwable failure) {
                    shown.add(failure.toString());
                }

                @Override
                public void onComplete() {}
            });
            assertThat(next()).isEqualTo("~ 1 {id=1, price=3.10} was null");
            assertThat(next()).isEqualTo("+ 2 {id=2, name=cup, note=null, price=5.00}");
        }
    }
}
