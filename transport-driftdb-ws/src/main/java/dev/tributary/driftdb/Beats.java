package dev.tributary.driftdb;

import dev.tributary.spi.Output;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Says again and again which of our clients are here: on change, but not too often, and after the longest interval in any
 * case. Nothing is said, and nothing waits, while there is no connection.
 */
final class Beats {

    private static final class Beat {
        private final Tick tick;
        private long saidAt;

        Beat(Tick tick) {
            this.tick = tick;
        }
    }

    private final WriteWindow window;
    private final Map<Announcement, Beat> beats = new HashMap<>();
    private boolean live;

    Beats(WriteWindow window) {
        this.window = window;
    }

    /** There is a connection now: each is said once. */
    void open(Iterable<Announcement> announcements, Output out) {
        live = true;
        announcements.forEach(one -> say(one, out));
    }

    /** A client said something new. */
    void changed(Announcement one, Output out) {
        if (!live) {
            return;
        }
        Beat beat = beats.get(one);
        Duration passed = beat == null ? one.least : Duration.ofNanos(out.nanos() - beat.saidAt);
        if (beat == null || passed.compareTo(one.least) >= 0) {
            say(one, out);
        } else {
            Duration rest = one.least.minus(passed);
            out.timer(beat.tick, rest, rest);
        }
    }

    private void say(Announcement one, Output out) {
        Beat beat = beats.computeIfAbsent(one, unknown -> new Beat(then -> say(one, then)));
        beat.saidAt = out.nanos();
        window.addUnheard(Push.relay(one.key, Envelopes.presence(one.client, one.value)), out);
        out.timer(beat.tick, one.most, one.most);
    }

    void stop(Announcement one, boolean farewell, Output out) {
        Beat beat = beats.remove(one);
        if (beat != null) {
            out.cancelTimer(beat.tick);
        }
        if (farewell && live) {
            window.addUnheard(Push.relay(one.key, Envelopes.farewell(one.client)), out);
        }
    }

    /** Nobody listens to this key here any more; who still wants to be announced is, elsewhere. */
    void forget(List<Announcement> announcements, Output out) {
        announcements.forEach(one -> stop(one, false, out));
    }
}
