package dev.tributary.http;

import dev.tributary.spi.WireEnd;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;

/**
 * Hands a body to a delivery. Its stage completes with the body and not with the head, so that cancelling the
 * client's future ends the exchange at any time.
 */
final class ResponseBody implements BodySubscriber<Boolean> {

    private final CompletableFuture<Boolean> over = new CompletableFuture<>();
    private final Delivery delivery;
    private final Runnable onReceived;
    private final Function<Throwable, WireEnd> failures;

    /**
     * @param onReceived called before the end of a whole body is handed on
     */
    ResponseBody(Delivery delivery, Runnable onReceived, Function<Throwable, WireEnd> failures) {
        this.delivery = delivery;
        this.onReceived = onReceived;
        this.failures = failures;
    }

    @Override
    public CompletionStage<Boolean> getBody() {
        return over;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        delivery.source(subscription);
    }

    @Override
    public void onNext(List<ByteBuffer> item) {
        delivery.content(item);
    }

    @Override
    public void onError(Throwable failure) {
        delivery.failed(failures.apply(failure));
        over.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        onReceived.run();
        delivery.finished();
        over.complete(true);
    }
}
