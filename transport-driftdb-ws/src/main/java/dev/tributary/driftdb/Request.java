package dev.tributary.driftdb;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What {@link DriftDb} asks of the protocol. */
sealed interface Request {

    /** Makes a room. */
    record CreateRoom() implements Request {}

    /** Looks a room up. */
    record FindRoom(String id) implements Request {
        /** Shows no id. */
        @Override
        public String toString() {
            return "FindRoom";
        }
    }

    /** A write on its way. Compared by identity; what is not final is touched by the protocol alone. */
    final class Write implements Request {

        /** What became of it so far; a write that left stays so. */
        private enum State {
            QUEUED,
            LEFT,
            DROPPED
        }

        final Push push;
        final Way way;
        private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED);
        /** The newest number that was known of its key when it left. */
        long leftAfter;

        Write(Push push, Way way) {
            this.push = push;
            this.way = way;
        }

        /** Whether it left once: it may be retained, although nobody said so. */
        boolean hasLeft() {
            return state.get() == State.LEFT;
        }

        /** It leaves now. @return false when it was dropped before */
        boolean leave() {
            return state.compareAndSet(State.QUEUED, State.LEFT) || state.get() == State.LEFT;
        }

        /** It will not leave. @return false when it has left */
        boolean drop() {
            return state.compareAndSet(State.QUEUED, State.DROPPED);
        }
    }

    /** How a write goes. */
    enum Way {
        /** By the way of the source: the socket, or HTTP where its scheme is http. */
        DEFAULT,
        /** Over HTTP. */
        HTTP,
        /** Over the socket; of several in a short time only the first and the last. */
        THINNED,
        /** By the way of the source, before all that waits, and however much that is. */
        AHEAD
    }

    /** Reads what a key retains, over HTTP. */
    record Read(String key, long above) implements Request {}

    /** Reads what a key retains, with values as those of the live feed. */
    record ReadRetained(String key) implements Request {}

    /** Reads what a key retains before it is folded: after a while that is drawn, and not twice at a time. */
    record ReadToFold(String key, int threshold) implements Request {}

    /** Asks over HTTP whether the room is there. */
    record Ping() implements Request {}

    /** Measures the way there and back on the socket. */
    record Latency() implements Request {}

    /** Says who is here, again and again from now on. */
    record Announce(String client, @Nullable Object value, Duration least, Duration most) implements Request {}

    /** Says it no more. */
    record Withdraw(String client, boolean farewell) implements Request {}
}
