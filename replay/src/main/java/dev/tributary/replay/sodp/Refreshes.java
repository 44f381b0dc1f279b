package dev.tributary.replay.sodp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Places where the recorded client gave up a key and asked for it again at once: it could not follow the changes of it.
 * Ours may do the same by itself there, and nowhere else.
 */
final class Refreshes {

    /** One of them. */
    record Refresh(String connection, String key, Line unwatch, Line watch) {}

    /** Between two frames that a client sent at once, and behind the frame that made it send them. */
    private static final Duration AT_ONCE = Duration.ofMillis(20);

    private final List<Refresh> all = new ArrayList<>();
    private final Set<Refresh> taken = new HashSet<>();

    Refreshes(List<Line> lines) {
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            Frame unwatch = line.frame();
            if (unwatch == null || !line.sends(Frame.UNWATCH)) {
                continue;
            }
            for (String key : unwatch.keys()) {
                find(lines, i, line, key);
            }
        }
    }

    private void find(List<Line> lines, int from, Line unwatch, String key) {
        for (Line line : lines.subList(from + 1, lines.size())) {
            Frame frame = line.frame();
            if (isLater(line, unwatch)) {
                return;
            }
            boolean asks = frame != null && line.is("ws-send") && frame.isAsk();
            if (frame != null
                    && asks
                    && line.connection().equals(unwatch.connection())
                    && frame.keys().contains(key)) {
                all.add(new Refresh(unwatch.connection(), key, unwatch, line));
                return;
            }
        }
    }

    private static boolean isLater(Line line, Line than) {
        return line.event().time().minus(than.event().time()).compareTo(AT_ONCE) > 0;
    }

    boolean isUnwatchOf(String connection, String key, int line) {
        return all.stream().anyMatch(one -> one.unwatch().number() == line && is(one, connection, key));
    }

    /** The refresh whose second half stands here; null when there is none. */
    @Nullable
    Refresh watchOf(String connection, String key, int line) {
        return all.stream()
                .filter(one -> one.watch().number() == line && is(one, connection, key))
                .findFirst()
                .orElse(null);
    }

    /** Whether our client made it by itself. */
    boolean isTaken(Refresh refresh) {
        return taken.contains(refresh);
    }

    private static boolean is(Refresh one, String connection, String key) {
        return one.connection().equals(connection) && one.key().equals(key);
    }

    /**
     * Our client asks for a key again by itself.
     *
     * @param after the last frame of the key that it got; null for none
     * @return whether the recorded client did, too
     */
    boolean take(String connection, String key, @Nullable Line after) {
        for (Refresh one : all) {
            boolean here = after == null || (one.unwatch().number() > after.number() && !isLater(one.unwatch(), after));
            if (is(one, connection, key) && here && taken.add(one)) {
                return true;
            }
        }
        return false;
    }
}
