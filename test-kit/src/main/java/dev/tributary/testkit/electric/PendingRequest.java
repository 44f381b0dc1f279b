package dev.tributary.testkit.electric;

import java.util.Comparator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request on its way through the model: answered at once, or held with a deadline. */
final class PendingRequest implements Exchange {

    static final Comparator<PendingRequest> BY_DEADLINE =
            Comparator.comparingLong(PendingRequest::deadline).thenComparingLong(p -> p.number);

    private final ModelRequest request;
    private final Consumer<ModelResponse> reply;
    private final Consumer<PendingRequest> onCancel;
    private final long number;
    private @Nullable FaultRule fault;
    private @Nullable Shape shape;
    private Runnable onTimeout = () -> {};
    private Runnable onChange = () -> {};
    private long deadline;
    private boolean held;
    private boolean done;

    PendingRequest(
            long number, ModelRequest request, Consumer<ModelResponse> reply, Consumer<PendingRequest> onCancel) {
        this.number = number;
        this.request = request;
        this.reply = reply;
        this.onCancel = onCancel;
    }

    ModelRequest request() {
        return request;
    }

    @Nullable
    FaultRule fault() {
        return fault;
    }

    void fault(@Nullable FaultRule rule) {
        fault = rule;
    }

    @Nullable
    Shape shape() {
        return shape;
    }

    long deadline() {
        return deadline;
    }

    boolean isHeld() {
        return held;
    }

    /** Starts holding. {@code waitsFor} is null when it does not wait for a shape. */
    void hold(@Nullable Shape waitsFor, long until, Runnable timeout, Runnable change) {
        shape = waitsFor;
        deadline = until;
        onTimeout = timeout;
        onChange = change;
        held = true;
    }

    void release() {
        held = false;
    }

    void timeOut() {
        onTimeout.run();
    }

    void changed() {
        onChange.run();
    }

    void finish(ModelResponse response) {
        if (!done) {
            done = true;
            reply.accept(response);
        }
    }

    @Override
    public void cancel() {
        if (!done) {
            done = true;
            onCancel.accept(this);
        }
    }

    @Override
    public boolean isDone() {
        return done;
    }
}
