package dev.tributary.sodp;

import dev.tributary.ProtocolException;
import dev.tributary.sodp.Replica.Phase;
import dev.tributary.sodp.WatchMeta.Source;
import dev.tributary.spi.Call;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Output;
import dev.tributary.spi.Resume;
import dev.tributary.spi.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Our copies of all keys of one connection, and the rules by which what the server says becomes their content. A whole
 * value always counts; a change that does not fit leads to the whole value again, and is never applied in part.
 */
final class Copies {

    private static final int MOST_UNBOUND_STREAMS = 1024;
    private static final int MOST_RETIRED_STREAMS = 4096;
    private static final int MOST_UNREADABLE = 5;

    private final Decoder decoder;
    private final Counters counters;
    private final long mostEarlyBytes;
    private final Map<String, Replica> byKey = new LinkedHashMap<>();
    private final Map<Long, Replica> byStream = new HashMap<>();
    /** Deltas of streams that no whole value has bound yet. */
    private final Map<Long, EarlyDeltas> parked = new HashMap<>();
    /** Streams that are over, so that what still comes on them is dropped. */
    private final Set<Long> retired = new LinkedHashSet<>();

    private long earlyBytes;
    private long arrivals;

    private SodpDialect dialect = SodpDialect.STANDARD;
    private boolean lossless = true;
    /** Null before the connection can be used. */
    private @Nullable Watches watches;

    private final Changed changed;

    /** Hears that a copy shows something else now. */
    @FunctionalInterface
    interface Changed {

        void changed(Replica replica, Output out);
    }

    Copies(Decoder decoder, Counters counters, long mostEarlyBytes, Changed changed) {
        this.decoder = decoder;
        this.counters = counters;
        this.mostEarlyBytes = mostEarlyBytes;
        this.changed = changed;
    }

    /** The connection can be used: what is wanted is asked for. */
    void connected(SodpDialect spoken, boolean losesNothing, Watches asking, Output out) {
        dialect = spoken;
        lossless = losesNothing;
        watches = asking;
        byKey.values().forEach(asking::want);
        pump(out);
    }

    void pump(Output out) {
        if (watches != null) {
            watches.pump(replica -> earlyBytes -= replica.early().clear(), out);
        }
    }

    Collection<Replica> all() {
        return byKey.values();
    }

    @Nullable
    Replica find(String key) {
        return byKey.get(key);
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
        Replica replica = byKey.get(query.key());
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
            tell(replica, List.of(follower), Source.CACHE, false, out);
            out.upToDate(subscription);
        }
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
        releaseUnwanted(replica, out);
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

    void forgetReader(Call call, Output out) {
        for (Replica replica : List.copyOf(byKey.values())) {
            if (replica.readers().remove(call)) {
                releaseUnwanted(replica, out);
            }
        }
    }

    private void releaseUnwanted(Replica replica, Output out) {
        if (replica.isWanted()) {
            return;
        }
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
        earlyBytes -= replica.early().clear();
        out.cancelTimer(new RefetchTimer(replica.key()));
        unbind(replica);
        if (watches != null) {
            watches.forget(replica);
        }
        // A write that succeeded did so whether or not anybody looks at its key.
        List<VersionWait> waits = List.copyOf(replica.waits());
        replica.waits().clear();
        waits.stream().filter(VersionWait::ownWrite).forEach(wait -> wait.then().accept(out));
    }

    private void unbind(Replica replica) {
        for (Iterator<Map.Entry<Long, Replica>> all = byStream.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Long, Replica> bound = all.next();
            if (bound.getValue() == replica) {
                all.remove();
                retire(bound.getKey());
            }
        }
    }

    private void retire(Long stream) {
        retired.add(stream);
        if (retired.size() > MOST_RETIRED_STREAMS) {
            retired.remove(retired.iterator().next());
        }
    }

    /** The server refuses a key for good. */
    void refused(String key, Throwable reason, Ending ending, Output out) {
        Replica replica = byKey.get(key);
        if (replica == null) {
            return;
        }
        for (Follower follower : List.copyOf(replica.followers())) {
            replica.followers().remove(follower);
            out.end(follower.subscription(), ending, follower.told());
        }
        List<Call> readers = List.copyOf(replica.readers());
        replica.readers().clear();
        readers.forEach(call -> out.refuse(call, reason));
        drop(replica, out);
    }

