package dev.tributary.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Reads a short body away, so that its connection can be used again, and gives up on a long one. */
final class DiscardedBody implements BodySubscriber<Boolean> {

    private static final long LONGEST = 64 * 1024;

    private final CompletableFuture<Boolean> over = new CompletableFuture<>();
    private Flow.@Nullable Subscription source;
    private long read;

    @Override
    public CompletionStage<Boolean> getBody() {
        return over;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        source = subscription;
        subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> item) {
        for (ByteBuffer buffer : item) {
            read += buffer.remaining();
        }
        Flow.Subscription subscription = source;
        if (subscription == null) {
            return;
        }
        if (read > LONGEST) {
            subscription.cancel();
            over.complete(false);
        } else {
            subscription.request(1);
        }
    }

    @Override
    public void onError(Throwable failure) {
        over.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        over.complete(true);
    }
}
