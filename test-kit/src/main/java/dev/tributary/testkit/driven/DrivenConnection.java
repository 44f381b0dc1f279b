package dev.tributary.testkit.driven;

import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.Target;
import dev.tributary.spi.WireEnd;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.socket.HttpExchange;
import dev.tributary.testkit.socket.ServerWebSocket;
import dev.tributary.testkit.socket.WebSocketListener;
import dev.tributary.testkit.socket.WebSocketOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A request to a {@link DrivenServer}, which may become a WebSocket. The server in the simulation calls its public
 * methods; {@link #left} and the {@link Ear} are called by the thread of the sockets.
 */
final class DrivenConnection implements SimulatedConnection {

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NO_CLOSE_FRAME = 1006;

    private final SimulatedEnvironment environment;
    private final ServedWire wire;
    private final HttpExchange exchange;
    private final StreamedAnswer answer;
    private final BooleanSupplier resets;
    private final BooleanSupplier silent;
    private final Target target;

    private ClientListener client = new ClientListener() {};
    private @Nullable ServerWebSocket socket;
    private boolean ended;
    private boolean gone;

    /**
     * @param resets draws whether a broken wire is reset; else it ends early
     * @param silent whether pings are not answered now
     */
    DrivenConnection(
            SimulatedEnvironment environment,
            ServedWire wire,
            HttpExchange exchange,
            StreamedAnswer answer,
            BooleanSupplier resets,
            BooleanSupplier silent) {
        this.environment = environment;
        this.wire = wire;
        this.exchange = exchange;
        this.answer = answer;
        this.resets = resets;
        this.silent = silent;
        this.target = RequestTarget.of(exchange.request());
    }

    @Override
    public int number() {
        return wire.number();
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public boolean isOpen() {
        return !ended && !gone;
    }

    @Override
    public long demand() {
        return wire.demand();
    }

    @Override
    public int waitingPieces() {
        return (int) wire.waiting();
    }

    @Override
    public void listen(ClientListener other) {
        client = other;
    }

    @Override
    public void head(Head head) {
        if (!isOpen()) {
            return;
        }
        wire.saysHead();
        if (head.status() == SWITCHING_PROTOCOLS) {
            WebSocketOptions options = WebSocketOptions.defaults();
            for (String name : head.headers().keySet()) {
                options = options.header(name, head.first(name).orElse(""));
            }
            socket = exchange.accept(options, new Ear());
        } else {
            answer.head(head);
        }
    }

    @Override
    public void body(byte[] bytes) {
        if (isOpen() && answer.takesBody()) {
            wire.saysContent(bytes.length);
            answer.body(bytes);
        }
    }

    @Override
    public void complete() {
        if (!end()) {
            return;
        }
        if (socket == null) {
            answer.complete();
        } else {
            socket.end();
        }
    }

    @Override
    public void text(String message) {
        if (isOpen() && socket != null) {
            wire.saysContent(1);
            socket.text(message);
        }
    }

    @Override
    public void binary(byte[] message) {
        if (isOpen() && socket != null) {
            wire.saysContent(1);
            socket.binary(message);
        }
    }

    /** Nothing to do: over a real socket the wire sends pings of its own, and they are answered. */
    @Override
    public void alive() {}

    @Override
    public void close(int code, String reason) {
        if (!end()) {
            return;
        }
        if (socket == null) {
            // There is no close frame before the handshake is answered.
            answer.abort(resets.getAsBoolean());
        } else {
            socket.close(code, reason);
        }
    }

    @Override
    public void fail(WireEnd.Kind kind, String reason) {
        if (!end()) {
            return;
        }
        boolean reset = resets.getAsBoolean();
        if (socket == null) {
            answer.abort(reset);
        } else if (reset) {
            socket.abort();
        } else {
            socket.end();
        }
    }

    private boolean end() {
        if (!isOpen()) {
            return false;
        }
        ended = true;
        wire.saysEnd();
        return true;
    }

    /** Reads nothing while it is full: the wire's own buffers fill up. */
    @Override
    public void full(boolean now) {
        if (socket == null) {
            return;
        }
        wire.deaf(now);
        if (now) {
            socket.stall();
        } else {
            socket.resume();
        }
    }

    /** The client is gone before the end. */
    void left(int code, String reason) {
        environment.arrive(() -> {
            if (isOpen()) {
                gone = true;
                client.closed(code, reason);
            }
        });
        wire.left();
    }

    private void heard(DataKind kind, byte[] message) {
        environment.arrive(() -> {
            if (isOpen()) {
                client.message(kind, ByteBuffer.wrap(message));
            }
        });
        wire.hears();
    }

    /** Hears the client of a WebSocket. */
    private final class Ear implements WebSocketListener {

        @Override
        public void text(ServerWebSocket from, String message) {
            heard(DataKind.TEXT, message.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void binary(ServerWebSocket from, byte[] message) {
            heard(DataKind.BINARY, message);
        }

        @Override
        public void ping(ServerWebSocket from, byte[] payload) {
            if (silent.getAsBoolean()) {
                wire.ignoresPing();
            } else {
                from.pong(payload);
            }
        }

        @Override
        public void close(ServerWebSocket from, int code, String reason) {
            left(code, reason);
            from.close(code, reason);
        }

        @Override
        public void gone(ServerWebSocket from) {
            left(NO_CLOSE_FRAME, "");
        }
    }
}
