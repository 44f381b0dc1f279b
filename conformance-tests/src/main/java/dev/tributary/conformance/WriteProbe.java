package dev.tributary.conformance;

import dev.tributary.ClosedException;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.SyncException;
import dev.tributary.SyncSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Writes through clients of a world, each of another value, into rows that nobody else puts: so the states of the server
 * tell which of them were done, and how often.
 */
final class WriteProbe {

    private static final int FIRST_VALUE = 1_000;

    private record Written(Operation.Put put, CompletableFuture<?> outcome) {

        @Override
        public String toString() {
            return "a write of " + put.value() + " into row " + put.key() + " of table " + put.table();
        }
    }

    /** How a write ended, as far as its caller can tell. */
    enum End {
        DONE,
        NOT_DONE,
        UNKNOWN
    }

    private final World world;
    private final List<Written> written = new ArrayList<>();

    WriteProbe(World world) {
        this.world = world;
    }

    void write(SyncSource source, int table, int key) {
        Operation.Put put = new Operation.Put(table, key, FIRST_VALUE + written.size());
        written.add(new Written(put, world.write(source, put)));
    }

    /** What holds once all is quiet: each has an end, and the end is true. */
    List<End> check() {
        return written.stream().map(this::check).toList();
    }

    private End check(Written one) {
        Law.WRITES_END.holdsIf(one.outcome().isDone(), one + " has no end");
        Throwable failure = failure(one.outcome());
        Law.WRITES_END.holdsIf(
                failure == null || failure instanceof SyncException, one + " ended with an untyped reason: " + failure);
        int times = timesDone(one.put());
        End end = end(failure);
        Law.DONE_IS_DONE.holdsIf(
                end != End.DONE || times == 1, one + " ended as done and was done " + times + " times");
        Law.FAILED_IS_NOT_DONE.holdsIf(
                end != End.NOT_DONE || times == 0, one + " was done, but its caller was told: " + failure);
        Law.UNKNOWN_IS_DONE_ONCE.holdsIf(
                end != End.UNKNOWN || times <= 1,
                one + " was done " + times + " times, and its caller was told: " + failure);
        return end;
    }

    private static @Nullable Throwable failure(CompletableFuture<?> outcome) {
        try {
            outcome.join();
            return null;
        } catch (CompletionException e) {
            return e.getCause();
        } catch (RuntimeException e) {
            return e;
        }
    }

    private static End end(@Nullable Throwable failure) {
        if (failure == null) {
            return End.DONE;
        }
        boolean unknown = failure instanceof OutcomeUnknownException || failure instanceof ClosedException;
        return unknown ? End.UNKNOWN : End.NOT_DONE;
    }

    /** How often the row came to have this value: a second time shows where the row was taken away between. */
    private int timesDone(Operation.Put put) {
        int times = 0;
        boolean had = false;
        for (SortedMap<Integer, Integer> state : world.history(world.queries().get(put.table()))) {
            boolean has = Integer.valueOf(put.value()).equals(state.get(put.key()));
            times += has && !had ? 1 : 0;
            had = has;
        }
        return times;
    }
}
