package dev.tributary.sodp;

import dev.tributary.ClosedException;
import dev.tributary.ProtocolException;
import dev.tributary.spi.Call;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Output;
import dev.tributary.spi.Resume;
import dev.tributary.spi.Subscription;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Our copies of all keys of one connection: who follows them, and when the server is asked for them, or to stop. */
@SuppressWarnings("ReferenceEquality") // identity is what is asked for
final class Copies {

    private final Counters counters;
    private final Duration linger;
    private final Map<String, Replica> byKey = new LinkedHashMap<>();
    private final Streams streams = new Streams();
    private final Early early;
    private final Telling telling;
    /** Null before the connection can be used. */
    private @Nullable Watches watches;

    /** What the timer of a key that backs off is known by. */
    record RefetchTimer(String key) {}

    /** What the timer of a key that nobody follows any more is known by. */
    record LingerTimer(String key) {}

    /** @param linger how long a key that nobody follows any more is still followed */
    Copies(Counters counters, Early early, Telling telling, Duration linger) {
        this.counters = counters;
        this.early = early;
        this.telling = telling;
        this.linger = linger;
    }

    /** The connection can be used: what is wanted is asked for. */
    void connected(Watches asking, Output out) {
        watches = asking;
        byKey.values().forEach(asking::want);
        pump(out);
    }

    void pump(Output out) {
        if (watches != null) {
            watches.pump(early::forget, out);
        }
    }

    Collection<Replica> all() {
        return byKey.values();
    }

    @Nullable
    Replica find(String key) {
        return byKey.get(key);
    }

    Streams streams() {
        return streams;
    }

    /** The copy that serves a query; null when none does. */
    @Nullable
    Replica of(Subscription subscription) {
        for (Replica replica : byKey.values()) {
            for (Follower follower : replica.followers()) {
                if (follower.subscription() == subscription) {
                    return replica;
                }
            }
        }
        return null;
    }

    // ---- who follows ----

    void follow(Subscription subscription, SodpQuery query, Output out) {
        Resume resume = subscription.resume();
        Held held = resume != null && resume.carry() instanceof Held carry ? carry : null;
        Follower follower = new Follower(subscription, query, held);
        Replica replica = taken(query, out);
        if (replica == null) {
            replica = new Replica(query.key(), query.params(), held);
            byKey.put(query.key(), replica);
            want(replica, out);
        } else if (replica.isLive() && held != null) {
            // It was here before and asks again on purpose.
            replica.audited(true);
            want(replica, out);
        }
        replica.followers().add(follower);
        if (replica.isLive() && held == null) {
            telling.late(replica, follower, out);
        }
    }

    /** The copy that is there for this query; one that was only not let go yet must have its parameters. */
    private @Nullable Replica taken(SodpQuery query, Output out) {
        Replica replica = byKey.get(query.key());
        if (replica == null) {
            return null;
        }
        if (!replica.isWanted() && !Objects.equals(replica.params(), query.params())) {
            release(replica, out);
            return null;
        }
        out.cancelTimer(new LingerTimer(query.key()));
        return replica;
    }

    private void want(Replica replica, Output out) {
        if (watches != null) {
            watches.want(replica);
            pump(out);
        }
    }

    void unfollow(Subscription subscription, Output out) {
        Replica replica = of(subscription);
        if (replica == null) {
            return;
        }
        Follower follower = replica.followers().stream()
                .filter(one -> one.subscription() == subscription)
                .findFirst()
                .orElseThrow();
        replica.followers().remove(follower);
        out.end(subscription, Ending.closed(), follower.told());
        letGo(replica, out);
    }

    /** All who follow a key are told that it is over, and the server is told at once. */
    void unwatch(String key, Output out) {
        Replica replica = byKey.get(key);
        if (replica == null) {
            return;
        }
        Ending over = Ending.gone(new ClosedException("key " + Shown.text(key) + " was unwatched"));
        endFollowers(replica, over, out);
        if (!replica.isWanted()) {
            release(replica, out);
        }
    }

    private static void endFollowers(Replica replica, Ending ending, Output out) {
        for (Follower follower : List.copyOf(replica.followers())) {
            replica.followers().remove(follower);
            out.end(follower.subscription(), ending, follower.told());
        }
    }

    /** Reads a key once, for a call. */
    void read(String key, Call call, Output out) {
        Replica replica = byKey.get(key);
        if (replica == null) {
            replica = new Replica(key, null, null);
            byKey.put(key, replica);
            replica.readers().add(call);
            want(replica, out);
            return;
        }
        replica.readers().add(call);
        if (replica.isLive()) {
            answerReaders(replica, out);
        }
    }

    void answerReaders(Replica replica, Output out) {
        Held now = replica.state();
        if (replica.readers().isEmpty() || !replica.isLive() || now == null) {
            return;
        }
        List<Call> readers = List.copyOf(replica.readers());
        replica.readers().clear();
        KeyState state = new KeyState(replica.key(), now.value(), now.version(), now.initialized());
        readers.forEach(call -> out.reply(call, state));
        letGo(replica, out);
    }

