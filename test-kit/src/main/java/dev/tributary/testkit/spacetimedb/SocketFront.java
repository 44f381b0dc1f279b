package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.socket.HttpExchange;
import dev.tributary.testkit.socket.SocketHandler;
import dev.tributary.testkit.socket.WebSocketOptions;
import java.util.Map;
import java.util.OptionalLong;

/** Puts what arrives on sockets to the model, which others use as well, each under its monitor. */
final class SocketFront implements SocketHandler {

    private static final int MOST_BYTES = 32 * 1024 * 1024;

    private final SpacetimeDbModel model;

    SocketFront(SpacetimeDbModel model) {
        this.model = model;
    }

    @Override
    public void request(HttpExchange exchange) {
        synchronized (model) {
            model.request(exchange.request(), answer -> answer(exchange, answer));
            model.notifyAll();
        }
    }

    @Override
    public OptionalLong nextDeadline() {
        synchronized (model) {
            return model.nextDeadline();
        }
    }

    @Override
    public void tick() {
        synchronized (model) {
            model.tick();
            model.notifyAll();
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
                    new SocketPeer(model, open.session(), model.options().fragmentBytes());
            peer.open(exchange.accept(options, peer));
        } else {
            exchange.cut();
        }
    }
}
