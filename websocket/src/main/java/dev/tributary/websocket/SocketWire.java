package dev.tributary.websocket;

import dev.tributary.spi.Environment;
import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.WireEnd;
import dev.tributary.spi.Wires;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One WebSocket from its opening to its end: what every client's link has in common. */
final class SocketWire implements Wires.Connection, LinkListener {

    /** How long a server may take to end a connection after a goodbye, and what it said may take to be read. */
    static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What a wire needs of its source. */
    record Surroundings(WebSocketSettings settings, Environment environment, Executor executor) {}

    private final Surroundings around;
    private final WebSocketTarget target;
    private final Consumer<SocketWire> onReleased;
    private final Inbound inbound;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Timers timers;
    private final @Nullable SilencePing silence;
    private volatile @Nullable Link link;
    private volatile @Nullable Outbound outbound;
    private volatile boolean answered;
    private boolean open;

    /**
     * @param onReleased called once, when socket and threads are gone
     */
    SocketWire(Surroundings around, WebSocketTarget target, Wires.Listener listener, Consumer<SocketWire> onReleased) {
        this.around = around;
        this.target = target;
        this.onReleased = onReleased;
        this.timers = new Timers(around.environment());
        this.inbound = new Inbound(listener, around.executor(), target.printable(), () -> link().resume());
        Duration pingAfter = target.pingAfter();
        this.silence = pingAfter == null
                ? null
                : new SilencePing(around.environment(), pingAfter, () -> {
                    listener.pinging();
                    outbound().ping();
                });
    }

    /** Before anything else: the connection under it. */
    void attach(Link client) {
        link = client;
        outbound = new Outbound(client, around.settings(), inbound::writable, this::overflow);
    }

    private Link link() {
        return Objects.requireNonNull(link, "link");
    }

    private Outbound outbound() {
        return Objects.requireNonNull(outbound, "outbound");
    }

    void start() {
        timers.start(
                Timers.Watch.CONNECT,
                target.deadlines().connect(),
                () -> late("no connection", target.deadlines().connect()));
        timers.start(
                Timers.Watch.HEAD,
                target.deadlines().head(),
                () -> late("no answer to the handshake", target.deadlines().head()));
        link().open();
    }

    private void late(String what, Duration limit) {
        // After the head it is the body of a refusal that does not end.
        WireEnd.Kind kind = answered ? WireEnd.Kind.SILENT : WireEnd.Kind.REFUSED;
        String missing = answered ? "no end of the answer" : what;
        fail(WireEnd.of(kind, target.printable() + ": " + missing + " within " + limit.toMillis() + " ms", null));
    }

    private void overflow() {
        fail(WireEnd.of(
                WireEnd.Kind.BROKEN,
                target.printable() + ": the server does not read: more than "
                        + around.settings().maxUnsentBytes() + " bytes wait to be sent (option "
                        + WebSocketOptions.MAX_UNSENT_BYTES.name() + ")",
                null));
    }

    /** Never tells the listener on the caller's thread: it may be one that sends. */
    private void fail(WireEnd end) {
        if (finish()) {
            outbound().stop();
            around.executor().execute(() -> inbound.end(end));
            link().abort();
        }
    }

    /** True for the first caller. */
    private boolean finish() {
        boolean first = over.compareAndSet(false, true);
        if (first) {
            timers.cancelAll();
            if (silence != null) {
                silence.stop();
            }
        }
        return first;
    }

    @Override
    public void request(int pieces) {
        inbound.grant(pieces);
    }

    @Override
    public boolean send(DataKind kind, ByteBuffer bytes) {
        if (kind == DataKind.BODY) {
            throw new IllegalArgumentException("a WebSocket message is text or binary");
        }
        return outbound().send(kind, bytes);
    }

    @Override
    public void close(int code, String reason) {
        inbound.close();
        boolean first;
        boolean polite;
        synchronized (over) {
            first = finish();
            polite = open && code != 0;
        }
        if (!first) {
            return;
        }
        if (polite) {
            outbound().goodbye(CloseCodes.toSend(code), CloseCodes.reasonToSend(reason));
            abortLater();
        } else {
            outbound().stop();
            link().abort();
        }
    }

    private void abortLater() {
        timers.start(Timers.Watch.GRACE, Duration.ofNanos(GRACE_NANOS), () -> link().abort());
    }

    @Override
    public void connected() {
        timers.cancel(Timers.Watch.CONNECT);
    }

    @Override
    public void opened(Head head) {
        boolean wanted;
        synchronized (over) {
            wanted = !over.get();
            open = wanted;
        }
        if (!wanted) {
            // It was closed or late while this was on its way, when there was nobody yet to say goodbye to.
            link().abort();
            return;
        }
        answered = true;
        timers.cancel(Timers.Watch.CONNECT);
        timers.cancel(Timers.Watch.HEAD);
        inbound.opened(head);
        outbound().open();
        if (silence != null) {
            silence.start();
        }
    }

    @Override
    public void refused(Head head) {
        answered = true;
        timers.cancel(Timers.Watch.CONNECT);
        inbound.opened(head);
    }

    @Override
    public void piece(DataKind kind, ByteBuffer bytes, boolean last) {
        heard();
        inbound.piece(kind, bytes, last);
    }

    private void heard() {
        if (silence != null) {
            silence.heard();
        }
    }

    @Override
    public boolean isFull() {
        return inbound.isFull();
    }

    @Override
    public void pinged(ByteBuffer payload) {
        alive();
        if (silence != null) {
            outbound().pong(payload);
        }
    }

    @Override
    public void alive() {
        heard();
        inbound.alive();
    }

    @Override
    public void sent() {
        outbound().sent();
    }

    @Override
    public void writeFailed(Throwable failure) {
        outbound().stop();
        if (!over.get()) {
            // The server may have said why before it went; that is read first.
            timers.start(
                    Timers.Watch.WRITE_FAILURE,
                    Duration.ofNanos(GRACE_NANOS),
                    () -> fail(WireEnd.of(
                            WireEnd.Kind.BROKEN,
                            target.printable() + ": the connection broke" + Failures.detail(failure),
                            failure)));
        }
    }

    @Override
    public void ended(WireEnd end) {
        if (finish()) {
            outbound().stop();
            inbound.end(end);
            abortLater();
        }
    }

    @Override
    public void released() {
        timers.close();
        onReleased.accept(this);
    }
}
