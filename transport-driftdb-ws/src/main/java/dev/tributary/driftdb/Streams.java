package dev.tributary.driftdb;

import dev.tributary.spi.Output;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of a connection, each asked for once; never so many at once that answers are dropped. */
final class Streams {

    static final int MOST_UNANSWERED = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Map<String, KeyStream> byKey = new LinkedHashMap<>();
    private final Deque<KeyStream> toAsk = new ArrayDeque<>();
    private final Map<KeyStream, Tick> unanswered = new LinkedHashMap<>();
    private final Tick onLate;
    private @Nullable Link link;

    /** @param onLate what to do when the answer to a get does not come: its stream is suspect then */
    Streams(Tick onLate) {
        this.onLate = onLate;
    }

    Collection<KeyStream> all() {
        return byKey.values();
    }

    @Nullable
    KeyStream find(String key) {
        return byKey.get(key);
    }

    void add(String key, StreamView view, Output out) {
        KeyStream stream = byKey.computeIfAbsent(key, KeyStream::new);
        stream.add(view);
        if (stream.state() == KeyStream.State.UNASKED && !toAsk.contains(stream)) {
            toAsk.add(stream);
            ask(out);
        }
    }

    void open(Link opened, Output out) {
        link = opened;
        ask(out);
    }

    private void ask(Output out) {
        Link to = link;
        while (to != null && unanswered.size() < MOST_UNANSWERED && !toAsk.isEmpty()) {
            KeyStream stream = toAsk.remove();
            if (stream.isWanted()) {
                Tick late = then -> late(stream, then);
                unanswered.put(stream, late);
                to.send(MessageWriter.get(to.encoding(), stream.key(), stream.ask()), out);
                out.timer(late, PATIENCE, PATIENCE);
            }
        }
    }

    private void late(KeyStream stream, Output out) {
        unanswered.remove(stream);
        stream.answered();
        stream.suspect();
        onLate.due(out);
        ask(out);
    }

    /** The answer to the get of a stream came. */
    void answered(KeyStream stream, Output out) {
        Tick late = unanswered.remove(stream);
        if (late != null) {
            out.cancelTimer(late);
        }
        ask(out);
    }

    /** Whether the server owes an answer to a get. */
    boolean isOwed() {
        return !unanswered.isEmpty();
    }

    /** Whether every wanted key is asked for and answered. */
    boolean isSettled() {
        return unanswered.isEmpty() && toAsk.stream().noneMatch(KeyStream::isWanted);
    }

    void suspectAll() {
        byKey.values().forEach(KeyStream::suspect);
    }
}
