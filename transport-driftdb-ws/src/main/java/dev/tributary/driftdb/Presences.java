package dev.tributary.driftdb;

import dev.tributary.spi.Output;
import java.time.Duration;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who is there: our clients say so again and again, and what others said expires in the views. */
final class Presences {

    private final SourceMemory memory;
    private final Beats beats;
    private final Map<PresenceView, Tick> expiries = new IdentityHashMap<>();

    Presences(SourceMemory memory, WriteWindow window) {
        this.memory = memory;
        this.beats = new Beats(window);
    }

    /** There is a connection now; those whose key has a view here are announced. */
    void open(Collection<StreamView> views, Output out) {
        beats.open(
                views.stream()
                        .filter(PresenceView.class::isInstance)
                        .flatMap(view ->
                                announcements(view.subscription().query().name()).stream())
                        .toList(),
                out);
    }

    void announce(String key, Request.Announce announce, Output out) {
        Map<String, Announcement> ours = memory.announcements.computeIfAbsent(key, unknown -> new LinkedHashMap<>());
        Announcement before = ours.get(announce.client());
        if (before == null) {
            before = new Announcement(key, announce.client(), announce.value(), announce.least(), announce.most());
            ours.put(announce.client(), before);
            beats.changed(before, out);
        } else if (!Values.same(before.value, announce.value())) {
            before.value = announce.value();
            beats.changed(before, out);
        }
    }

    void withdraw(String key, Request.Withdraw withdraw, Output out) {
        Map<String, Announcement> ours = memory.announcements.get(key);
        Announcement gone = ours == null ? null : ours.remove(withdraw.client());
        if (gone != null) {
            beats.stop(gone, withdraw.farewell(), out);
        }
    }

    /** A view may have heard of somebody: sees to it that it forgets in time. */
    void heard(StreamView view, Output out) {
        if (view instanceof PresenceView presence) {
            Duration rest = presence.untilNext(out);
            Tick expiry = expiries.computeIfAbsent(presence, unknown -> then -> {
                presence.expire(then);
                heard(presence, then);
            });
            if (rest == null) {
                out.cancelTimer(expiry);
            } else {
                out.timer(expiry, rest, rest);
            }
        }
    }

    /** A view is closed. */
    void forget(PresenceView view, String key, Output out) {
        Tick expiry = expiries.remove(view);
        if (expiry != null) {
            out.cancelTimer(expiry);
        }
        beats.forget(announcements(key), out);
    }

    private List<Announcement> announcements(String key) {
        return List.copyOf(memory.announcements.getOrDefault(key, Map.of()).values());
    }
}