    // ---- deltas ----

    void delta(Frame frame, Output out) {
        Delta delta = Delta.read(frame, decoder, arrivals++);
        String key = delta.key();
        Replica replica = key != null ? byKey.get(key) : byStream.get(frame.stream());
        if (replica != null) {
            delta(replica, delta, out);
        } else if (key != null || retired.contains(frame.stream())) {
            counters.droppedFrames++;
        } else {
            park(delta);
        }
    }

    private void park(Delta delta) {
        EarlyDeltas early = parked.computeIfAbsent(delta.frame().stream(), stream -> new EarlyDeltas());
        if (parked.size() > MOST_UNBOUND_STREAMS) {
            throw new ProtocolException("deltas came on more than " + MOST_UNBOUND_STREAMS
                    + " streams that no STATE_INIT had told of, the last of them " + delta.frame().stream());
        }
        keep(early, delta);
    }

    private void keep(EarlyDeltas early, Delta delta) {
        if (early.isOverflown() || earlyBytes + EarlyDeltas.sizeOf(delta) > mostEarlyBytes) {
            earlyBytes -= early.overflow();
            counters.droppedFrames++;
        } else {
            early.add(delta);
            earlyBytes += EarlyDeltas.sizeOf(delta);
        }
    }

    private void delta(Replica replica, Delta delta, Output out) {
        switch (replica.phase()) {
            case SYNCING -> keep(replica.early(), delta);
            case LIVE -> live(replica, delta, out);
            // The whole value is asked for anew and holds it.
            case WAITING, BACKING_OFF -> {}
        }
    }

    private void live(Replica replica, Delta delta, Output out) {
        switch (VersionRule.judge(replica, delta.version(), dialect)) {
            case DUPLICATE -> counters.duplicates++;
            case LOST -> {
                counters.gaps++;
                refetch(
                        replica,
                        "version " + delta.version() + " came after " + replica.version() + ": changes are missing",
                        out);
            }
            case APPLY -> applyLive(replica, delta, out);
        }
    }

    private void applyLive(Replica replica, Delta delta, Output out) {
        if (replica.onlyNotices()) {
            refetch(replica, "its changes cannot be followed; it is read anew after each of them", out);
            return;
        }
        Held before = Objects.requireNonNull(replica.state());
        try {
            boolean members =
                    replica.followers().stream().anyMatch(one -> one.query().children());
            DeltaSteps steps = new DeltaSteps(dialect, before.value(), before.initialized(), members);
            steps.apply(delta, decoder);
            Held next = new Held(steps.document(), delta.version(), steps.initialized());
            replica.state(next);
            replica.mayBeReborn(!next.initialized());
            boolean everything =
                    steps.touchedRoot() || !(before.value() instanceof DocMap) || !(next.value() instanceof DocMap);
            commitDelta(replica, before, everything ? null : steps.touched(), out);
        } catch (UnfitDelta | ProtocolException e) {
            refetch(replica, "a change does not fit: " + e.getMessage(), out);
        }
    }

    private void commitDelta(Replica replica, Held before, @Nullable Set<String> touched, Output out) {
        Held now = Objects.requireNonNull(replica.state());
        for (Follower follower : replica.followers()) {
            follower.draw(now, false, before.is(follower.told()) ? touched : null, lossless, out);
        }
        commit(replica.followers(), meta(replica, now, Source.DELTA, false, false), out);
        afterChange(replica, out);
    }

    private void afterChange(Replica replica, Output out) {
        Held now = Objects.requireNonNull(replica.state());
        replica.followers().forEach(follower -> follower.tellCondition(now, out));
        long reached = replica.confirmed();
        for (VersionWait wait : List.copyOf(replica.waits())) {
            if (reached >= wait.version() && replica.waits().remove(wait)) {
                wait.then().accept(out);
            }
        }
        changed.changed(replica, out);
    }

    private static void commit(List<Follower> followers, WatchMeta meta, Output out) {
        if (!followers.isEmpty()) {
            out.commit(followers.stream().map(Follower::subscription).toList(), meta);
        }
    }

