package dev.tributary.electric;

import dev.tributary.Credential;
import dev.tributary.spi.Call;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Resume;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Wire;
import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One session of the Electric protocol. It serves one shape, by one {@link ShapeRun}. */
final class ElectricProtocol implements Protocol {

    private final SessionContext context;
    private final ExpiredHandles expired;
    /** Null before the shape is known and after the run is over: what comes then is of no interest. */
    private @Nullable ShapeRun run;

    ElectricProtocol(SessionContext context, ExpiredHandles expired) {
        this.context = context;
        this.expired = expired;
    }

    @Override
    public void subscribe(Subscription subscription, Output out) {
        ShapeQuery query = ShapeQuery.of(subscription.query());
        ShapeState state = resume(query, subscription, out);
        run = new ShapeRun(context, expired, query, subscription, state);
        run.proceed(out);
    }

    /** The carry knows most; a checkpoint knows the place of the rows held. */
    private static ShapeState resume(ShapeQuery query, Subscription subscription, Output out) {
        Resume from = subscription.resume();
        if (from == null) {
            return ShapeState.beginning(query);
        }
        if (from.carry() instanceof ShapeState state) {
            state.catchUp();
            return state;
        }
        Optional<ShapePosition> position =
                Optional.ofNullable(from.checkpoint()).flatMap(ShapePosition::from);
        if (position.isEmpty()) {
            out.fault(subscription, "the checkpoint is none of this transport: the shape is loaded anew", "checkpoint");
            return ShapeState.beginning(query);
        }
        if (subscription.keepsRows() && from.schema() == null) {
            return ShapeState.beginning(query);
        }
        return ShapeState.at(position.get(), from.schema());
    }

    @Override
    public void unsubscribe(Subscription subscription, Output out) {
        if (run != null) {
            run.end(Ending.closed(), out);
        }
    }

    @Override
    public void call(Call call, Output out) {
        if (run != null) {
            run.call(call, out);
        }
    }

    @Override
    public void cancel(Call call, Output out) {
        if (run != null) {
            run.cancel(call);
        }
    }

    @Override
    public void credential(Credential credential, Output out) {
        if (run != null) {
            run.credential(credential, out);
        }
    }

    @Override
    public void timer(Object tag, Output out) {
        if (run != null) {
            run.pauseIsOver(out);
        }
    }

    @Override
    public void opened(Wire wire, Head head, Output out) {
        if (run != null) {
            run.opened(wire, head, out);
        }
    }

    @Override
    public void data(Wire wire, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
        if (run != null) {
            run.data(wire, bytes, out);
        }
    }

    @Override
    public void ended(Wire wire, WireEnd end, Output out) {
        if (run != null) {
            run.ended(wire, end, out);
        }
    }
}
