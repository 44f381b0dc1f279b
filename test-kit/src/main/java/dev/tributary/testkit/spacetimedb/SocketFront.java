package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.socket.HttpExchange;
import dev.tributary.testkit.socket.SocketHandler;
import dev.tributary.testkit.socket.WebSocketOptions;
import java.util.Map;
import java.util.OptionalLong;

/** Puts what arrives on sockets to the model, which others use as well, each under the lock. */
final class SocketFront implements SocketHandler {

    private static final int MOST_BYTES = 32 * 1024 * 1024;

    private final SpacetimeDbModel model;
    private final Object lock;

    SocketFront(SpacetimeDbModel model, Object lock) {
        this.model = model;
        this.lock = lock;
    }

    @Override
    public void request(HttpExchange exchange) {
        synchronized (lock) {
            model.request(exchange.request(), answer -> answer(exchange, answer));
            lock.notifyAll();
        }
    }

    @Override
    public OptionalLong nextDeadline() {
        synchronized (lock) {
            return model.nextDeadline();
        }
    }

    @Override
    public void tick() {
        synchronized (lock) {
            model.tick();
            lock.notifyAll();
        }
    }

    private void answer(HttpExchange exchange, SpacetimeDbAnswer answer) {
        if (answer instanceof SpacetimeDbAnswer.Response response) {
            exchange.respond(response.response());
        } else if (answer instanceof SpacetimeDbAnswer.Open open) {
            WebSocketOptions options =
                    WebSocketOptions.defaults().subprotocol(open.subprotocol()).limits(MOST_BYTES, MOST_BYTES);
            for (Map.Entry<String, String> header : open.headers().entrySet()) {
                options = options.header(header.getKey(), header.getValue());
            }
            SocketPeer peer =
                    new SocketPeer(lock, open.session(), model.options().fragmentBytes());
            peer.open(exchange.accept(options, peer));
        } else {
            exchange.cut();
        }
    }
}
