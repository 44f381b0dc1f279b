package dev.tributary.electric;

import dev.tributary.ProtocolException;
import dev.tributary.RowSchema;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Output;
import dev.tributary.spi.Subscription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts complete bodies into the draft and commits it when the server says that nothing is missing. */
final class ShapeRows {

    /** So often in a row the shape is loaded anew because answers were incomplete; then the engine decides. */
    static final int MAX_RESYNCS = 3;

    private final ShapeQuery query;
    private final Subscription subscription;
    private final ShapeState state;
    private final WaitingFor waiting;

    ShapeRows(ShapeQuery query, Subscription subscription, ShapeState state, WaitingFor waiting) {
        this.query = query;
        this.subscription = subscription;
        this.state = state;
        this.waiting = waiting;
    }

    /** The complete body whose turn it is. */
    Step received(Exchange exchange, Chunk chunk, Output out) {
        if (chunk.messages() > 0) {
            state.refusals = 0;
        }
        if (!chunk.undescribedColumns().isEmpty()) {
            return undescribed(chunk, exchange, out);
        }
        String requested = exchange.asked().position().offset();
        String gap = Completeness.gap(requested, exchange.head(), chunk);
        if (gap != null) {
            return incomplete(requested, gap, exchange, chunk, out);
        }
        Step step = apply(chunk, out);
        if (step.kind() == Step.Kind.END) {
            return step;
        }
        state.incomplete = 0;
        if (chunk.lastOffset() != null) {
            state.resyncs = 0;
        }
        state.position = state.position.after(exchange.head());
        if (chunk.isUpToDate()) {
            upToDate(chunk.globalLsn(), out);
        } else if (exchange.head().upToDate() && chunk.messages() > 0) {
            out.fault(subscription, "the head says up-to-date, but not the last message", exchange.printable());
        }
        return Step.DONE;
    }

    /** Columns came that the server had not described: they pass through, as texts, once the shape is loaded anew. */
    private Step undescribed(Chunk chunk, Exchange exchange, Output out) {
        state.undescribed.addAll(chunk.undescribedColumns());
        if (state.undescribed.size() > LogSchema.MAX_COLUMNS) {
            return Step.end(Ending.retry(new ProtocolException(query.shown() + ": more than " + LogSchema.MAX_COLUMNS
                    + " columns that the schema does not have")));
        }
        out.fault(
                subscription,
                "columns came that the schema does not have; they are taken as texts: " + chunk.undescribedColumns(),
                exchange.printable());
        state.restart(query, null);
        return Step.anew("columns came that the schema does not have");
    }

    /**
     * Rows are missing. The first time the rest is read again from where the body really ended; if that does not help,
     * the shape is loaded anew. Nothing is committed, and the position never moves beyond what came.
     */
    private Step incomplete(String requested, String gap, Exchange exchange, Chunk chunk, Output out) {
        ResponseHead head = exchange.head();
        String what = "the answer announces offset " + head.offset() + " but ends at " + gap + ": changes are missing";
        out.fault(subscription, what, exchange.printable());
        if (state.incomplete == 0) {
            if (!gap.equals(requested)) {
                Step step = apply(chunk, out);
                if (step.kind() == Step.Kind.END) {
                    return step;
                }
                state.position = state.position.after(head).at(gap);
            }
            state.incomplete = 1;
            state.live = false;
            state.bust = true;
            return Step.anew(what);
        }
        state.incomplete = 0;
        state.restart(query, null);
        state.resyncs++;
        if (state.resyncs <= MAX_RESYNCS) {
            return Step.anew(what);
        }
        return Step.end(Ending.retry(new ProtocolException(
                query.shown() + ": " + what + " (" + exchange.printable() + "), even after loading anew")));
    }

    private Step apply(Chunk chunk, Output out) {
        Draft draft = begin(out);
        for (int i = 0; i < chunk.size(); i++) {
            switch (chunk.kind(i)) {
                case Chunk.INSERT -> draft.put(chunk.row(i));
                case Chunk.DELETE -> draft.remove(chunk.row(i));
                default -> {
                    if (!draft.patch(chunk.row(i), chunk.before(i)) && !query.beginsWithoutRows()) {
                        return unknown(chunk.row(i).keyText(), out);
                    }
                }
            }
        }
        state.dirty |= chunk.size() > 0;
        state.applied.add(chunk);
        state.loadedRows += chunk.size();
        state.loadedBytes += chunk.bytes();
        return Step.DONE;
    }

    /** The draft, which a new log begins by replacing all that was there. */
    Draft begin(Output out) {
        Draft draft = out.draft(subscription);
        if (state.fresh) {
            draft.replaceAll(columns());
            state.applied.beginNew();
            state.fresh = false;
            state.dirty = true;
        }
        return draft;
    }

    private RowSchema columns() {
        LogSchema schema = state.schema;
        if (schema == null) {
            throw new ProtocolException(query.shown() + ": rows came before their schema");
        }
        return schema.rowSchema();
    }

    /** A row that we should hold and do not: this view and the server disagree. */
    private Step unknown(String key, Output out) {
        String what = "an update came for row " + key + ", which is not there";
        out.fault(subscription, what, query.shown());
        state.restart(query, null);
        return Step.end(Ending.reset(new ProtocolException(query.shown() + ": " + what)));
    }

    /** The server says that nothing is missing up to here: now, and only now, does anything become visible. */
    void upToDate(@Nullable String globalLsn, Output out) {
        ElectricCommit told = state.applied.commit(globalLsn == null ? null : Lsn.parse(globalLsn));
        if (state.dirty || !state.position.offset().equals(state.committed)) {
            out.draft(subscription).checkpoint(state.position.toCheckpoint());
            out.commit(List.of(subscription), told);
            state.committed();
        }
        state.live = true;
        state.current = true;
        state.staleAnswers.forget();
        out.upToDate(subscription);
        waiting.settle(state.applied, out);
    }
}
