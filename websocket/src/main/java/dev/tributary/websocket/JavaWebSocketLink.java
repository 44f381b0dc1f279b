package dev.tributary.websocket;

import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.WireEnd;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.java_websocket.framing.BinaryFrame;
import org.java_websocket.framing.DataFrame;
import org.java_websocket.framing.PingFrame;
import org.java_websocket.framing.PongFrame;
import org.java_websocket.framing.TextFrame;
import org.jspecify.annotations.Nullable;

/**
 * A connection by a client of Java-WebSocket, made for it alone. This class connects, because the library's own way
 * knows no deadline beyond TCP, and reads frames by {@link FrameReader}; the library does the handshake, the outgoing
 * frames, the closing handshake and the writing thread. The thread that runs this is the library's reading thread.
 */
final class JavaWebSocketLink implements Link {

    /** What the library's streams tell, on the thread that reads or writes. */
    private final class Traffic implements ServerInput.Listener, RequestOutput.Listener, FrameReader.Sink {

        @Override
        public boolean answered(ResponseHead head, RefusalBody body) throws IOException {
            if (head.isSwitch()) {
                accepted = head.head();
                return true;
            }
            listener.refused(head.head());
            byte[] bytes = body.read(head);
            if (bytes.length > 0) {
                listener.piece(DataKind.BODY, ByteBuffer.wrap(bytes), false);
            }
            outcome.compareAndSet(null, WireEnd.complete());
            return false;
        }

        @Override
        public void failed(WireFault fault) {
            outcome.compareAndSet(null, fault.end(target.printable()));
        }

        @Override
        public void readFailed(IOException failure) {
            readFailure = failure;
        }

        @Override
        public void written() {
            listener.sent();
        }

        @Override
        public void writeFailed(IOException failure) {
            listener.writeFailed(failure);
        }

        @Override
        public void piece(DataKind kind, ByteBuffer bytes, boolean last) {
            listener.piece(kind, bytes, last);
            awaitRoom();
        }

        @Override
        public void ping(ByteBuffer payload) {
            listener.pinged(payload);
        }

        @Override
        public void pong() {
            listener.alive();
        }

        @Override
        public void close(int code, String reason) {
            outcome.compareAndSet(
                    null, new WireEnd(WireEnd.Kind.CLOSED, code, closedReason(target.printable(), code, reason), null));
            last(running -> running.answerClose(code));
        }

        @Override
        public void malformed(WireFault fault) {
            failed(fault);
            last(running -> running.close(fault.closeCode(), fault.reason()));
        }

        /** Has a last frame written. The end is told before, so that the wire's grace bounds the wait. */
        private void last(Consumer<LibraryClient> write) {
            WireEnd end = outcome.get();
            LibraryClient running = client;
            LinkSocket wrapped = socket;
            if (end != null && running != null && wrapped != null) {
                listener.ended(end);
                write.accept(running);
                wrapped.awaitTaken(running::hasBufferedData);
            }
        }
    }

    private final WebSocketTarget target;
    private final LinkListener listener;
    private final Executor readers;
    private final SocketOpening opening;
    private final AtomicReference<@Nullable WireEnd> outcome = new AtomicReference<>();
    private final Object room = new Object();
    private volatile @Nullable LibraryClient client;
    private volatile @Nullable LinkSocket socket;
    private volatile boolean aborted;

    // Of the reading thread.
    private @Nullable Head accepted;
    private boolean open;
    private @Nullable IOException readFailure;

    JavaWebSocketLink(WebSocketSettings settings, WebSocketTarget target, LinkListener listener, Executor readers) {
        this.target = target;
        this.listener = listener;
        this.readers = readers;
        this.opening = new SocketOpening(settings, target.uri());
    }

    static String closedReason(String printable, int code, String reason) {
        String said = reason.isEmpty() ? "" : ", " + reason.replaceAll("[\\p{Cntrl}]+", " ");
        String by = code == CloseCodes.NONE ? "without a code" : "with " + code;
        return printable + ": the server closed the connection " + by + said;
    }

    @Override
    public void open() {
        readers.execute(this::run);
    }

