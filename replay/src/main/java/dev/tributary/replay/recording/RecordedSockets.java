package dev.tributary.replay.recording;

import dev.tributary.spi.Environment;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WireEnd;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The WebSockets of one logical client: each attempt of ours becomes the next recorded connection, as soon as both are
 * there.
 */
public final class RecordedSockets {

    /** Hears what our client does on them. */
    public interface Listener {

        /** Our client got a recorded connection. */
        void opened(String id);

        /** Our client sent a message. */
        void message(String id, DataKind kind, ByteBuffer bytes);

        /** Our client closed it. */
        void closed(String id);

        /** An attempt of our client was refused as the recorded one was. */
        default void refused(String id, int status) {}
    }

    /** What the next attempt becomes. */
    private record Offer(String id, int status, Map<String, String> headers, WireEnd.@Nullable Kind end) {}

    private final SimulatedEnvironment environment;
    private final Listener listener;
    private final Deque<SimulatedConnection> attempts = new ArrayDeque<>();
    private final Deque<Offer> offers = new ArrayDeque<>();
    private final Map<String, SimulatedConnection> open = new HashMap<>();
    private final Map<String, Boolean> over = new HashMap<>();
    private final Map<String, Environment.Timer> pings = new HashMap<>();
    private final Map<String, String> headers;

    public RecordedSockets(SimulatedEnvironment environment, Listener listener) {
        this(environment, listener, Map.of());
    }

    /** @param headers of the answer to each upgrade */
    public RecordedSockets(SimulatedEnvironment environment, Listener listener, Map<String, String> headers) {
        this.environment = environment;
        this.listener = listener;
        this.headers = new HashMap<>(headers);
        this.headers.put("upgrade", "websocket");
    }

    /** Our client wants a connection. */
    public void attempt(SimulatedConnection connection) {
        attempts.add(connection);
        connection.listen(new SimulatedConnection.ClientListener() {
            @Override
            public void closed(int code, String reason) {
                attempts.remove(connection);
            }
        });
        match();
    }

    /** From here on a recorded connection can be had. */
    public void offer(String id) {
        offer(id, Map.of());
    }

    /**
     * The same, where connections differ in what the server answers.
     *
     * @param more headers of its answer
     */
    public void offer(String id, Map<String, String> more) {
        // The recorded client went on from attempts that failed; so does ours, without them.
        offers.removeIf(offer -> offer.status() != 101);
        offers.add(new Offer(id, 101, more, null));
        match();
    }

    /** The next attempt is refused. */
    public void refuse(String id, int status) {
        offers.add(new Offer(id, status, Map.of(), null));
        match();
    }

    /** The next attempt gets no answer but this end. */
    public void fail(String id, WireEnd.Kind end) {
        offers.add(new Offer(id, 0, Map.of(), end));
        match();
    }

    private void match() {
        while (!attempts.isEmpty() && !offers.isEmpty()) {
            SimulatedConnection ours = attempts.remove();
            Offer offer = offers.remove();
            if (offer.end() != null) {
                ours.fail(offer.end(), "the recorded connection ended before any answer");
            } else if (offer.status() != 101) {
                ours.head(offer.status(), Map.of());
                ours.complete();
                listener.refused(offer.id(), offer.status());
            } else {
                accept(offer.id(), ours, offer.headers());
            }
        }
    }

    private void accept(String id, SimulatedConnection ours, Map<String, String> more) {
        open.put(id, ours);
        ours.listen(new SimulatedConnection.ClientListener() {
            @Override
            public void message(DataKind kind, ByteBuffer bytes) {
                listener.message(id, kind, bytes);
            }

            @Override
            public void closed(int code, String reason) {
                open.remove(id);
                over(id);
                listener.closed(id);
            }
        });
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        ours.head(101, all);
        listener.opened(id);
        answerPings(id, ours);
    }

    /** A wire that pings gets its pongs. */
    private void answerPings(String id, SimulatedConnection ours) {
        Duration every = ours.webSocket().pingAfter();
        if (every != null) {
            pings.put(id, environment.after(every, () -> {
                ours.alive();
                answerPings(id, ours);
            }));
        }
    }

    private void over(String id) {
        over.put(id, true);
        Environment.Timer ping = pings.remove(id);
        if (ping != null) {
            ping.cancel();
        }
    }

    /** Our side of a recorded connection; null while there is none. */
    public @Nullable SimulatedConnection find(String id) {
        return open.get(id);
    }

    /** Whether our client waits for a connection. */
    public boolean isWanted() {
        return !attempts.isEmpty();
    }

    /** Whether our client has a connection. */
    public boolean isConnected() {
        return !open.isEmpty();
    }

    /** Whether our side of it ended, or never will be. */
    public boolean isOver(String id) {
        return over.containsKey(id);
    }

    /** The server's side ends: with a close frame where it has a code, else by the bare end. */
    public void end(String id, int code, String reason) {
        over(id);
        offers.removeIf(offer -> offer.id().equals(id));
        SimulatedConnection ours = open.remove(id);
        if (ours == null) {
            return;
        }
        if (code == 1006) {
            ours.fail(WireEnd.Kind.BROKEN, reason.isEmpty() ? "the recorded connection broke" : reason);
        } else {
            ours.close(code, reason);
        }
    }
}
