package dev.tributary.sodp;

import dev.tributary.spi.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server for keys: as many in one frame as it takes, no faster than it allows, no more at once than it survives.
 * Keys whose missed steps are wanted go one at a time, for a server's queue overflows on two full replays.
 */
final class Watches {

    /** Far from the numbers that servers choose, so that a wish never equals a subscription. */
    private static final long FIRST_WISH = 1_000_000;

    private static final int MOST_IN_FRAME = 100;
    private static final int MOST_UNANSWERED = 500;
    private static final int LEAST_UNANSWERED = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Link link;
    private final SodpServer server;
    private final Unanswered unanswered;
    private final int caution;
    private final boolean mayResume;
    private final Pacer pacer;
    private final Set<Replica> waiting = new LinkedHashSet<>();
    private long nextWish = FIRST_WISH;
    private @Nullable Request resuming;
    private long lastSign;
    private boolean watching;

    /** @param mayResume whether missed steps are asked for, where the server has them */
    Watches(Link link, SodpServer server, Unanswered unanswered, int caution, boolean mayResume) {
        this.link = link;
        this.server = server;
        this.unanswered = unanswered;
        this.caution = caution;
        this.mayResume = mayResume && server.resume() && caution == 0;
        this.pacer = new Pacer(server.watchesPerSecond());
    }

    int waiting() {
        return waiting.size();
    }

    /** Whether all that was wanted has come. */
    boolean isIdle() {
        return waiting.isEmpty() && unanswered.forKeys().isEmpty();
    }

    void want(Replica replica) {
        waiting.add(replica);
    }

    void forget(Replica replica) {
        waiting.remove(replica);
    }

    /** How many requests may be unanswered at once, calls among them. */
    int mostUnanswered() {
        return Math.max(LEAST_UNANSWERED, MOST_UNANSWERED >> caution);
    }

    /** Asks for what waits, as far as that may be now. */
    void pump(Consumer<Replica> beforeAsking, Output out) {
        while (!waiting.isEmpty() && !link.isFull() && unanswered.size() < mostUnanswered()) {
            List<Replica> batch = next();
            if (batch.isEmpty()) {
                return;
            }
            long wait = pacer.waitNanos(out.nanos());
            if (wait > 0) {
                out.timer(Timers.WATCHES, Duration.ofNanos(wait), Duration.ofNanos(wait));
                return;
            }
            batch.forEach(waiting::remove);
            batch.forEach(beforeAsking);
            ask(batch, out);
        }
    }

    /** The next keys that go into one frame; empty when those that are left have to wait for an answer. */
    private List<Replica> next() {
        List<Replica> batch = new ArrayList<>();
        int most = Math.min(Math.max(1, MOST_IN_FRAME >> caution), mostUnanswered() - unanswered.size());
        for (Replica replica : waiting) {
            if (isResumed(replica)) {
                if (batch.isEmpty() && resuming == null) {
                    return List.of(replica);
                }
            } else if (batch.isEmpty() || Objects.equals(batch.get(0).params(), replica.params())) {
                batch.add(replica);
                if (batch.size() >= most || !server.multiWatch()) {
                    return batch;
                }
            }
        }
        return batch;
    }

    private boolean isResumed(Replica replica) {
        return mayResume && !replica.wasAskedBefore() && replica.version() > 0;
    }

    private void ask(List<Replica> batch, Output out) {
        long now = out.nanos();
        long wish = nextWish++;
        stopBefore(batch, out);
        Replica first = batch.get(0);
        boolean resumed = isResumed(first);
        if (resumed) {
            first.asked(first.version());
            link.send(FrameType.RESUME, wish, to -> resumeBody(first, to), out);
        } else {
            batch.forEach(replica -> replica.asked(-1));
            link.send(FrameType.WATCH, wish, to -> watchBody(batch, to), out);
        }
        pacer.sent(now);
        for (Replica replica : batch) {
            Request request = Request.forKey(replica.key(), wish, now);
            unanswered.add(request);
            resuming = resumed ? request : resuming;
        }
        watch(out);
    }

    /** A second subscription beside the first would double every change. */
    private void stopBefore(List<Replica> batch, Output out) {
        List<Replica> again = batch.stream().filter(Replica::wasAskedBefore).toList();
        if (!again.isEmpty()) {
            again.forEach(replica -> replica.stopped(true));
            stop(again.stream().map(Replica::key).toList(), out);
        }
    }

    /** Tells the server that these are not wanted any more. */
    void stop(List<String> keys, Output out) {
        link.send(FrameType.UNWATCH, 0, to -> keysBody(keys, to.map(1)), out);
    }

    private static void keysBody(List<String> keys, Encoder to) throws java.io.IOException {
        if (keys.size() == 1) {
            to.text("state").text(keys.get(0));
            return;
        }
        to.text("states").array(keys.size());
        for (String key : keys) {
            to.text(key);
        }
    }

    private static void watchBody(List<Replica> batch, Encoder to) throws java.io.IOException {
        DocMap params = batch.get(0).params();
        keysBody(batch.stream().map(Replica::key).toList(), to.map(params == null ? 1 : 2));
        if (params != null) {
            to.text("params").value(params);
        }
    }

    private static void resumeBody(Replica replica, Encoder to) throws java.io.IOException {
        DocMap params = replica.params();
        to.map(params == null ? 2 : 3).text("state").text(replica.key());
        to.text("since_version").number(replica.since());
        if (params != null) {
            to.text("params").value(params);
        }
    }

    // ---- answers ----

    /** A whole value came; what else was asked for may still be on its way behind it. */
    void answered(String key, long now) {
        lastSign = now;
        Request request = unanswered.forKey(key);
        if (request != null) {
            settle(request);
        }
    }

    /** The request will get no other answer. */
    void settle(Request request) {
        unanswered.remove(request);
        if (resuming == request) {
            resuming = null;
        }
    }

    /** A part of a message came. */
    void sign(long now) {
        lastSign = now;
    }

    /** The server is asked too fast. */
    void tooFast(long now) {
        pacer.refused(now);
    }

    private void watch(Output out) {
        if (!watching) {
            watching = true;
            out.timer(Timers.UNANSWERED, PATIENCE, PATIENCE);
        }
    }

    /** Keys whose answer did not come in time; they are not asked for any more. */
    List<String> overdue(Output out) {
        watching = false;
        long now = out.nanos();
        List<String> overdue = new ArrayList<>();
        long soonest = Long.MAX_VALUE;
        for (Request request : unanswered.forKeys()) {
            long left = PATIENCE.toNanos() - (now - Math.max(request.sentAt(), lastSign));
            if (left <= 0) {
                settle(request);
                overdue.add(Objects.requireNonNull(request.key()));
            } else {
                soonest = Math.min(soonest, left);
            }
        }
        if (soonest != Long.MAX_VALUE) {
            watching = true;
            out.timer(Timers.UNANSWERED, Duration.ofNanos(soonest), Duration.ofNanos(soonest));
        }
        return overdue;
    }
}
