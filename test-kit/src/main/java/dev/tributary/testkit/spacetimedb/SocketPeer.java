package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.socket.ServerWebSocket;
import dev.tributary.testkit.socket.WebSocketListener;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One client over a real WebSocket. Everything it says goes to its session under the monitor of the model. A message leaves
 * in fragments, a few at a time as the client takes them, so that a large one is held once and no more; control frames go
 * in between.
 */
final class SocketPeer implements SpacetimeDbPeer, WebSocketListener {

    /** What the socket takes before more waits here. */
    private static final long MOST_QUEUED = 256 * 1024;

    private static final int BLOCK = 128 * 1024;
    private static final int LAST = 0x80;
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int SMALL = 126;
    private static final int MEDIUM = 65_536;

    private final Object monitor;
    private final SpacetimeDbSession session;
    private final int fragmentBytes;
    private final Deque<Runnable> after = new ArrayDeque<>();
    private @Nullable ServerWebSocket socket;

    private byte @Nullable [] message;
    private int opcode;
    private int at;

    SocketPeer(Object monitor, SpacetimeDbSession session, int fragmentBytes) {
        this.monitor = monitor;
        this.session = session;
        this.fragmentBytes = fragmentBytes == 0 ? Integer.MAX_VALUE : fragmentBytes;
    }

    /** Under that monitor. */
    void open(ServerWebSocket accepted) {
        socket = accepted;
        session.attach(this);
    }

    // ---- from the client ----

    @Override
    public void text(ServerWebSocket from, String text) {
        locked(() -> session.text(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void binary(ServerWebSocket from, byte[] bytes) {
        locked(() -> session.binary(bytes));
    }

    @Override
    public void ping(ServerWebSocket from, byte[] payload) {
        locked(() -> {
            if (session.ping(payload)) {
                from.pong(payload);
            }
        });
    }

    @Override
    public void pong(ServerWebSocket from, byte[] payload) {
        locked(session::pong);
    }

    @Override
    public void close(ServerWebSocket from, int code, String reason) {
        locked(() -> {
            message = null;
            after.clear();
            if (session.closedByClient()) {
                from.close(code, reason);
            }
        });
    }

    /** The real server sends no close frame then. */
    @Override
    public void malformed(ServerWebSocket from, int code, String what) {
        locked(session::malformed);
    }

    @Override
    public void drained(ServerWebSocket from) {
        locked(this::pump);
    }

    @Override
    public void gone(ServerWebSocket from) {
        locked(() -> {
            message = null;
            after.clear();
            session.gone();
        });
    }

    private void locked(Runnable action) {
        synchronized (monitor) {
            action.run();
            monitor.notifyAll();
        }
    }

    // ---- to the client ----

    @Override
    public void text(byte[] utf8) {
        whenFree(() -> begin(utf8, TEXT));
    }

    @Override
    public void binary(byte[] bytes) {
        whenFree(() -> begin(bytes, BINARY));
    }

    @Override
    public void cut(byte[] bytes, int count, boolean text) {
        whenFree(() -> {
            int end = 0;
            int length = 0;
            BsatnWriter frames = new BsatnWriter();
            while (end < count) {
                int size = Math.min(fragmentBytes, bytes.length - end);
                header(frames, end == 0 ? text ? TEXT : BINARY : CONTINUATION, end + size == bytes.length, size);
                length = frames.size() + Math.min(size, count - end);
                frames.raw(bytes, end, size);
                end += size;
            }
            to().raw(java.util.Arrays.copyOf(frames.toBytes(), length));
            to().end();
        });
    }

    @Override
    public void ping() {
        to().ping(new byte[0]);
    }

    @Override
    public void close(int code, String reason) {
        whenFree(() -> to().close(code, reason));
    }

    @Override
    public void end() {
        whenFree(() -> to().end());
    }

    @Override
    public void reset() {
        message = null;
        after.clear();
        to().abort();
    }

    @Override
    public boolean isWritable() {
        return message == null && after.isEmpty() && to().queuedBytes() < MOST_QUEUED;
    }

    /** Nothing may come between the fragments of a message but control frames. */
    private void whenFree(Runnable action) {
        after.add(action);
        pump();
    }

    private void begin(byte[] bytes, int kind) {
        message = bytes;
        opcode = kind;
        at = 0;
    }

    private void pump() {
        boolean moved = true;
        while (moved) {
            moved = false;
            byte[] now = message;
            if (now != null && to().queuedBytes() < MOST_QUEUED) {
                block(now);
                moved = true;
            } else if (now == null && !after.isEmpty()) {
                after.remove().run();
                moved = true;
            }
        }
        if (isWritable()) {
            session.writable();
        }
    }

    /** Hands over whole frames. */
    private void block(byte[] now) {
        BsatnWriter frames = new BsatnWriter(Math.min(BLOCK, now.length) + BLOCK / 32);
        do {
            int size = Math.min(fragmentBytes, now.length - at);
            boolean last = at + size == now.length;
            header(frames, at == 0 ? opcode : CONTINUATION, last, size);
            frames.raw(now, at, size);
            at += size;
            if (last) {
                message = null;
            }
        } while (message != null && frames.size() < BLOCK);
        to().raw(frames.toBytes());
    }

    private static void header(BsatnWriter out, int kind, boolean last, int size) {
        out.u8(kind | (last ? LAST : 0));
        if (size < SMALL) {
            out.u8(size);
        } else if (size < MEDIUM) {
            out.u8(SMALL).u8(size >> 8).u8(size);
        } else {
            out.u8(SMALL + 1).u32(0).u8(size >> 24).u8(size >> 16).u8(size >> 8).u8(size);
        }
    }

    private ServerWebSocket to() {
        if (socket == null) {
            throw new IllegalStateException("not accepted yet");
        }
        return socket;
    }
}
