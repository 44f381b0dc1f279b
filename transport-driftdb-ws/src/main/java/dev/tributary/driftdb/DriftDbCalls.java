package dev.tributary.driftdb;

import dev.tributary.ConfigurationException;
import dev.tributary.LimitExceededException;
import dev.tributary.MaterializedView;
import dev.tributary.NoticeListener;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Hands the wishes of an application to the protocol. */
final class DriftDbCalls implements DriftDb {

    private static final int MOST_WAITING = 1000;

    private final Calls calls;
    private final int most;
    private final PushQueue queue;

    DriftDbCalls(Calls calls) {
        this(calls, MOST_WAITING, QueuePolicy.REJECT);
    }

    private DriftDbCalls(Calls calls, int most, QueuePolicy policy) {
        this.calls = calls;
        this.most = most;
        this.queue = new PushQueue(most, policy);
    }

    @Override
    public DriftDb withQueue(int bound, QueuePolicy policy) {
        if (bound < 1) {
            throw new ConfigurationException("a queue has room for 1 push at least, got " + bound);
        }
        return new DriftDbCalls(calls, bound, policy);
    }

    private <T> CompletableFuture<T> ask(Request request, Class<T> type, Duration deadline, Delivery delivery) {
        return calls.call(request, deadline, delivery).thenApply(type::cast);
    }

    @Override
    public CompletableFuture<Room> createRoom(Duration deadline) {
        return ask(new Request.CreateRoom(), Room.class, deadline, Delivery.ONCE);
    }

    @Override
    public CompletableFuture<Room> room(String id, Duration deadline) {
        if (id.isEmpty()) {
            throw new ConfigurationException("a room id is not empty");
        }
        return ask(new Request.FindRoom(id), Room.class, deadline, Delivery.REPEATABLE);
    }

    // ---- writing ----

    @Override
    public CompletableFuture<Pushed> push(Push push, Duration deadline) {
        return write(push, Request.Way.DEFAULT, deadline);
    }

    @Override
    public CompletableFuture<Pushed> replaceThinned(String key, @Nullable Object value, Duration deadline) {
        return write(Push.replace(key, value), Request.Way.THINNED, deadline);
    }

