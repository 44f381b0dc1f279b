package dev.tributary.testkit.electric;

import dev.tributary.testkit.socket.HttpExchange;
import dev.tributary.testkit.socket.HttpRequest;
import dev.tributary.testkit.socket.HttpResponse;
import dev.tributary.testkit.socket.ServerClock;
import dev.tributary.testkit.socket.SocketHandler;
import java.util.List;
import java.util.OptionalLong;

/** Puts requests to the model, which others use as well, each under its monitor. */
final class ElectricHandler implements SocketHandler {

    private final ElectricModel model;
    private final ServerClock clock;
    private final ResponseEncoder encoder;

    ElectricHandler(ElectricModel model, ServerClock clock, ResponseEncoder encoder) {
        this.model = model;
        this.clock = clock;
        this.encoder = encoder;
    }

    /** The reply may come from any thread that drives the model. */
    @Override
    public void request(HttpExchange exchange) {
        HttpRequest asked = exchange.request();
        ModelRequest request = ModelRequest.of(asked.method(), asked.target(), asked.headers(), asked.body());
        synchronized (model) {
            try {
                Exchange held = model.request(request, response -> answer(exchange, request, response));
                exchange.onGone(() -> cancel(held));
            } catch (RuntimeException e) {
                ModelResponse failed = ModelResponse.of(
                        500,
                        List.of(new Header("content-type", "application/json; charset=utf-8")),
                        "{\"error\":\"Internal server error\"}");
                answer(exchange, request, failed);
            } finally {
                model.notifyAll();
            }
        }
    }

    @Override
    public HttpResponse badRequest(int status) {
        return HttpResponse.of(
                status, "application/json", status == 413 ? "{\"error\":\"Request body too large\"}" : "");
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
        }
    }

    private void answer(HttpExchange exchange, ModelRequest request, ModelResponse response) {
        exchange.respond(encoder.encode(request, response, clock.millis(), exchange.isLast()));
    }

    private void cancel(Exchange held) {
        synchronized (model) {
            held.cancel();
            model.notifyAll();
        }
    }
}