    void forgetReader(Call call, Output out) {
        for (Replica replica : List.copyOf(byKey.values())) {
            if (replica.readers().remove(call)) {
                letGo(replica, out);
            }
        }
    }

    /** If nobody wants it any more the server is told so, at once or after a while in which somebody may come back. */
    private void letGo(Replica replica, Output out) {
        if (replica.isWanted()) {
            return;
        }
        if (replica.isLive() && !linger.isZero()) {
            out.timer(new LingerTimer(replica.key()), linger, linger);
        } else {
            release(replica, out);
        }
    }

    void timer(LingerTimer timer, Output out) {
        Replica replica = byKey.get(timer.key());
        if (replica != null && !replica.isWanted()) {
            release(replica, out);
        }
    }

    private void release(Replica replica, Output out) {
        drop(replica, out);
        if (watches != null) {
            if (replica.wasAskedBefore()) {
                watches.stop(List.of(replica.key()), out);
            }
            pump(out);
        }
    }

    private void drop(Replica replica, Output out) {
        byKey.remove(replica.key());
        early.forget(replica);
        out.cancelTimer(new RefetchTimer(replica.key()));
        out.cancelTimer(new LingerTimer(replica.key()));
        streams.unbind(replica);
        if (watches != null) {
            watches.forget(replica);
        }
        // A write that succeeded did so whether or not anybody looks at its key.
        List<VersionWait> waits = List.copyOf(replica.waits());
        replica.waits().clear();
        waits.stream().filter(VersionWait::ownWrite).forEach(wait -> wait.then().accept(out));
    }

    /** The server refuses a key for good. */
    void refused(String key, Throwable reason, Ending ending, Output out) {
        Replica replica = byKey.get(key);
        if (replica == null) {
            return;
        }
        endFollowers(replica, ending, out);
        List<Call> readers = List.copyOf(replica.readers());
        replica.readers().clear();
        readers.forEach(call -> out.refuse(call, reason));
        drop(replica, out);
    }

    /** The same, and the server is told to stop sending it. */
    void refusedHere(String key, Throwable reason, Output out) {
        refused(key, reason, Ending.rejected(reason), out);
        if (watches != null) {
            watches.stop(List.of(key), out);
        }
    }

    // ---- asking again ----

    /** The copy cannot be trusted: the whole value is asked for anew, after a wait that grows. */
    void refetch(Replica replica, String reason, Output out) {
        if (replica.phase() == Replica.Phase.BACKING_OFF || replica.phase() == Replica.Phase.WAITING) {
            return;
        }
        if (!replica.isWanted()) {
            release(replica, out);
            return;
        }
        counters.refetches++;
        replica.phase(Replica.Phase.BACKING_OFF);
        early.forget(replica);
        for (Follower follower : replica.followers()) {
            out.behind(follower.subscription(), new ProtocolException(Shown.text(replica.key()) + ": " + reason));
            out.fault(follower.subscription(), reason, "key " + Shown.text(replica.key()));
        }
        long wait = replica.nextDelayNanos(out.nanos());
        if (wait == 0) {
            askAgain(replica, out);
        } else {
            out.timer(new RefetchTimer(replica.key()), Duration.ofNanos(wait), Duration.ofNanos(wait + wait / 4));
        }
    }

    void timer(RefetchTimer timer, Output out) {
        Replica replica = byKey.get(timer.key());
        if (replica != null && replica.phase() == Replica.Phase.BACKING_OFF) {
            askAgain(replica, out);
        }
    }

    private void askAgain(Replica replica, Output out) {
        replica.phase(Replica.Phase.WAITING);
        want(replica, out);
    }

    /** Whatever was lost may have been of any key. */
    void suspectAll(String reason, Output out) {
        for (Replica replica : List.copyOf(byKey.values())) {
            if (replica.isLive()) {
                refetch(replica, reason, out);
            }
        }
    }

    void suspect(long stream, String reason, Output out) {
        Replica replica = streams.find(stream);
        if (replica == null) {
            suspectAll(reason, out);
        } else {
            refetch(replica, reason, out);
        }
    }

    /** The server told the value of a key, whether or not anybody wants it any more. */
    void answered(String key, Output out) {
        if (watches != null) {
            watches.answered(key, out.nanos());
        }
    }

    /** It came before its turn to be asked for: nobody need ask. */
    void cameUnasked(Replica replica) {
        if (watches != null) {
            watches.forget(replica);
        }
    }

    /** The answer for a key did not come, or was a refusal that is over soon. */
    void unanswered(String key, String reason, Output out) {
        Replica replica = byKey.get(key);
        if (replica == null || replica.phase() != Replica.Phase.SYNCING) {
            return;
        }
        for (Follower follower : replica.followers()) {
            if (replica.state() != null) {
                out.behind(follower.subscription(), new ProtocolException(Shown.text(key) + ": " + reason));
            }
        }
        askAgain(replica, out);
    }

    /** Compares all keys with the server, because it may drop a change silently. */
    void audit(Output out) {
        for (Replica replica : byKey.values()) {
            if (replica.isLive() && replica.isWanted() && watches != null) {
                replica.audited(true);
                watches.want(replica);
            }
        }
        pump(out);
    }
}
