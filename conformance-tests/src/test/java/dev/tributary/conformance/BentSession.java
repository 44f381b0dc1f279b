package dev.tributary.conformance;

import dev.tributary.Checkpoint;
import dev.tributary.Credential;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.spi.Call;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Target;
import dev.tributary.spi.Wire;
import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session of a right protocol that is bent where a wrong one overrides a method. What it would edit is gathered until
 * the commit, so that a wrong one sees a commit whole; all else passes through.
 */
class BentSession implements Protocol {

    /** One edit of a draft. */
    record Edit(Row row, boolean isPut) {}

    /** Which session of its world this is, from 1. */
    int number;

    Protocol right;
    /** What a commit is to hold, by query, until it comes. */
    final Map<Subscription, List<Edit>> open = new LinkedHashMap<>();
    /** Queries whose draft holds a new content. */
    final Set<Subscription> replacing = new LinkedHashSet<>();
    /** Queries that go on from a checkpoint and are not up to date yet. */
    final Set<Subscription> catchingUp = new LinkedHashSet<>();

    // ---- what a wrong one overrides ----

    /** What becomes of the edits of a commit. */
    List<Edit> edits(Subscription subscription, Draft draft, List<Edit> edits) {
        return edits;
    }

    void apply(Draft draft, Edit edit) {
        if (edit.isPut()) {
            draft.put(edit.row());
        } else {
            draft.remove(edit.row());
        }
    }

    void replaceAll(Subscription subscription, Output out, Draft draft, RowSchema schema) {
        draft.replaceAll(schema);
        replacing.add(subscription);
    }

    @Nullable
    Checkpoint checkpoint(Subscription subscription, @Nullable Checkpoint checkpoint) {
        return checkpoint;
    }

    boolean verified(boolean whole) {
        return whole;
    }

    void event(Draft draft, Object event) {
        draft.event(event);
    }

    void commit(Output out, List<Subscription> together, @Nullable Object metadata) {
        together.forEach(subscription -> fill(out, subscription));
        out.commit(together, metadata);
        replacing.removeAll(together);
    }

    /** Puts into the draft what was gathered. */
    final void fill(Output out, Subscription subscription) {
        List<Edit> gathered = open.remove(subscription);
        if (gathered != null) {
            Draft draft = out.draft(subscription);
            edits(subscription, draft, gathered).forEach(edit -> apply(draft, edit));
        }
    }

    void upToDate(Output out, Subscription subscription) {
        out.upToDate(subscription);
    }

    void end(Output out, Subscription subscription, Ending ending, @Nullable Object carry) {
        out.end(subscription, ending, carry);
    }

    void end(Output out, Ending ending) {
        out.end(ending);
    }

    void sent(Output out, Call call) {
        out.sent(call);
    }

    void reply(Output out, Call call, @Nullable Object result) {
        out.reply(call, result);
    }

    Target target(Target target) {
        return target;
    }

    void askCredential(Output out, @Nullable Throwable refusal) {
        out.credential(refusal);
    }

    // ---- the inputs ----

    @Override
    public void subscribe(Subscription subscription, Output out) {
        if (subscription.resume() != null) {
            catchingUp.add(subscription);
        }
        right.subscribe(subscription, new BentOutput(out));
    }

    @Override
    public void unsubscribe(Subscription subscription, Output out) {
        right.unsubscribe(subscription, new BentOutput(out));
    }

    @Override
    public void call(Call call, Output out) {
        right.call(call, new BentOutput(out));
    }

    @Override
    public void cancel(Call call, Output out) {
        right.cancel(call, new BentOutput(out));
    }

    @Override
    public void opened(Wire wire, Head head, Output out) {
        right.opened(wire, head, new BentOutput(out));
    }

    @Override
    public void data(Wire wire, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
        right.data(wire, kind, bytes, last, new BentOutput(out));
    }

    @Override
    public void writable(Wire wire, Output out) {
        right.writable(wire, new BentOutput(out));
    }

    @Override
    public void ended(Wire wire, WireEnd end, Output out) {
        right.ended(wire, end, new BentOutput(out));
    }

    @Override
    public void timer(Object tag, Output out) {
        right.timer(tag, new BentOutput(out));
    }

    @Override
    public void credential(Credential credential, Output out) {
        right.credential(credential, new BentOutput(out));
    }

    final class BentOutput implements Output {

        private final Output out;

        BentOutput(Output out) {
            this.out = out;
        }

