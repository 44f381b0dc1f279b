package dev.tributary.sodp;

import dev.tributary.sodp.WatchMeta.Source;
import dev.tributary.spi.Output;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells those who follow a copy, and those who wait for a version of it, what it holds now. */
final class Telling {

    private final Changed changed;
    private boolean lossless = true;

    /** Hears that a copy shows something else now. */
    @FunctionalInterface
    interface Changed {

        void changed(Replica replica, Output out);
    }

    Telling(Changed changed) {
        this.changed = changed;
    }

    /** Whether the server of this connection loses nothing, so that what it told is all there is. */
    void lossless(boolean yes) {
        lossless = yes;
    }

    /** One who came later is told what the others know. */
    void late(Replica replica, Follower follower, Output out) {
        state(replica, List.of(follower), Source.CACHE, false, out);
        out.upToDate(follower.subscription());
    }

    /**
     * A change of the server.
     *
     * @param touched members that may have changed; null when any may have
     */
    void change(Replica replica, Held before, @Nullable Set<String> touched, Output out) {
        Held now = Objects.requireNonNull(replica.state());
        for (Follower follower : replica.followers()) {
            follower.draw(now, false, before.is(follower.told()) ? touched : null, lossless, out);
        }
        commit(replica.followers(), meta(replica, now, Source.DELTA, false, false), out);
        after(replica, out);
    }

    /** Changes that were missed while there was no connection: heard, but never shown, for they may not have been. */
    void replayed(Replica replica, List<Held> steps, Output out) {
        for (Held step : steps) {
            out.notice(new MissedStep(meta(replica, step, Source.DELTA, true, false), step.value()));
        }
    }

    /**
     * The server told the whole value.
     *
     * @param skipped whether steps that led to it are not told
     */
    void whole(Replica replica, boolean skipped, Output out) {
        Held now = Objects.requireNonNull(replica.state());
        state(replica, replica.followers(), Source.INIT, skipped, out);
        for (Follower follower : replica.followers()) {
            if (!lossless) {
                out.verified(follower.subscription(), "version " + now.version());
            }
            out.upToDate(follower.subscription());
        }
        after(replica, out);
    }

    private void state(Replica replica, List<Follower> followers, Source source, boolean skipped, Output out) {
        Held now = Objects.requireNonNull(replica.state());
        for (Follower follower : followers) {
            follower.draw(now, skipped, null, source != Source.CACHE || lossless, out);
        }
        commit(followers, meta(replica, now, source, false, skipped), out);
        followers.forEach(follower -> follower.tellCondition(now, out));
    }

    private void after(Replica replica, Output out) {
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
}
