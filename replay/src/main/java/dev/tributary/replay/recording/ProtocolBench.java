package dev.tributary.replay.recording;

import dev.tributary.Capability;
import dev.tributary.Checkpoint;
import dev.tributary.ConfigurationException;
import dev.tributary.Credential;
import dev.tributary.MaterializedView;
import dev.tributary.NoticeListener;
import dev.tributary.Registration;
import dev.tributary.SyncException;
import dev.tributary.spi.Call;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Delivery;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Target;
import dev.tributary.spi.TransportProvider;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.Wire;
import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One session of a protocol without an engine: what it wants to open waits, what it sends is told, how it ends is only
 * written down, and its short pauses take no time.
 */
public final class ProtocolBench implements Output {

    private static final int MOST_PAUSES = 1_000;
    private static final long FAR_FUTURE_YEARS = 100;

    /** Hears what the protocol does. */
    public interface Watcher {

        /** It sent a message on its socket. */
        default void sent(Protocol.DataKind kind, ByteBuffer bytes) {}

        /** It wants an answer to a request. */
        default void requested(Exchange exchange) {}

        /** It found its rows to be wrong and repairs that. */
        default void behind(BenchRun run, Throwable reason) {}
    }

    /** A request of the protocol that waits for its answer. */
    public record Exchange(Wire wire, HttpTarget target) {}

    private record OpenWire(Target target) implements Wire {

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private final Protocol protocol;
    private final Watcher watcher;
    private final Duration shortPause;
    private final Map<Object, Duration> timers = new LinkedHashMap<>();
    private final Map<Class<?>, List<NoticeListener<Object>>> listeners = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final List<BenchRun> runs = new ArrayList<>();
    private @Nullable Wire socket;
    private boolean isSocketOpen;
    private @Nullable Ending ending;
    private boolean asksForCredential;
    private boolean busy;
    private long nanos;

    /** @param shortPause timers up to this are due at once; the others never are */
    public ProtocolBench(TransportProvider transport, SessionContext context, Duration shortPause, Watcher watcher) {
        this.protocol = transport.session(context);
        this.shortPause = shortPause;
        this.watcher = watcher;
    }

    // ---- inputs ----

    public void subscribe(BenchRun run) {
        runs.add(run);
        run.begun();
        input(() -> protocol.subscribe(run, this));
    }

    public void unsubscribe(BenchRun run) {
        if (run.isActive()) {
            input(() -> protocol.unsubscribe(run, this));
        }
    }

    /** Whether it asked for a socket that is neither open nor over. */
    public boolean wantsSocket() {
        return socket != null && !isSocketOpen;
    }

    public boolean isSocketOpen() {
        return isSocketOpen;
    }

    /** The socket is open, or the handshake had another answer. */
    public void opened(int status) {
        opened(new Head(status, Map.of()), new byte[0]);
    }

    /**
     * The socket is open, or the handshake had another answer.
     *
     * @param body of another answer
     */
    public void opened(Head head, byte[] body) {
        Wire wire = socket;
        if (wire != null) {
            isSocketOpen = head.status() == 101;
            input(() -> protocol.opened(wire, head, this));
            if (!isSocketOpen) {
                if (body.length > 0) {
                    input(() -> protocol.data(wire, Protocol.DataKind.BODY, ByteBuffer.wrap(body), false, this));
                }
                ended(WireEnd.complete());
            }
        }
    }

    /** A message for it. */
    public void data(Protocol.DataKind kind, byte[] message) {
        Wire wire = socket;
        if (wire != null && isSocketOpen) {
            input(() -> protocol.data(wire, kind, ByteBuffer.wrap(message), true, this));
        }
    }

    /** The socket is gone. */
    public void ended(WireEnd end) {
        Wire wire = socket;
        if (wire != null) {
            socket = null;
            isSocketOpen = false;
            input(() -> protocol.ended(wire, end, this));
        }
    }

    /** A whole answer to a request. */
    public void answer(Exchange exchange, int status, byte[] body) {
        input(() -> protocol.opened(exchange.wire(), new Head(status, Map.of()), this));
        if (body.length > 0) {
            input(() -> protocol.data(exchange.wire(), Protocol.DataKind.BODY, ByteBuffer.wrap(body), false, this));
        }
        input(() -> protocol.ended(exchange.wire(), WireEnd.complete(), this));
    }

    /** Gives credentials, if it waits for them. */
    public void credential(Credential credential) {
        if (asksForCredential) {
            asksForCredential = false;
            input(() -> protocol.credential(credential, this));
        }
    }

    private void input(Runnable input) {
        later.add(input);
        if (busy) {
            return;
        }
        busy = true;
        try {
            for (int pauses = 0; pauses < MOST_PAUSES; ) {
                Runnable next = later.poll();
                if (next == null) {
                    next = pause();
                    pauses++;
                }
                if (next == null || ending != null) {
                    break;
                }
                run(next);
            }
        } finally {
            busy = false;
        }
    }

    private void run(Runnable input) {
        try {
            input.run();
        } catch (SyncException e) {
            // The engine would end the session so.
            over(Ending.retry(e));
        }
    }

