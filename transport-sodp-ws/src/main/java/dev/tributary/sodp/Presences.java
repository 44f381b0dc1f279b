package dev.tributary.sodp;

import dev.tributary.spi.Call;
import dev.tributary.spi.Output;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Places that hold a value as long as we are here. They are registered on each connection anew; and once more when the
 * late end of an earlier connection has taken one away.
 */
@SuppressWarnings("ReferenceEquality") // identity is what is asked for
final class Presences {

    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final CallDesk calls;
    private final Map<Place, Entry> entries = new LinkedHashMap<>();
    /** What was registered on this connection. */
    private final Map<Place, Held> registered = new HashMap<>();

    /** What is on its way to be registered on this connection. */
    private final Set<Place> underWay = new HashSet<>();

    private boolean connected;

    /** One place of one key. */
    record Place(String key, SodpPath path) {}

    /** What the timer of a place that was taken away is known by. */
    record RenewTimer(Place place) {}

    private static final class Entry {

        final Call call;
        final Wish.Presence wish;
        Duration wait = FIRST_WAIT;
        boolean seen;

        Entry(Call call, Wish.Presence wish) {
            this.call = call;
            this.wish = wish;
        }
    }

    Presences(CallDesk calls) {
        this.calls = calls;
    }

    void connected(Output out) {
        connected = true;
        List.copyOf(entries.values()).forEach(entry -> register(entry, out));
    }

    /** A call registered a place on this connection. */
    void registered(Invocation invocation) {
        registered.put(placeOf(invocation), new Held(invocation.value(), 0, true));
    }

    private static Place placeOf(Invocation invocation) {
        return new Place(Objects.requireNonNull(invocation.key()), Objects.requireNonNull(invocation.path()));
    }

    /** From now on a place is to hold a value; a later wish for the same place counts. */
    void hold(Call call, Wish.Presence wish, Output out) {
        Place place = new Place(wish.key(), wish.path());
        Entry before = entries.get(place);
        if (before != null && before.wish.number() > wish.number()) {
            out.reply(call, null);
            return;
        }
        if (before != null) {
            out.reply(before.call, null);
        }
        Entry entry = new Entry(call, wish);
        entries.put(place, entry);
        Held held = registered.get(place);
        if (connected && (held == null || !held.sameValue(new Held(wish.value(), 0, true)))) {
            register(entry, out);
        }
    }

    /** Nobody holds it any more. */
    void release(Call call) {
        entries.values().removeIf(entry -> entry.call == call);
    }

    /**
     * Nobody holds it any more, and it is to be empty now.
     *
     * @return whether there is anything of ours on this connection that is to be taken away
     */
    boolean withdraw(Wish.Withdraw wish) {
        Place place = new Place(wish.key(), wish.path());
        Entry entry = entries.get(place);
        if (entry != null && entry.wish.number() > wish.number()) {
            return false;
        }
        entries.remove(place);
        boolean here = registered.remove(place) != null;
        return here || underWay.contains(place);
    }

    private void register(Entry entry, Output out) {
        Invocation invocation = Invocation.presence(entry.wish.key(), entry.wish.path(), entry.wish.value());
        Place place = placeOf(invocation);
        underWay.add(place);
        calls.add(
                new Outgoing(invocation, null, new Outgoing.Answer() {
                    @Override
                    public void result(CallResult result, Output then) {
                        underWay.remove(place);
                        registered(invocation);
                    }

                    @Override
                    public void refused(Throwable reason, Output then) {
                        underWay.remove(place);
                        if (entries.remove(place, entry)) {
                            then.refuse(entry.call, reason);
                        }
                    }
                }),
                out);
    }

    /** A key that we follow shows something else: perhaps what is ours is gone. */
    void changed(Replica replica, Output out) {
        if (entries.isEmpty() || !replica.isLive()) {
            return;
        }
        entries.forEach((place, entry) -> {
            if (place.key().equals(replica.key())) {
                look(place, entry, Objects.requireNonNull(replica.state()), out);
            }
        });
    }

    private void look(Place place, Entry entry, Held state, Output out) {
        if (isThere(state.value(), place.path())) {
            entry.seen = true;
        } else if (entry.seen && connected) {
            entry.seen = false;
            out.timer(new RenewTimer(place), entry.wait, entry.wait.multipliedBy(2));
            Duration next = entry.wait.multipliedBy(2);
            entry.wait = next.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : next;
        }
    }

    private static boolean isThere(@Nullable Object document, SodpPath path) {
        Object node = document;
        for (String segment : path.segments()) {
            if (node instanceof DocMap map) {
                node = map.find(segment);
            } else if (node instanceof DocList list) {
                // A place in an array is another one after each removal: whether it is ours cannot be told.
                return !list.isEmpty();
            } else {
                return false;
            }
            if (node == MapNode.ABSENT) {
                return false;
            }
        }
        return true;
    }

    void timer(RenewTimer timer, Output out) {
        Entry entry = entries.get(timer.place());
        if (entry != null && !entry.seen) {
            register(entry, out);
        }
    }
}
