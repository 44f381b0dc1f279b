package dev.tributary.testkit.driftdb;

import dev.tributary.testkit.socket.HttpExchange;
import dev.tributary.testkit.socket.ServerWebSocket;
import dev.tributary.testkit.socket.SocketHandler;
import dev.tributary.testkit.socket.WebSocketListener;
import dev.tributary.testkit.socket.WebSocketOptions;
import java.util.Map;
import java.util.OptionalLong;

/** Puts what arrives on sockets to the model, which others use as well, each under its monitor. */
final class DriftDbHandler implements SocketHandler {

    /** More than this behind, the client is not given more. */
    private static final long MOST_QUEUED = 64 * 1024;
    /** The real server never ends; so many are enough to show it. */
    private static final int PONGS = 1_000;

    private final DriftDbModel model;

    DriftDbHandler(DriftDbModel model) {
        this.model = model;
    }

    @Override
    public void request(HttpExchange exchange) {
        locked(() -> model.request(exchange.request(), answer -> answer(exchange, answer)));
    }

    @Override
    public OptionalLong nextDeadline() {
        synchronized (model) {
            return model.nextDeadline();
        }
    }

    @Override
    public void tick() {
        locked(model::tick);
    }

    private void answer(HttpExchange exchange, Answer answer) {
        if (answer instanceof Answer.Response response) {
            exchange.respond(response.response());
        } else if (answer instanceof Answer.Open open) {
            WebSocketOptions options = WebSocketOptions.defaults();
            for (Map.Entry<String, String> header : open.headers().entrySet()) {
                options = options.header(header.getKey(), header.getValue());
            }
            DriftDbConnection connection = open.connection();
            connection.attach(new SocketOutlet(exchange.accept(options, new Client(connection))));
        } else {
            exchange.cut();
        }
    }

    private void locked(Runnable action) {
        synchronized (model) {
            action.run();
            model.notifyAll();
        }
    }

    private record SocketOutlet(ServerWebSocket socket) implements DriftDbOutlet {

        @Override
        public void text(String message) {
            socket.text(message);
        }

        @Override
        public void binary(byte[] message) {
            socket.binary(message);
        }

        @Override
        public void end() {
            socket.end();
        }

        @Override
        public boolean isFull() {
            return socket.queuedBytes() > MOST_QUEUED;
        }
    }

    private final class Client implements WebSocketListener {

        private final DriftDbConnection connection;

        Client(DriftDbConnection connection) {
            this.connection = connection;
        }

        @Override
        public void text(ServerWebSocket socket, String message) {
            locked(() -> connection.text(message));
        }

        @Override
        public void binary(ServerWebSocket socket, byte[] message) {
            locked(() -> connection.binary(message));
        }

        @Override
        public void ping(ServerWebSocket socket, byte[] payload) {
            locked(connection::control);
            if (!connection.isWrecked()) {
                socket.pong(payload);
                return;
            }
            for (int i = 0; i < PONGS; i++) {
                socket.pong(new byte[0]);
            }
            socket.stall();
        }

        @Override
        public void pong(ServerWebSocket socket, byte[] payload) {
            locked(connection::control);
            if (connection.isWrecked()) {
                socket.stall();
            }
        }

        /** The real server sends no close frame. */
        @Override
        public void close(ServerWebSocket socket, int code, String reason) {
            locked(connection::gone);
        }

        @Override
        public void malformed(ServerWebSocket socket, int code, String what) {
            locked(connection::drop);
        }

        @Override
        public void drained(ServerWebSocket socket) {
            locked(() -> {
                if (connection.queued() > 0 && model.options().drainMillis() >= 0) {
                    connection.drain();
                }
            });
        }

        @Override
        public void gone(ServerWebSocket socket) {
            locked(connection::gone);
        }
    }
}
