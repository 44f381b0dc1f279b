package dev.tributary.sodp;

import dev.tributary.Capability;
import dev.tributary.Checkpoint;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.spi.Call;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Target;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.Wire;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plays the engine: remembers what a protocol does, and keeps the rows of its drafts in plain maps. */
final class ScriptedOutput implements Output {

    /** A wire that was opened. */
    static final class FakeWire implements Wire {

        final WebSocketTarget target;
        final List<Packed.Sent> sent = new ArrayList<>();
        final List<byte[]> raw = new ArrayList<>();
        final List<Long> sentAt = new ArrayList<>();
        int read;
        boolean closed;
        int closeCode;
        boolean full;

        FakeWire(WebSocketTarget target) {
            this.target = target;
        }

        @Override
        public Target target() {
            return target;
        }
    }

    /** What one commit made visible. */
    record Committed(
            Map<List<@Nullable Object>, Row> rows, @Nullable WatchMeta meta, boolean whole, boolean touched) {}

    /** The end of a run. */
    record End(Ending ending, @Nullable Object carry) {}

    /** One query as the engine holds it. */
    static final class Content {

        Map<List<@Nullable Object>, Row> rows = new LinkedHashMap<>();
        final List<Committed> commits = new ArrayList<>();
        final List<String> behind = new ArrayList<>();
        final List<String> faults = new ArrayList<>();
        final List<End> ends = new ArrayList<>();
        final List<String> verified = new ArrayList<>();
        final List<Long> progress = new ArrayList<>();
        int upToDate;
        boolean isLive;
        boolean isVerified;

        @Nullable
        String condition;

        @Nullable
        Checkpoint checkpoint;

        private @Nullable MapDraft draft;

        Committed last() {
            return commits.get(commits.size() - 1);
        }
    }

    /** What a timer waits for. */
    record Due(long at) {}

    long nanos = 1_000_000_000L;

    final List<FakeWire> wires = new ArrayList<>();
    final Map<Subscription, Content> contents = new IdentityHashMap<>();
    final List<Ending> ends = new ArrayList<>();
    final Map<Object, Due> timers = new LinkedHashMap<>();
    final List<@Nullable Throwable> credentialsAsked = new ArrayList<>();
    final Map<Call, Object> replies = new IdentityHashMap<>();
    final Map<Call, Throwable> refusals = new IdentityHashMap<>();
    final List<Call> sentCalls = new ArrayList<>();
    final List<Object> notices = new ArrayList<>();
    Set<Capability> negotiated = Set.of();