        @Override
        public Draft draft(Subscription subscription) {
            return new BentDraft(subscription, out);
        }

        @Override
        public void commit(List<Subscription> subscriptions, @Nullable Object metadata) {
            BentSession.this.commit(out, subscriptions, metadata);
        }

        @Override
        public void upToDate(Subscription subscription) {
            BentSession.this.upToDate(out, subscription);
            catchingUp.remove(subscription);
        }

        @Override
        public void end(Subscription subscription, Ending ending, @Nullable Object carry) {
            BentSession.this.end(out, subscription, ending, carry);
        }

        @Override
        public void end(Ending ending) {
            BentSession.this.end(out, ending);
        }

        @Override
        public Wire open(Target target) {
            return out.open(target(target));
        }

        @Override
        public void credential(@Nullable Throwable refusal) {
            askCredential(out, refusal);
        }

        @Override
        public long nanos() {
            return out.nanos();
        }

        @Override
        public Instant now() {
            return out.now();
        }

        @Override
        public boolean send(Wire wire, DataKind kind, ByteBuffer bytes) {
            return out.send(wire, kind, bytes);
        }

        @Override
        public void close(Wire wire, int code, String reason) {
            out.close(wire, code, reason);
        }

        @Override
        public void timer(Object tag, Duration least, Duration most) {
            out.timer(tag, least, most);
        }

        @Override
        public void cancelTimer(Object tag) {
            out.cancelTimer(tag);
        }

        @Override
        public void connected() {
            out.connected();
        }

        @Override
        public void negotiated(Set<dev.tributary.Capability> capabilities) {
            out.negotiated(capabilities);
        }

        @Override
        public void behind(Subscription subscription, Throwable reason) {
            out.behind(subscription, reason);
        }

        @Override
        public void progress(Subscription subscription, long rows, long bytes, double fraction) {
            out.progress(subscription, rows, bytes, fraction);
        }

        @Override
        public void verified(Subscription subscription, String upTo) {
            out.verified(subscription, upTo);
        }

        @Override
        public void verifiedUpTo(Subscription subscription, String upTo) {
            out.verifiedUpTo(subscription, upTo);
        }

        @Override
        public void condition(Subscription subscription, @Nullable String condition) {
            out.condition(subscription, condition);
        }

        @Override
        public void sent(Call call) {
            BentSession.this.sent(out, call);
        }

        @Override
        public void reply(Call call, @Nullable Object result) {
            BentSession.this.reply(out, call, result);
        }

        @Override
        public void refuse(Call call, Throwable reason) {
            out.refuse(call, reason);
        }

        @Override
        public void notice(Object notice) {
            out.notice(notice);
        }

        @Override
        public void fault(Subscription subscription, String what, String where) {
            out.fault(subscription, what, where);
        }

        @Override
        public @Nullable Checkpoint checkpoint(Subscription subscription) {
            return out.checkpoint(subscription);
        }
    }

    private final class BentDraft implements Draft {

        private final Subscription subscription;
        private final Output out;

        BentDraft(Subscription subscription, Output out) {
            this.subscription = subscription;
            this.out = out;
        }

        private Draft draft() {
            return out.draft(subscription);
        }

        private void gather(Row row, boolean isPut) {
            open.computeIfAbsent(subscription, any -> new ArrayList<>()).add(new Edit(row, isPut));
        }

        @Override
        public void replaceAll(RowSchema schema) {
            open.remove(subscription);
            BentSession.this.replaceAll(subscription, out, draft(), schema);
        }

        @Override
        public @Nullable RowSchema schema() {
            return draft().schema();
        }

        @Override
        public @Nullable Row get(Row keyed) {
            return draft().get(keyed);
        }

        @Override
        public void put(Row row) {
            gather(row, true);
        }

        @Override
        public boolean patch(Row partial, @Nullable Row before) {
            return draft().patch(partial, before);
        }

        @Override
        public Row remove(Row keyed) {
            gather(keyed, false);
            return keyed;
        }

        @Override
        public int add(Row row, int copies) {
            return draft().add(row, copies);
        }

        @Override
        public void event(Object event) {
            BentSession.this.event(draft(), event);
        }

        @Override
        public void checkpoint(@Nullable Checkpoint checkpoint) {
            draft().checkpoint(BentSession.this.checkpoint(subscription, checkpoint));
        }

        @Override
        public void verified(boolean whole) {
            draft().verified(BentSession.this.verified(whole));
        }

        @Override
        public int size() {
            return draft().size();
        }
    }
}
