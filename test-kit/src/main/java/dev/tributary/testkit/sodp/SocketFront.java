package dev.tributary.testkit.sodp;

import dev.tributary.testkit.socket.HttpExchange;
import dev.tributary.testkit.socket.HttpResponse;
import dev.tributary.testkit.socket.SocketHandler;
import dev.tributary.testkit.socket.WebSocketOptions;
import java.util.OptionalLong;

/** Lets clients in to the model, which others use as well, each under its monitor. Any path will do, as on most servers. */
final class SocketFront implements SocketHandler {

    private static final int UPGRADE_REQUIRED = 426;
    /** What the model is told of; a longer message breaks the rules before the model could see it. */
    private static final int MOST_BYTES = 16 * 1024 * 1024;

    private final SodpModel model;

    SocketFront(SodpModel model) {
        this.model = model;
    }

    @Override
    public void request(HttpExchange exchange) {
        if (!exchange.request().isUpgrade()) {
            exchange.respond(HttpResponse.of(UPGRADE_REQUIRED).with("upgrade", "websocket"));
            return;
        }
        synchronized (model) {
            SodpAdmission admission = model.admit();
            if (admission.isReset()) {
                exchange.reset();
            } else if (!admission.isAccepted()) {
                exchange.respond(HttpResponse.of(admission.status()));
            } else {
                SocketPeer peer = new SocketPeer(model, model.options().dialect());
                WebSocketOptions options = WebSocketOptions.defaults().limits(MOST_BYTES, MOST_BYTES);
                peer.open(model, exchange.accept(options, peer));
            }
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
}
