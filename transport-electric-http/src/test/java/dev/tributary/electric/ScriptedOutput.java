package dev.tributary.electric;

import dev.tributary.Capability;
import dev.tributary.Checkpoint;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.spi.Call;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Ending;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Target;
import dev.tributary.spi.Wire;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plays the engine: remembers what a protocol does, and keeps the rows of its drafts in plain maps. */
final class ScriptedOutput implements Output {

    /** A wire that was opened. */
    static final class FakeWire implements Wire {

        final HttpTarget target;
        boolean closed;

        FakeWire(HttpTarget target) {
            this.target = target;
        }

        @Override
        public Target target() {
            return target;
        }
    }

    /** What one commit made visible. */
    record Committed(
            List<Row> rows,
            @Nullable Checkpoint checkpoint,
            @Nullable Object metadata) {}

    /** The end of a run. */
    record End(Ending ending, @Nullable Object carry) {}

    long nanos = 1_000_000_000L;
    Instant now = Instant.parse("2026-11-21T10:00:00Z");

    final List<FakeWire> wires = new ArrayList<>();
    final List<Committed> commits = new ArrayList<>();
    final List<String> faults = new ArrayList<>();
    final List<End> ends = new ArrayList<>();
    final List<String> behind = new ArrayList<>();
    final List<String> timers = new ArrayList<>();
    final List<@Nullable Throwable> credentialsAsked = new ArrayList<>();
    final Map<Call, String> replies = new LinkedHashMap<>();
    final List<Long> progress = new ArrayList<>();
    Set<Capability> negotiated = Set.of();
    int upToDate;
    int replaced;
    /** What the open draft was told, in order. */
    final List<String> draftLog = new ArrayList<>();

    Map<List<@Nullable Object>, Row> rows = new LinkedHashMap<>();

    @Nullable
    RowSchema schema;

    @Nullable
    Checkpoint checkpoint;

    boolean keepsRows = true;
    private @Nullable MapDraft draft;

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public Wire open(Target target) {
        FakeWire wire = new FakeWire((HttpTarget) target);
        wires.add(wire);
        return wire;
    }

    @Override
    public boolean send(Wire wire, Protocol.DataKind kind, ByteBuffer bytes) {
        throw new AssertionError("there is nothing to send over HTTP");
    }

    @Override
    public void close(Wire wire, int code, String reason) {
        FakeWire fake = (FakeWire) wire;
        if (fake.closed) {
            throw new AssertionError("closed twice");
        }
        fake.closed = true;
    }

    @Override
    public void timer(Object tag, Duration least, Duration most) {
        timers.add(least.toMillis() + ".." + most.toMillis());
    }

    @Override
    public void cancelTimer(Object tag) {
        timers.clear();
    }

    @Override
    public void credential(@Nullable Throwable refusal) {
        credentialsAsked.add(refusal);
    }

    @Override
    public void negotiated(Set<Capability> capabilities) {
        if (!negotiated.isEmpty()) {
            throw new AssertionError("negotiated twice");
        }
        negotiated = capabilities;
    }

    @Override
    public Draft draft(Subscription subscription) {
        if (draft == null) {
            draft = new MapDraft();
        }
        return draft;
    }

    boolean hasOpenDraft() {
        return draft != null;
    }

    void dropDraft() {
        draft = null;
    }

    @Override
    public void commit(List<Subscription> subscriptions, @Nullable Object metadata) {
        if (draft != null) {
            rows = draft.open;
            schema = draft.openSchema;
            checkpoint = draft.openCheckpoint;
            draft = null;
        }
        commits.add(new Committed(List.copyOf(rows.values()), checkpoint, metadata));
    }

    @Override
    public void upToDate(Subscription subscription) {
        if (draft != null && !draft.isUntouched()) {
            throw new AssertionError("up to date with an open draft");
        }
        upToDate++;
    }

    @Override
    public void progress(Subscription subscription, long count, long bytes, double fraction) {
        progress.add(count);
    }

    @Override
    public void verified(Subscription subscription, String upTo) {
        throw new AssertionError("Electric loses nothing, so there is nothing to verify");
    }

    @Override
    public void verifiedUpTo(Subscription subscription, String upTo) {
        throw new AssertionError("Electric loses nothing, so there is nothing to verify");
    }

    @Override
    public void notice(Object notice) {
        throw new AssertionError("no notices here");
    }

    @Override
    public void condition(Subscription subscription, @Nullable String condition) {
        throw new AssertionError("no conditions here");
    }

    @Override
    public void connected() {
        throw new AssertionError("what is connected is negotiated");
    }

    @Override
    public void behind(Subscription subscription, Throwable reason) {
        behind.add(reason.getMessage());
    }

    @Override
    public void sent(Call call) {
        throw new AssertionError("nothing goes to the server");
    }

    @Override
    public void reply(Call call, @Nullable Object result) {
        replies.put(call, "done");
    }

    @Override
    public void refuse(Call call, Throwable reason) {
        replies.put(call, reason.getMessage());
    }

    @Override
    public void end(Subscription subscription, Ending ending, @Nullable Object carry) {
        ends.add(new End(ending, carry));
    }

    @Override
    public void end(Ending ending) {
        ends.add(new End(ending, null));
    }

    @Override
    public void fault(Subscription subscription, String what, String where) {
        faults.add(what + " @ " + where);
    }

    @Override
    public @Nullable Checkpoint checkpoint(Subscription subscription) {
        return checkpoint;
    }

    /** A draft over copies of maps. */
    private final class MapDraft implements Draft {

        private Map<List<@Nullable Object>, Row> open = new LinkedHashMap<>(rows);
        private @Nullable RowSchema openSchema = schema;
        private @Nullable Checkpoint openCheckpoint = checkpoint;
        private boolean touched;

        boolean isUntouched() {
            return !touched;
        }

        @Override
        public void replaceAll(RowSchema newSchema) {
            open = new LinkedHashMap<>();
            openSchema = newSchema;
            replaced++;
            touched = true;
            draftLog.add("replaceAll");
        }

        @Override
        public @Nullable RowSchema schema() {
            return openSchema;
        }

        @Override
        public @Nullable Row get(Row keyed) {
            return open.get(keyed.key());
        }

        @Override
        public void put(Row row) {
            touched = true;
            draftLog.add("put " + row.keyText());
            if (openSchema != null && row.schema() != openSchema) {
                throw new AssertionError("a row of another schema object");
            }
            if (keepsRows) {
                open.put(row.key(), row);
            }
        }

        @Override
        public boolean patch(Row partial, Row before) {
            touched = true;
            draftLog.add("patch " + partial.keyText());
            if (!keepsRows) {
                return true;
            }
            Row held = open.get(partial.key());
            if (held != null) {
                open.put(partial.key(), held.merge(partial));
            }
            return held != null;
        }

        @Override
        public @Nullable Row remove(Row keyed) {
            touched = true;
            draftLog.add("remove " + keyed.keyText());
            return keepsRows ? open.remove(keyed.key()) : keyed;
        }

        @Override
        public int add(Row row, int copies) {
            throw new AssertionError("Electric counts no copies");
        }

        @Override
        public void event(Object event) {
            throw new AssertionError("Electric has no events");
        }

        @Override
        public void checkpoint(@Nullable Checkpoint next) {
            openCheckpoint = next;
        }

        @Override
        public void verified(boolean whole) {
            throw new AssertionError("Electric loses nothing, so there is nothing to verify");
        }

        @Override
        public int size() {
            return open.size();
        }
    }
}