    private static WatchMeta meta(Replica replica, Held state, Source source, boolean replayed, boolean skipped) {
        return new WatchMeta(
                replica.key(), state.version(), state.initialized(), source, replayed, skipped, replica.echoed());
    }

    /** Tells followers the state as it is. */
    private void tell(Replica replica, List<Follower> followers, Source source, boolean skipped, Output out) {
        Held now = Objects.requireNonNull(replica.state());
        for (Follower follower : followers) {
            follower.draw(now, skipped, null, source != Source.CACHE || lossless, out);
        }
        commit(followers, meta(replica, now, source, false, skipped), out);
        followers.forEach(follower -> follower.tellCondition(now, out));
    }

    // ---- whole values ----

    void stateInit(Frame frame, Output out) {
        StateInit init;
        try {
            init = StateInit.read(frame, decoder);
        } catch (ProtocolException e) {
            unreadable(frame, e, out);
            return;
        }
        if (watches != null) {
            watches.answered(init.key(), out.nanos());
        }
        Replica replica = byKey.get(init.key());
        EarlyDeltas before = parked.remove(frame.stream());
        if (before != null) {
            earlyBytes -= before.bytes();
        }
        if (replica == null || !replica.wasAskedBefore() || replica.phase() == Phase.BACKING_OFF) {
            counters.droppedFrames++;
            if (replica == null) {
                retire(frame.stream());
            }
            return;
        }
        if (byStream.get(frame.stream()) != replica) {
            // Without an UNWATCH from us the earlier stream goes on: some changes come on both, others on either.
            if (replica.wasStopped()) {
                unbind(replica);
                replica.stopped(false);
            }
            byStream.put(frame.stream(), replica);
            retired.remove(frame.stream());
        }
        if (replica.phase() == Phase.WAITING && watches != null) {
            watches.forget(replica);
        }
        replica.readable();
        replica.echoed(init.params());
        settle(replica, new Held(init.value(), init.version(), init.initialized()), before, out);
    }

    /** A whole value that cannot be read is asked for again a few times; then the key fails with the reason. */
    private void unreadable(Frame frame, ProtocolException why, Output out) {
        String key = StateInit.key(frame, decoder);
        if (key == null) {
            throw why;
        }
        if (watches != null) {
            watches.answered(key, out.nanos());
        }
        Replica replica = byKey.get(key);
        if (replica == null) {
            return;
        }
        if (replica.countUnreadable() >= MOST_UNREADABLE) {
            replica.followers().forEach(one -> out.fault(one.subscription(), text(why), key));
            refused(key, why, Ending.rejected(why), out);
            if (watches != null) {
                watches.stop(List.of(key), out);
            }
        } else {
            refetch(replica, text(why), out);
        }
    }

    private static String text(Throwable reason) {
        return String.valueOf(reason.getMessage());
    }

    private void settle(Replica replica, Held snapshot, @Nullable EarlyDeltas onStream, Output out) {
        List<Delta> early = new ArrayList<>(replica.early().deltas());
        boolean overflown = replica.early().isOverflown();
        if (onStream != null) {
            early.addAll(onStream.deltas());
            overflown |= onStream.isOverflown();
            early.sort(Comparator.comparingLong(Delta::order));
        }
        earlyBytes -= replica.early().clear();
        int contained = contained(early, snapshot);
        wholeValue(replica, snapshot, early.subList(0, contained), out);
        if (overflown) {
            refetch(replica, "more changes came before its value than are kept", out);
        }
        for (Delta delta : early.subList(contained, early.size())) {
            if (delta.version() > snapshot.version() && replica.isLive()) {
                live(replica, delta, out);
            }
        }
        answerReaders(replica, out);
        pump(out);
    }

    /** How many of the deltas are contained in a whole value: all up to the last that led to it. */
    private int contained(List<Delta> early, Held snapshot) {
        for (int i = early.size(); i > 0; i--) {
            Delta delta = early.get(i - 1);
            boolean last = snapshot.initialized() ? delta.version() == snapshot.version() : isDeletion(delta);
            if (last) {
                return i;
            }
        }
        return 0;
    }

