package dev.tributary.testkit.sodp;

import dev.tributary.testkit.socket.ServerWebSocket;
import dev.tributary.testkit.socket.WebSocketListener;
import org.jspecify.annotations.Nullable;

/** One client over a real WebSocket. Everything it says goes to its session under the monitor of the model. */
final class SocketPeer implements SodpPeer, WebSocketListener {

    /** What the socket takes before frames wait in the session, where their number is limited. */
    private static final long MOST_QUEUED = 256 * 1024;

    private static final byte[] NO_PAYLOAD = {};
    private static final int SMALL = 126;
    private static final int MEDIUM = 65_536;

    private final Object monitor;
    private final SodpDialect dialect;
    private @Nullable ServerWebSocket socket;
    private @Nullable SodpSession session;

    SocketPeer(Object monitor, SodpDialect dialect) {
        this.monitor = monitor;
        this.dialect = dialect;
    }

    /** Under that monitor. */
    void open(SodpModel model, ServerWebSocket accepted) {
        socket = accepted;
        session = model.connect(this);
    }

    // ---- from the client ----

    @Override
    public void text(ServerWebSocket from, String message) {
        tell(s -> s.text(message));
    }

    @Override
    public void binary(ServerWebSocket from, byte[] message) {
        tell(s -> s.message(message));
    }

    @Override
    public void ping(ServerWebSocket from, byte[] payload) {
        tell(s -> {
            for (int i = s.ping(); i > 0; i--) {
                from.pong(payload);
            }
        });
    }

    @Override
    public void pong(ServerWebSocket from, byte[] payload) {
        tell(SodpSession::pong);
    }

    @Override
    public void close(ServerWebSocket from, int code, String reason) {
        tell(s -> {
            boolean silent = s.isSilent();
            s.closed();
            if (!silent) {
                from.close(code, reason);
            }
        });
    }

    /** The Rust server ends such a connection without a word. */
    @Override
    public void malformed(ServerWebSocket from, int code, String what) {
        tell(SodpSession::closed);
        if (dialect != SodpDialect.RUST) {
            from.close(code, what);
        }
        from.end();
    }

    @Override
    public void drained(ServerWebSocket from) {
        tell(SodpSession::writable);
    }

    @Override
    public void gone(ServerWebSocket from) {
        tell(SodpSession::closed);
    }

    private interface Telling {

        void to(SodpSession session);
    }

    private void tell(Telling telling) {
        synchronized (monitor) {
            if (session != null) {
                telling.to(session);
                monitor.notifyAll();
            }
        }
    }

    // ---- to the client ----

    @Override
    public void binary(byte[] message) {
        to().binary(message);
    }

    @Override
    public void text(String message) {
        to().text(message);
    }

    @Override
    public void cut(byte[] message, int bytes) {
        int header = message.length < SMALL ? 2 : message.length < MEDIUM ? 4 : 10;
        to().cutNextFrame(header + bytes);
        to().binary(message);
    }

    @Override
    public void ping() {
        to().ping(NO_PAYLOAD);
    }

    @Override
    public void close(int code, String reason) {
        to().close(code, reason);
    }

    @Override
    public void end() {
        to().end();
    }

    @Override
    public void reset() {
        to().abort();
    }

    @Override
    public boolean isWritable() {
        return to().queuedBytes() < MOST_QUEUED;
    }

    private ServerWebSocket to() {
        if (socket == null) {
            throw new IllegalStateException("not accepted yet");
        }
        return socket;
    }
}
