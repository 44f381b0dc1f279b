package dev.tributary.websocket;

import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.WireEnd;
import java.net.ProtocolException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A connection by the JDK's client. It asks for content only while there is room. */
final class JdkLink implements Link {

    /** What the client tells; it never calls twice at once. */
    private final class Ears implements WebSocket.Listener {

        @Override
        public void onOpen(WebSocket opened) {
            socket = opened;
            if (aborted) {
                release();
                return;
            }
            String chosen = opened.getSubprotocol();
            Map<String, List<String>> headers =
                    chosen.isEmpty() ? Map.of() : Map.of("sec-websocket-protocol", List.of(chosen));
            listener.opened(new Head(ResponseHead.SWITCHING_PROTOCOLS, headers));
            more();
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            told(DataKind.TEXT, StandardCharsets.UTF_8.encode(CharBuffer.wrap(text)), last);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer bytes, boolean last) {
            // The client uses its buffer again.
            told(
                    DataKind.BINARY,
                    ByteBuffer.allocate(bytes.remaining()).put(bytes).flip(),
                    last);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer payload) {
            listener.alive();
            more();
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer payload) {
            listener.alive();
            more();
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            listener.ended(
                    code == CloseCodes.ABNORMAL
                            ? end(WireEnd.Kind.BROKEN, "the connection ended without a close frame")
                            : new WireEnd(
                                    WireEnd.Kind.CLOSED,
                                    code,
                                    JavaWebSocketLink.closedReason(target.printable(), code, reason),
                                    null));
            from.sendClose(CloseCodes.toSend(code), "").whenComplete((sent, failure) -> release());
            // The client would answer a second time when this stage completes.
            return new CompletableFuture<>();
        }

        @Override
        public void onError(WebSocket from, Throwable failure) {
            boolean protocol = Failures.find(failure, ProtocolException.class).isPresent();
            Throwable telling = failure.getCause() == null ? failure : failure.getCause();
            listener.ended(
                    protocol
                            ? end(WireEnd.Kind.MALFORMED, "these bytes are no WebSocket" + Failures.detail(telling))
                            : Failures.broken(target.printable(), failure));
            release();
        }
    }

    private final Function<Duration, HttpClient> clients;
    private final WebSocketTarget target;
    private final LinkListener listener;
    private final Executor executor;
    private final AtomicBoolean released = new AtomicBoolean();
    private final AtomicBoolean paused = new AtomicBoolean();
    private volatile @Nullable CompletableFuture<WebSocket> handshake;
    private volatile @Nullable WebSocket socket;
    private volatile boolean aborted;
    private long messageBytes;

    /**
     * @param clients a client by its connect timeout
     */
    JdkLink(Function<Duration, HttpClient> clients, WebSocketTarget target, LinkListener listener, Executor executor) {
        this.clients = clients;
        this.target = target;
        this.listener = listener;
        this.executor = executor;
    }

    private WireEnd end(WireEnd.Kind kind, String reason) {
        return WireEnd.of(kind, target.printable() + ": " + reason, null);
    }

    @Override
    public void open() {
        // The client does not say when it is connected, and watches that itself.
        listener.connected();
        executor.execute(this::begin);
    }

    private void begin() {
        if (aborted) {
            return;
        }
        CompletableFuture<WebSocket> asked;
        try {
            RequestHeaders.check(target);
            asked = ask();
        } catch (WireFault fault) {
            refuse(fault);
            return;
        } catch (RuntimeException e) {
            refuse(Failures.handshake(e));
            return;
        }
        handshake = asked;
        if (aborted) {
            asked.cancel(true);
        }
        asked.whenComplete((opened, failure) -> {
            if (failure != null) {
                refused(failure);
            }
        });
    }