    Content of(Subscription subscription) {
        return contents.computeIfAbsent(subscription, one -> new Content());
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public Wire open(Target target) {
        FakeWire wire = new FakeWire((WebSocketTarget) target);
        wires.add(wire);
        return wire;
    }

    @Override
    public boolean send(Wire wire, Protocol.DataKind kind, ByteBuffer bytes) {
        FakeWire fake = (FakeWire) wire;
        if (fake.closed || kind != Protocol.DataKind.BINARY) {
            throw new AssertionError("sent on a closed wire, or no binary");
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        fake.raw.add(copy);
        fake.sent.add(Packed.sent(copy));
        fake.sentAt.add(nanos);
        return !fake.full;
    }

    @Override
    public void close(Wire wire, int code, String reason) {
        FakeWire fake = (FakeWire) wire;
        if (fake.closed) {
            throw new AssertionError("closed twice");
        }
        fake.closed = true;
        fake.closeCode = code;
    }

    @Override
    public void timer(Object tag, Duration least, Duration most) {
        if (least.isNegative() || most.compareTo(least) < 0) {
            throw new AssertionError("a timer of " + least + " to " + most);
        }
        timers.put(tag, new Due(nanos + least.toNanos()));
    }

    @Override
    public void cancelTimer(Object tag) {
        timers.remove(tag);
    }

    @Override
    public void credential(@Nullable Throwable refusal) {
        credentialsAsked.add(refusal);
    }

    @Override
    public void negotiated(Set<Capability> capabilities) {
        negotiated = capabilities;
    }

    @Override
    public void connected() {}

    @Override
    public Draft draft(Subscription subscription) {
        Content content = of(subscription);
        if (content.draft == null) {
            content.draft = new MapDraft(content);
        }
        return content.draft;
    }

    @Override
    public void commit(List<Subscription> subscriptions, @Nullable Object metadata) {
        for (Subscription subscription : subscriptions) {
            Content content = of(subscription);
            MapDraft draft = content.draft;
            boolean whole = draft != null && draft.whole;
            boolean touched = draft != null && draft.touched;
            if (draft != null) {
                content.rows = draft.open;
                content.checkpoint = draft.checkpoint;
                content.isVerified = draft.verified;
                content.draft = null;
            }
            content.commits.add(new Committed(new LinkedHashMap<>(content.rows), (WatchMeta) metadata, whole, touched));
        }
    }

    @Override
    public void upToDate(Subscription subscription) {
        Content content = of(subscription);
        if (content.draft != null && content.draft.touched) {
            throw new AssertionError("up to date with an open draft");
        }
        content.upToDate++;
        content.isLive = true;
    }

    @Override
    public void behind(Subscription subscription, Throwable reason) {
        of(subscription).behind.add(reason.getMessage());
        of(subscription).isLive = false;
    }

    @Override
    public void progress(Subscription subscription, long rows, long bytes, double fraction) {
        of(subscription).progress.add(bytes);
    }

    @Override
    public void verified(Subscription subscription, String upTo) {
        of(subscription).verified.add(upTo);
        of(subscription).isVerified = true;
    }

    @Override
    public void verifiedUpTo(Subscription subscription, String upTo) {
        throw new AssertionError("audits here are of the newest");
    }

    @Override
    public void condition(Subscription subscription, @Nullable String condition) {
        of(subscription).condition = condition;
    }

    @Override
    public void notice(Object notice) {
        notices.add(notice);
    }

    @Override
    public void sent(Call call) {
        sentCalls.add(call);
    }

    @Override
    public void reply(Call call, @Nullable Object result) {
        if (replies.put(call, result == null ? "null" : result) != null || refusals.containsKey(call)) {
            throw new AssertionError("answered twice");
        }
    }

    @Override
    public void refuse(Call call, Throwable reason) {
        if (refusals.put(call, reason) != null || replies.containsKey(call)) {
            throw new AssertionError("answered twice");
        }
    }

    @Override
    public void end(Subscription subscription, Ending ending, @Nullable Object carry) {
        of(subscription).ends.add(new End(ending, carry));
        of(subscription).isLive = false;
    }

    @Override
    public void end(Ending ending) {
        ends.add(ending);
    }

    @Override
    public void fault(Subscription subscription, String what, String where) {
        of(subscription).faults.add(what + " @ " + where);
    }

    @Override
    public @Nullable Checkpoint checkpoint(Subscription subscription) {
        return of(subscription).checkpoint;
    }

    /** A draft over copies of maps. */
    private static final class MapDraft implements Draft {

        private Map<List<@Nullable Object>, Row> open;
        private @Nullable Checkpoint checkpoint;
        private @Nullable RowSchema schema;
        private boolean whole;
        private boolean touched;
        private boolean verified;

        MapDraft(Content content) {
            this.open = new LinkedHashMap<>(content.rows);
            this.checkpoint = content.checkpoint;
            this.verified = content.isVerified;
        }

        @Override
        public void replaceAll(RowSchema newSchema) {
            open = new LinkedHashMap<>();
            schema = newSchema;
            whole = true;
            touched = true;
            verified = true;
        }

        @Override
        public @Nullable RowSchema schema() {
            return schema;
        }

        @Override
        public @Nullable Row get(Row keyed) {
            return open.get(keyed.key());
        }

        @Override
        public void put(Row row) {
            touched = true;
            open.put(row.key(), row);
        }

        @Override
        public boolean patch(Row partial, @Nullable Row before) {
            throw new AssertionError("documents are put");
        }

        @Override
        public @Nullable Row remove(Row keyed) {
            touched = true;
            Row row = open.remove(keyed.key());
            if (row == null) {
                throw new AssertionError("no row to remove for " + keyed.keyText());
            }
            return row;
        }

        @Override
        public int add(Row row, int copies) {
            throw new AssertionError("SODP counts no copies");
        }

        @Override
        public void event(Object event) {
            throw new AssertionError("SODP has no events");
        }

        @Override
        public void verified(boolean isWhole) {
            verified = isWhole;
        }

        @Override
        public void checkpoint(@Nullable Checkpoint next) {
            checkpoint = next;
        }

        @Override
        public int size() {
            return open.size();
        }
    }
}