    private CompletableFuture<Pushed> write(Push push, Request.Way way, Duration deadline) {
        Request.Write write = new Request.Write(push, way);
        CompletableFuture<Pushed> result = new CompletableFuture<>();
        Delivery delivery = Delivery.ONCE;
        if (push.action() == Action.RELAY && way != Request.Way.HTTP) {
            delivery = Delivery.ONLY_NOW;
        } else if (push.guarantee() == Guarantee.AT_LEAST_ONCE) {
            delivery = Delivery.REPEATABLE;
        }
        LimitExceededException full = way == Request.Way.AHEAD ? null : queue.add(write, result);
        if (full != null) {
            return CompletableFuture.failedFuture(full);
        }
        CompletableFuture<@Nullable Object> call = calls.call(write, deadline, delivery);
        call.whenComplete((pushed, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                result.complete((Pushed) pushed);
            }
        });
        result.whenComplete((pushed, failure) -> {
            if (!call.isDone() && (result.isCancelled() || write.drop() || failure instanceof LimitExceededException)) {
                call.cancel(false);
            }
        });
        return result;
    }

    @Override
    public CompletableFuture<Void> appendAll(String key, Iterable<?> values, Duration deadline, LongConsumer progress) {
        CompletableFuture<Void> all = new CompletableFuture<>();
        new Bulk(key, values.iterator(), deadline, progress, all).start();
        return all;
    }

    /** Appends of one bulk, some at a time. */
    private final class Bulk {

        private final String key;
        private final Iterator<?> values;
        private final Duration deadline;
        private final LongConsumer progress;
        private final CompletableFuture<Void> all;
        private int underWay;
        private long done;

        Bulk(String key, Iterator<?> values, Duration deadline, LongConsumer progress, CompletableFuture<Void> all) {
            this.key = key;
            this.values = values;
            this.deadline = deadline;
            this.progress = progress;
            this.all = all;
        }

        void start() {
            int together = Math.max(1, Math.min(most / 2, 4 * WriteWindow.MOST_UNCONFIRMED));
            while (more(together)) {
                continue;
            }
        }

        /** @return whether there was room for one more */
        private boolean more(int together) {
            CompletableFuture<Pushed> next;
            synchronized (this) {
                if (all.isDone() || underWay >= together) {
                    return false;
                }
                if (!values.hasNext()) {
                    if (underWay == 0) {
                        all.complete(null);
                    }
                    return false;
                }
                underWay++;
                next = append(key, values.next(), deadline);
            }
            next.whenComplete((pushed, failure) -> finished(failure));
            return true;
        }

        private void finished(@Nullable Throwable failure) {
            long count;
            synchronized (this) {
                underWay--;
                count = failure == null ? ++done : done;
            }
            if (failure != null) {
                all.completeExceptionally(failure);
            } else {
                progress.accept(count);
                start();
            }
        }
    }

    @Override
    public CompletableFuture<Boolean> fold(
            String key,
            int threshold,
            Function<? super List<Entry>, ? extends @Nullable Object> folder,
            Duration deadline) {
        Request.ReadToFold read = new Request.ReadToFold(Push.checkedKey(key), Math.max(1, threshold));
        return calls.call(read, deadline, Delivery.ONCE).thenCompose(retained -> {
            List<Entry> entries = entries(retained);
            if (entries.isEmpty()) {
                return CompletableFuture.completedFuture(false);
            }
            long last = entries.get(entries.size() - 1).number();
            // It stands for what is retained already: behind what waits it would come too late in a burst.
            return write(Push.compact(key, folder.apply(entries), last), Request.Way.AHEAD, deadline)
                    .thenApply(pushed -> true);
        });
    }

    @Override
    public CompletableFuture<List<Entry>> retained(String key, Duration deadline) {
        Request.ReadRetained read = new Request.ReadRetained(Push.checkedKey(key));
        return calls.call(read, deadline, Delivery.REPEATABLE).thenApply(DriftDbCalls::entries);
    }

    static List<Entry> entries(@Nullable Object result) {
        List<Entry> entries = new ArrayList<>();
        if (result instanceof List<?> list) {
            list.forEach(element -> entries.add((Entry) element));
        }
        return List.copyOf(entries);
    }

    @Override
    public CompletableFuture<Void> reseed(MaterializedView<Row> view, Duration deadline) {
        StreamQuery query = StreamQuery.of(view.query());
        List<Row> rows = new ArrayList<>(view.snapshot().toList());
        if (query.form() == StreamQuery.Form.LATEST) {
            return rows.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : replace(query.key(), rows.get(0).get(StreamRows.VALUE), deadline)
                            .thenAccept(pushed -> {});
        }
        if (query.form() != StreamQuery.Form.LOG) {
            throw new ConfigurationException("a room is filled from views of values or logs, got " + view.query());
        }
        rows.sort(Comparator.comparing((Row row) -> DriftTypes.number(row, "history"), Long::compareUnsigned)
                .thenComparing(row -> DriftTypes.number(row, "seq"), Long::compareUnsigned));
        List<@Nullable Object> values = new ArrayList<>(rows.size());
        rows.forEach(row -> values.add(row.get(StreamRows.VALUE)));
        return appendAll(query.key(), values, deadline, done -> {});
    }

    // ---- presence ----

    @Override
    public CompletableFuture<Void> announce(
            MaterializedView<?> view, String client, @Nullable Object value, Duration deadline) {
        Request.Announce announce = new Request.Announce(
                Values.checkedText(client, "client"), Values.checked(value), Presence.LEAST, Presence.MOST);
        return calls.call(view, announce, deadline, Delivery.REPEATABLE).thenAccept(nothing -> {});
    }

    @Override
    public CompletableFuture<Void> withdraw(
            MaterializedView<?> view, String client, boolean farewell, Duration deadline) {
        return calls.call(view, new Request.Withdraw(client, farewell), deadline, Delivery.REPEATABLE)
                .thenAccept(nothing -> {});
    }

    // ---- the rest ----

    @Override
    public DriftHttp http() {
        return new HttpCalls(calls);
    }

    @Override
    public CompletableFuture<Duration> latency(Duration deadline) {
        return ask(new Request.Latency(), Duration.class, deadline, Delivery.REPEATABLE);
    }

    @Override
    public Registration onSize(NoticeListener<? super StreamSize> listener) {
        return calls.onNotice(StreamSize.class, listener);
    }

    @Override
    public Registration onError(NoticeListener<? super ServerError> listener) {
        return calls.onNotice(ServerError.class, listener);
    }

    @Override
    public Registration onCounterWentBack(NoticeListener<? super CounterWentBack> listener) {
        return calls.onNotice(CounterWentBack.class, listener);
    }
}