    private boolean isDeletion(Delta delta) {
        try {
            return DeltaSteps.isDeletion(delta, decoder);
        } catch (ProtocolException e) {
            return false;
        }
    }

    private void wholeValue(Replica replica, Held snapshot, List<Delta> led, Output out) {
        Held before = replica.state();
        List<Held> steps = before == null || replica.since() < 0 ? null : replay(before, led, snapshot);
        boolean audited = replica.isAudited();
        replica.phase(Phase.LIVE);
        replica.audited(false);
        replica.forgetConfirmed();
        replica.mayBeReborn(!snapshot.initialized());
        if (steps != null) {
            deliver(replica, steps, out);
        }
        Held known = replica.state();
        boolean same = known != null && known.sameValue(snapshot);
        // The object that readers hold already, where it is equal.
        Held now =
                known != null && same ? new Held(known.value(), snapshot.version(), snapshot.initialized()) : snapshot;
        if (audited && !same) {
            replica.followers()
                    .forEach(one -> out.fault(
                            one.subscription(), "the copy was not what the server has", "version " + now.version()));
        }
        replica.state(now);
        tell(replica, replica.followers(), Source.INIT, before != null && steps == null && !same, out);
        for (Follower follower : replica.followers()) {
            if (!lossless) {
                out.verified(follower.subscription(), "version " + now.version());
            }
            out.upToDate(follower.subscription());
        }
        afterChange(replica, out);
    }

    /** The steps that were missed, one after the other; null when they do not lead from what was held to the value. */
    private @Nullable List<Held> replay(Held from, List<Delta> led, Held to) {
        List<Held> steps = new ArrayList<>();
        Held state = from;
        for (Delta delta : led) {
            if (delta.version() <= state.version()) {
                return null;
            }
            try {
                DeltaSteps one = new DeltaSteps(dialect, state.value(), state.initialized(), false);
                one.apply(delta, decoder);
                state = new Held(one.document(), delta.version(), one.initialized());
                steps.add(state);
            } catch (UnfitDelta | ProtocolException e) {
                return null;
            }
        }
        return state.sameValue(to) ? steps : null;
    }

    private void deliver(Replica replica, List<Held> steps, Output out) {
        for (Held step : steps) {
            replica.state(step);
            for (Follower follower : replica.followers()) {
                follower.draw(step, false, null, lossless, out);
            }
            commit(replica.followers(), meta(replica, step, Source.DELTA, true, false), out);
        }
    }

    private void answerReaders(Replica replica, Output out) {
        Held now = replica.state();
        if (replica.readers().isEmpty() || !replica.isLive() || now == null) {
            return;
        }
        List<Call> readers = List.copyOf(replica.readers());
        replica.readers().clear();
        KeyState state = new KeyState(replica.key(), now.value(), now.version(), now.initialized());
        readers.forEach(call -> out.reply(call, state));
        releaseUnwanted(replica, out);
    }

    // ---- asking again ----

    /** What the timer of a key that backs off is known by. */
    record RefetchTimer(String key) {}

    /** The copy cannot be trusted: the whole value is asked for anew, after a wait that grows. */
    void refetch(Replica replica, String reason, Output out) {
        if (replica.phase() == Phase.BACKING_OFF || replica.phase() == Phase.WAITING) {
            return;
        }
        counters.refetches++;
        replica.phase(Phase.BACKING_OFF);
        earlyBytes -= replica.early().clear();
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
        if (replica != null && replica.phase() == Phase.BACKING_OFF) {
            askAgain(replica, out);
        }
    }

    private void askAgain(Replica replica, Output out) {
        replica.phase(Phase.WAITING);
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
        Replica replica = byStream.get(stream);
        if (replica == null) {
            suspectAll(reason, out);
        } else {
            refetch(replica, reason, out);
        }
    }

    /** The answer for a key did not come, or was a refusal that is over soon. */
    void unanswered(String key, String reason, Output out) {
        Replica replica = byKey.get(key);
        if (replica == null || replica.phase() != Phase.SYNCING) {
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
            if (replica.isLive() && watches != null) {
                replica.audited(true);
                watches.want(replica);
            }
        }
        pump(out);
    }
}
