package dev.tributary.benchmarks;

import dev.tributary.Capability;
import dev.tributary.Checkpoint;
import dev.tributary.engine.FirstLoad;
import dev.tributary.spi.Call;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Target;
import dev.tributary.spi.Wire;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** An engine that has nothing but one view, for a protocol under a benchmark: commits become visible, and all else is passed over but an end. */
@NullMarked
public final class ViewOutput implements Output {

    private final FirstLoad view;
    private @Nullable Wire opened;

    /** Of this view. */
    public ViewOutput(FirstLoad view) {
        this.view = view;
    }

    private record OneWire(Target target) implements Wire {}

    /** The wire that the protocol asked for. */
    public Wire opened() {
        return Objects.requireNonNull(opened);
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }

    @Override
    public Wire open(Target target) {
        Wire wire = new OneWire(target);
        opened = wire;
        return wire;
    }

    @Override
    public boolean send(Wire wire, Protocol.DataKind kind, ByteBuffer bytes) {
        return true;
    }

    @Override
    public void close(Wire wire, int code, String reason) {}

    @Override
    public void timer(Object tag, Duration least, Duration most) {}

    @Override
    public void cancelTimer(Object tag) {}

    @Override
    public void credential(@Nullable Throwable refusal) {}

    @Override
    public void connected() {}

    @Override
    public void negotiated(Set<Capability> capabilities) {}

    @Override
    public Draft draft(Subscription subscription) {
        return view.draft();
    }

    @Override
    public void commit(List<Subscription> subscriptions, @Nullable Object metadata) {
        view.commit();
    }

    @Override
    public void upToDate(Subscription subscription) {}

    @Override
    public void behind(Subscription subscription, Throwable reason) {
        throw new IllegalStateException(reason);
    }

    @Override
    public void progress(Subscription subscription, long rows, long bytes, double fraction) {}

    @Override
    public void verified(Subscription subscription, String upTo) {}

    @Override
    public void verifiedUpTo(Subscription subscription, String upTo) {}

    @Override
    public void condition(Subscription subscription, @Nullable String condition) {}

    @Override
    public void sent(Call call) {}

    @Override
    public void reply(Call call, @Nullable Object result) {}

    @Override
    public void refuse(Call call, Throwable reason) {}

    @Override
    public void end(Subscription subscription, Ending ending, @Nullable Object carry) {
        throw new IllegalStateException("the query ended: " + ending);
    }

    @Override
    public void end(Ending ending) {
        throw new IllegalStateException("the session ended: " + ending);
    }

    @Override
    public void notice(Object notice) {}

    @Override
    public void fault(Subscription subscription, String what, String where) {
        throw new IllegalStateException(what + " at " + where);
    }

    @Override
    public @Nullable Checkpoint checkpoint(Subscription subscription) {
        return null;
    }
}
