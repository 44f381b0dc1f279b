package dev.tributary.electric;

import dev.tributary.RowSchema;
import dev.tributary.spi.Output;
import dev.tributary.spi.Subscription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the head of an answer means for the shape. The body is {@link ShapeRows}' business. */
final class ShapeAnswers {

    private static final String STALE = "a cache answers with a log that is gone";

    private final ShapeQuery query;
    private final Subscription subscription;
    private final ShapeState state;
    private final ExpiredHandles expired;
    private final LogSchema.Reading reading;
    private final ShapeRows rows;
    private final Refusals refusals;

    ShapeAnswers(
            ShapeQuery query,
            Subscription subscription,
            ShapeState state,
            ExpiredHandles expired,
            LogSchema.Reading reading,
            ShapeRows rows,
            Refusals refusals) {
        this.query = query;
        this.subscription = subscription;
        this.state = state;
        this.expired = expired;
        this.reading = reading;
        this.rows = rows;
        this.refusals = refusals;
    }

    /** The answer whose turn it is. */
    Step answered(Exchange exchange, Output out) {
        ResponseHead head = exchange.head();
        if (head.status() == 409) {
            return rotated(exchange, head.handle());
        }
        if (head.status() == 304) {
            return unchanged(head);
        }
        if (!head.isGood()) {
            return Step.BODY;
        }
        List<String> missing = head.missing(exchange.asked().live());
        if (!missing.isEmpty()) {
            return refusals.missingHeaders(missing, exchange);
        }
        if (isStale(exchange)) {
            return stale(exchange, out);
        }
        if (isForeign(exchange)) {
            return foreign(exchange, head, out);
        }
        if (isOtherThanTolerated(head)) {
            state.tolerated = null;
            state.bust = true;
            return Step.anew(STALE);
        }
        accept(exchange, out);
        Step step = readSchema(head, out);
        return step.kind() == Step.Kind.BODY && head.status() == 204 ? caughtUp(head, out) : step;
    }

    /** Whether an answer that was asked for ahead is one that can be taken when its turn comes. */
    boolean isUsable(Exchange exchange) {
        ResponseHead head = exchange.head();
        return head.status() == 200 && head.missing(false).isEmpty() && !isStale(exchange) && !isForeign(exchange);
    }

    /** The log is gone: what follows begins at its beginning. The body says nothing more. */
    Step rotated(Exchange exchange, @Nullable String newHandle) {
        if (state.position.handle() != null) {
            expired.put(exchange.asked().shapeKey(), state.position.handle());
        }
        state.undescribed.clear();
        state.restart(query, newHandle);
        return Step.anew("the server's log of the shape is gone; it is loaded anew");
    }

    private Step unchanged(ResponseHead head) {
        if (head.cursor() != null) {
            state.position = new ShapePosition(state.position.handle(), state.position.offset(), head.cursor());
        }
        // Not live: whoever says this again and again is found out as a fast loop.
        state.live = false;
        return Step.DONE;
    }

    private boolean isStale(Exchange exchange) {
        String dead = expired.get(exchange.asked().shapeKey());
        return dead != null && dead.equals(exchange.head().handle());
    }

    private Step stale(Exchange exchange, Output out) {
        switch (state.staleAnswers.stale()) {
            case RETRY -> {
                state.bust = true;
                return Step.anew(STALE);
            }
            case HEAL -> {
                state.tolerated = exchange.head().handle();
                expired.remove(exchange.asked().shapeKey());
                state.restart(query, null);
                state.bust = false;
                return Step.anew(STALE);
            }
            default -> {
                out.fault(subscription, STALE + ", again and again", exchange.printable());
                return refusals.refuse(refusals.gaveUp(STALE + ", again and again", exchange.printable()));
            }
        }
    }

    /** An answer to a request within one log that comes from another one. */
    private static boolean isForeign(Exchange exchange) {
        ShapePosition asked = exchange.asked().position();
        return !asked.isStart()
                && asked.handle() != null
                && !asked.handle().equals(exchange.head().handle());
    }

    private Step foreign(Exchange exchange, ResponseHead head, Output out) {
        String what = "the answer is of another log than was asked for";
        out.fault(subscription, what, exchange.printable());
        state.restart(query, head.handle());
        return Step.anew(what);
    }

    /**
     * Three answers past the caches named one log, and a cache has another: older, or newer than what they knew. The
     * server is asked once more.
     */
    private boolean isOtherThanTolerated(ResponseHead head) {
        return state.tolerated != null && !state.tolerated.equals(head.handle());
    }

    private void accept(Exchange exchange, Output out) {
        state.accepted(exchange.head().handle());
        state.staleAnswers.accepted();
        if (state.tolerated != null) {
            out.fault(
                    subscription,
                    "a cache has nothing but a log that seemed to be gone; its rows are taken, and may be old: handle "
                            + state.tolerated,
                    exchange.printable());
        }
        state.tolerated = null;
    }

    /** The first description of a log is good as long as it lives. */
    private Step readSchema(ResponseHead head, Output out) {
        if (head.schema() == null || (state.schema != null && !state.fresh)) {
            return Step.BODY;
        }
        LogSchema said = LogSchema.parse(head.schema(), reading, state.undescribed);
        RowSchema held = state.held;
        if (held == null) {
            state.schema = said;
            return Step.BODY;
        }
        LogSchema same = said.holding(held);
        if (same == null && !state.fresh) {
            same = withUndescribed(said, head.schema(), held);
            if (same == null) {
                String what = "the columns are others than those of the rows held: " + said;
                out.fault(subscription, what, "schema");
                state.restart(query, null);
                state.held = null;
                return Step.anew(what);
            }
        }
        state.schema = same == null ? said : same;
        return Step.BODY;
    }

    /** Rows that were saved may have columns that the server never described. */
    private @Nullable LogSchema withUndescribed(LogSchema said, String header, RowSchema held) {
        List<String> more =
                said.undescribed(held).stream().map(reading.names()::encode).toList();
        LogSchema same =
                more.isEmpty() ? null : LogSchema.parse(header, reading, more).holding(held);
        if (same != null) {
            state.undescribed.addAll(more);
        }
        return same;
    }

    /** What old servers say instead of an empty body. */
    private Step caughtUp(ResponseHead head, Output out) {
        state.refusals = 0;
        state.position = state.position.after(head);
        rows.begin(out);
        rows.upToDate(null, out);
        return Step.DONE;
    }
}
