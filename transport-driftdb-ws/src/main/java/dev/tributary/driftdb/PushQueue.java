package dev.tributary.driftdb;

import dev.tributary.LimitExceededException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Bounds the pushes that wait to be sent, whether there is a connection or not. Safe for any thread. */
final class PushQueue {

    private record Queued(Request.Write write, CompletableFuture<Pushed> result) {

        boolean waits() {
            return !write.hasLeft() && !result.isDone();
        }
    }

    private final int most;
    private final QueuePolicy policy;
    private final Deque<Queued> queue = new ArrayDeque<>();

    PushQueue(int most, QueuePolicy policy) {
        this.most = most;
        this.policy = policy;
    }

    /**
     * Lets a write wait, at the cost of others where the policy says so.
     *
     * @param result of the write; those that must give way fail
     * @return null when it may wait, else why not
     */
    @Nullable
    LimitExceededException add(Request.Write write, CompletableFuture<Pushed> result) {
        List<Queued> dropped = new ArrayList<>();
        boolean refused;
        synchronized (this) {
            queue.removeIf(queued -> !queued.waits());
            if (policy == QueuePolicy.LATEST_REPLACE && write.push.action() == Action.REPLACE) {
                queue.removeIf(queued -> queued.write().push.action() == Action.REPLACE
                        && queued.write().push.key().equals(write.push.key())
                        && drop(queued, dropped));
            }
            while (policy == QueuePolicy.DROP_OLDEST && queue.size() >= most) {
                drop(queue.remove(), dropped);
            }
            refused = queue.size() >= most;
            if (!refused) {
                queue.add(new Queued(write, result));
            }
        }
        dropped.forEach(queued -> queued.result()
                .completeExceptionally(new LimitExceededException(
                        queued.write().push + ": it was not sent, and gave way to a later one")));
        return refused
                ? new LimitExceededException(write.push + ": it was not sent, " + most + " pushes wait already")
                : null;
    }

    private static boolean drop(Queued queued, List<Queued> dropped) {
        boolean drops = queued.write().drop();
        if (drops) {
            dropped.add(queued);
        }
        return drops;
    }
}