    /** The next of the short pauses that are over; null when there is none. */
    private @Nullable Runnable pause() {
        for (Map.Entry<Object, Duration> timer : timers.entrySet()) {
            if (timer.getValue().compareTo(shortPause) <= 0) {
                Object tag = timer.getKey();
                timers.remove(tag);
                nanos += timer.getValue().toNanos() + 1;
                return () -> protocol.timer(tag, this);
            }
        }
        return null;
    }

    // ---- calls ----

    private record BenchCall(Object request, CompletableFuture<@Nullable Object> future) implements Call {

        @Override
        public @Nullable Subscription subscription() {
            return null;
        }

        @Override
        public Duration remaining() {
            return Duration.ofDays(365 * FAR_FUTURE_YEARS);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** How the typed interface of the transport reaches it. */
    public Calls calls() {
        return new Calls() {
            @Override
            public CompletableFuture<@Nullable Object> call(
                    MaterializedView<?> view, Object request, Duration deadline, Delivery delivery) {
                return CompletableFuture.failedFuture(new ConfigurationException("there are no views here"));
            }

            @Override
            public CompletableFuture<@Nullable Object> call(Object request, Duration deadline, Delivery delivery) {
                BenchCall call = new BenchCall(request, new CompletableFuture<>());
                input(() -> protocol.call(call, ProtocolBench.this));
                return call.future();
            }

            @Override
            @SuppressWarnings("unchecked")
            public <N> Registration onNotice(Class<N> type, NoticeListener<? super N> listener) {
                listeners.computeIfAbsent(type, unknown -> new ArrayList<>()).add((NoticeListener<Object>)
                        (NoticeListener<?>) listener);
                return () -> {};
            }
        };
    }

    // ---- what it does ----

    /** How the session ended; null while it goes on. */
    public @Nullable Ending ending() {
        return ending;
    }

    /** What was wrong and was dealt with. */
    public List<String> faults() {
        return faults;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public Wire open(Target target) {
        OpenWire wire = new OpenWire(target);
        if (target instanceof WebSocketTarget) {
            socket = wire;
        } else if (target instanceof HttpTarget http) {
            watcher.requested(new Exchange(wire, http));
        }
        return wire;
    }

    @Override
    public boolean send(Wire wire, Protocol.DataKind kind, ByteBuffer bytes) {
        watcher.sent(kind, bytes);
        return true;
    }

    @Override
    public void close(Wire wire, int code, String reason) {
        if (wire.equals(socket)) {
            socket = null;
            isSocketOpen = false;
        }
    }

    @Override
    public void timer(Object tag, Duration least, Duration most) {
        timers.put(tag, least);
    }

    @Override
    public void cancelTimer(Object tag) {
        timers.remove(tag);
    }

    @Override
    public void credential(@Nullable Throwable refusal) {
        asksForCredential = true;
    }

    @Override
    public void connected() {}

    @Override
    public void negotiated(Set<Capability> capabilities) {}

    @Override
    public Draft draft(Subscription subscription) {
        return ((BenchRun) subscription).rows();
    }

    @Override
    public void commit(List<Subscription> subscriptions, @Nullable Object metadata) {
        subscriptions.forEach(subscription -> ((BenchRun) subscription).rows().commit());
    }

    @Override
    public void upToDate(Subscription subscription) {}

    @Override
    public void behind(Subscription subscription, Throwable reason) {
        watcher.behind((BenchRun) subscription, reason);
    }

    @Override
    public void progress(Subscription subscription, long rows, long bytes, double fraction) {}

    @Override
    public void verified(Subscription subscription, String upTo) {}

    @Override
    public void verifiedUpTo(Subscription subscription, String upTo) {}

    @Override
    public void condition(Subscription subscription, @Nullable String condition) {}

    @Override
    public void notice(Object notice) {
        listeners.forEach((type, all) -> {
            if (type.isInstance(notice)) {
                all.forEach(listener -> listener.onNotice(notice));
            }
        });
    }

    @Override
    public void sent(Call call) {}

    @Override
    public void reply(Call call, @Nullable Object result) {
        ((BenchCall) call).future().complete(result);
    }

    @Override
    public void refuse(Call call, Throwable reason) {
        ((BenchCall) call).future().completeExceptionally(reason);
    }

    @Override
    public void end(Subscription subscription, Ending how, @Nullable Object carry) {
        BenchRun run = (BenchRun) subscription;
        runs.remove(run);
        run.ended(how, carry);
    }

    @Override
    public void end(Ending how) {
        over(how);
    }

    private void over(Ending how) {
        if (ending == null) {
            ending = how;
        }
        List.copyOf(runs).forEach(run -> run.ended(how, null));
        runs.clear();
        later.clear();
    }

    @Override
    public void fault(Subscription subscription, String what, String where) {
        faults.add(what + " (" + where + ")");
    }

    @Override
    public @Nullable Checkpoint checkpoint(Subscription subscription) {
        return ((BenchRun) subscription).rows().committedCheckpoint();
    }
}