    @SuppressWarnings("CatchThrowable")
    private void run() {
        try {
            converse();
        } catch (WireFault fault) {
            outcome.compareAndSet(null, fault.end(target.printable()));
        } catch (Throwable e) {
            // Also an error: the library's writing thread would wait for ever.
            outcome.compareAndSet(null, failed(e));
        } finally {
            leave();
        }
    }

    private WireEnd failed(Throwable e) {
        return WireEnd.of(
                WireEnd.Kind.BROKEN,
                target.printable() + ": the WebSocket client failed with "
                        + e.getClass().getSimpleName(),
                null);
    }

    private void converse() throws WireFault, IOException {
        RequestHeaders.check(target);
        Socket connected = opening.open();
        Traffic traffic = new Traffic();
        LinkSocket wrapped = new LinkSocket(
                connected,
                opening,
                new ServerInput(connected.getInputStream(), target.subprotocols(), traffic),
                new RequestOutput(connected.getOutputStream(), target.credentials(), traffic));
        socket = wrapped;
        if (aborted) {
            return;
        }
        listener.connected();
        FrameReader frames = new FrameReader(target.maxMessageBytes(), traffic);
        LibraryClient running =
                new LibraryClient(target, new StreamingDraft(target.subprotocols(), frames), wrapped, this::opened);
        client = running;
        running.run();
    }

    private void opened() {
        open = true;
        Head head = accepted;
        listener.opened(head != null ? head : new Head(ResponseHead.SWITCHING_PROTOCOLS, Map.of()));
    }

    private void leave() {
        LibraryClient running = client;
        if (running != null) {
            // It is over by now, unless something was thrown.
            running.closeConnection(CloseCodes.ABNORMAL, "");
        }
        outcome.compareAndSet(null, unexplained());
        WireEnd end = outcome.get();
        if (end != null) {
            listener.ended(end);
        }
        LinkSocket wrapped = socket;
        if (wrapped != null) {
            if (running == null) {
                wrapped.abort();
            }
            wrapped.finish();
        }
        opening.abort();
        listener.released();
    }

    /** Nothing was said: no close frame, no bad byte. */
    private WireEnd unexplained() {
        if (accepted != null && !open) {
            return WireEnd.of(
                    WireEnd.Kind.MALFORMED,
                    target.printable() + ": the answer to the handshake does not fit the question",
                    null);
        }
        IOException failure = readFailure;
        if (failure != null) {
            return Failures.broken(target.printable(), failure);
        }
        String when = open ? "without a close frame" : "before the answer";
        return WireEnd.of(WireEnd.Kind.BROKEN, target.printable() + ": the connection ended " + when, null);
    }

    @Override
    public void message(DataKind kind, ByteBuffer bytes) {
        DataFrame frame = kind == DataKind.TEXT ? new TextFrame() : new BinaryFrame();
        frame.setPayload(bytes);
        write(frame);
    }

    @Override
    public void ping() {
        write(new PingFrame());
    }

    @Override
    public void pong(ByteBuffer payload) {
        PongFrame frame = new PongFrame();
        frame.setPayload(payload);
        write(frame);
    }

    private void write(org.java_websocket.framing.Framedata frame) {
        LibraryClient running = client;
        try {
            if (running != null) {
                running.sendFrame(frame);
            }
        } catch (RuntimeException e) {
            // It is closing; how it ends is told by the thread that reads.
            listener.writeFailed(e);
        }
    }

    @Override
    public void goodbye(int code, String reason) {
        LinkSocket wrapped = socket;
        LibraryClient running = client;
        if (wrapped != null && running != null) {
            wrapped.linger();
            running.close(code, reason);
        }
    }

    private void awaitRoom() {
        synchronized (room) {
            while (!aborted && listener.isFull()) {
                try {
                    room.wait();
                } catch (InterruptedException e) {
                    // Nobody interrupts this thread but to end it.
                    Thread.currentThread().interrupt();
                    abort();
                }
            }
        }
    }

    @Override
    public void resume() {
        synchronized (room) {
            room.notifyAll();
        }
    }

    @Override
    public void abort() {
        aborted = true;
        opening.abort();
        LinkSocket wrapped = socket;
        if (wrapped != null) {
            wrapped.abort();
        }
        resume();
    }
}