    private CompletableFuture<WebSocket> ask() {
        WebSocket.Builder builder = clients.apply(target.deadlines().connect()).newWebSocketBuilder();
        target.headers().forEach(builder::header);
        target.credentials().forEach(builder::header);
        List<String> offered = target.subprotocols();
        if (!offered.isEmpty()) {
            builder.subprotocols(
                    offered.get(0), offered.subList(1, offered.size()).toArray(new String[0]));
        }
        return builder.buildAsync(target.uri(), new Ears());
    }

    private void refused(Throwable failure) {
        if (!(Failures.unwrap(failure) instanceof WebSocketHandshakeException handshakeFailure)) {
            refuse(Failures.handshake(failure));
            return;
        }
        HttpResponse<?> answer = handshakeFailure.getResponse();
        if (answer.statusCode() == ResponseHead.SWITCHING_PROTOCOLS) {
            Throwable check = handshakeFailure.getCause();
            refuse(WireFault.malformed("the answer to the handshake does not fit the question"
                    + (check == null ? "" : Failures.detail(check))));
            return;
        }
        listener.refused(new Head(answer.statusCode(), answer.headers().map()));
        if (answer.body() instanceof String body && !body.isEmpty()) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            int length = Math.min(bytes.length, RefusalBody.MOST_BYTES);
            listener.piece(DataKind.BODY, ByteBuffer.wrap(Arrays.copyOf(bytes, length)), false);
        }
        listener.ended(WireEnd.complete());
        release();
    }

    private void refuse(WireFault fault) {
        listener.ended(fault.end(target.printable()));
        release();
    }

    private void told(DataKind kind, ByteBuffer bytes, boolean last) {
        messageBytes += bytes.remaining();
        if (messageBytes > target.maxMessageBytes()) {
            listener.ended(end(
                    WireEnd.Kind.MALFORMED,
                    "a message is larger than " + target.maxMessageBytes() + " bytes, the bound for one"));
            release();
            return;
        }
        if (last) {
            messageBytes = 0;
        }
        listener.piece(kind, bytes, last);
        more();
    }

    private void more() {
        if (listener.isFull()) {
            paused.set(true);
            if (listener.isFull()) {
                return;
            }
            // Room came between the two looks; whoever takes the flag asks.
            if (!paused.compareAndSet(true, false)) {
                return;
            }
        }
        ask(1);
    }

    private void ask(int more) {
        WebSocket open = socket;
        if (open != null) {
            open.request(more);
        }
    }

    @Override
    public void resume() {
        if (paused.compareAndSet(true, false)) {
            ask(1);
        }
    }

    @Override
    public void message(DataKind kind, ByteBuffer bytes) {
        WebSocket open = socket;
        if (open != null) {
            written(
                    kind == DataKind.TEXT
                            ? open.sendText(StandardCharsets.UTF_8.decode(bytes), true)
                            : open.sendBinary(bytes, true));
        }
    }

    @Override
    public void ping() {
        WebSocket open = socket;
        if (open != null) {
            written(open.sendPing(ByteBuffer.allocate(0)));
        }
    }

    /** The client does it by itself. */
    @Override
    public void pong(ByteBuffer payload) {
        listener.sent();
    }

    private void written(CompletableFuture<WebSocket> write) {
        write.whenComplete((done, failure) -> {
            if (failure == null) {
                listener.sent();
            } else {
                listener.writeFailed(Failures.unwrap(failure));
            }
        });
    }

    @Override
    public void goodbye(int code, String reason) {
        WebSocket open = socket;
        if (open != null) {
            open.sendClose(code, reason).whenComplete((done, failure) -> {
                if (failure != null) {
                    abort();
                }
            });
        }
    }

    @Override
    public void abort() {
        aborted = true;
        CompletableFuture<WebSocket> asked = handshake;
        if (asked != null) {
            asked.cancel(true);
        }
        if (asked == null || socket != null || asked.isDone()) {
            release();
        }
    }

    private void release() {
        aborted = true;
        WebSocket open = socket;
        if (open != null) {
            open.abort();
        }
        if (released.compareAndSet(false, true)) {
            listener.released();
        }
    }
}
