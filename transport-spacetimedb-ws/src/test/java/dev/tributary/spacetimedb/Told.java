package dev.tributary.spacetimedb;

import dev.tributary.Capability;
import dev.tributary.Checkpoint;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.spi.Call;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.Resume;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Target;
import dev.tributary.spi.Wire;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plays the engine for one protocol, input by input, and remembers all that it is told. */
final class Told implements Output {

    /** A call; equal to itself alone. */
    static final class Asked implements Call {

        private final Object request;

        Asked(Object request) {
            this.request = request;
        }

        @Override
        public Object request() {
            return request;
        }

        @Override
        public @Nullable Subscription subscription() {
            return null;
        }

        @Override
        public Duration remaining() {
            return Duration.ofSeconds(1);
        }
    }

    /** A query that is wanted. */
    static final class Wanted implements Subscription {

        private final Query query;
        final Kept kept = new Kept();
        final List<Ending> ends = new ArrayList<>();
        final List<String> faults = new ArrayList<>();
        final List<String> behind = new ArrayList<>();
        final List<String> progress = new ArrayList<>();
        int commits;
        int upToDate;

        Wanted(String sql) {
            query = Query.of(sql);
        }

        /** With the rows of an earlier connection. */
        Wanted(String sql, RowSchema schema) {
            this(sql);
            kept.schema = schema;
        }

        @Override
        public Query query() {
            return query;
        }

        @Override
        public @Nullable Resume resume() {
            return null;
        }

        @Override
        public boolean keepsRows() {
            return true;
        }
    }

    /** The draft of a query: rows with their counts. */
    static final class Kept implements Draft {

        final Map<Row, Integer> rows = new LinkedHashMap<>();
        final List<Object> events = new ArrayList<>();
        private @Nullable RowSchema schema;

        @Override
        public void replaceAll(RowSchema newSchema) {
            rows.clear();
            schema = newSchema;
        }

        @Override
        public @Nullable RowSchema schema() {
            return schema;
        }

        @Override
        public @Nullable Row get(Row keyed) {
            return rows.containsKey(keyed) ? keyed : null;
        }

        @Override
        public void put(Row row) {
            rows.put(row, 1);
        }

        @Override
        public boolean patch(Row partial, @Nullable Row before) {
            throw new AssertionError("rows come whole");
        }

        @Override
        public @Nullable Row remove(Row keyed) {
            throw new AssertionError("rows are counted");
        }

        @Override
        public int add(Row row, int copies) {
            int now = rows.getOrDefault(row, 0) + copies;
            if (now == 0) {
                rows.remove(row);
            } else {
                rows.put(row, now);
            }
            return now;
        }

        @Override
        public void event(Object event) {
            events.add(event);
        }

        @Override
        public void checkpoint(@Nullable Checkpoint next) {
            throw new AssertionError("there are no checkpoints");
        }

        @Override
        public void verified(boolean whole) {
            throw new AssertionError("there are no audits");
        }

        @Override
        public int size() {
            return rows.size();
        }
    }

    /** A wire that was opened. */
    record Opened(Target target, int number) implements Wire {}

    /** What is said when a wire is closed. */
    record Closed(Wire wire, int code) {}

    final List<Opened> wires = new ArrayList<>();
    final List<Closed> closed = new ArrayList<>();
    /** What was sent over WebSockets, as text. */
    final List<String> sent = new ArrayList<>();

    final List<Call> sentCalls = new ArrayList<>();
    final Map<Call, Object> replies = new IdentityHashMap<>();
    final Map<Call, Throwable> refusals = new IdentityHashMap<>();
    final List<Object> notices = new ArrayList<>();
    final List<Ending> ends = new ArrayList<>();
    final Map<Object, Duration> timers = new LinkedHashMap<>();
    /** Whether the wire has no room after what is sent next. */
    boolean full;

    int credentialsAsked;

    <N> List<N> notices(Class<N> kind) {
        return notices.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Override
    public long nanos() {
        return 0;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }

    @Override
    public Wire open(Target target) {
        Opened wire = new Opened(target, wires.size());
        wires.add(wire);
        return wire;
    }

    @Override
    public boolean send(Wire wire, DataKind kind, ByteBuffer bytes) {
        sent.add(StandardCharsets.UTF_8.decode(bytes.duplicate()).toString());
        return !full;
    }

    @Override
    public void close(Wire wire, int code, String reason) {
        closed.add(new Closed(wire, code));
    }

    @Override
    public void timer(Object tag, Duration least, Duration most) {
        timers.put(tag, least);
    }

    @Override
    public void cancelTimer(Object tag) {
        timers.remove(tag);
    }

    @Override
    public void credential(@Nullable Throwable refusal) {
        credentialsAsked++;
    }

    @Override
    public void connected() {}

    @Override
    public void negotiated(Set<Capability> capabilities) {}

    @Override
    public Draft draft(Subscription subscription) {
        return ((Wanted) subscription).kept;
    }

    @Override
    public void commit(List<Subscription> subscriptions, @Nullable Object metadata) {
        subscriptions.forEach(one -> ((Wanted) one).commits++);
    }

    @Override
    public void upToDate(Subscription subscription) {
        ((Wanted) subscription).upToDate++;
    }

    @Override
    public void behind(Subscription subscription, Throwable reason) {
        ((Wanted) subscription).behind.add(reason.getMessage());
    }

    @Override
    public void progress(Subscription subscription, long rows, long bytes, double fraction) {
        ((Wanted) subscription).progress.add(rows + " rows, " + bytes + " bytes");
    }

    @Override
    public void verified(Subscription subscription, String upTo) {
        throw new AssertionError("there are no audits");
    }

    @Override
    public void verifiedUpTo(Subscription subscription, String upTo) {
        throw new AssertionError("there are no audits");
    }

    @Override
    public void condition(Subscription subscription, @Nullable String condition) {
        throw new AssertionError("there are no conditions");
    }

    @Override
    public void sent(Call call) {
        sentCalls.add(call);
    }

    @Override
    public void reply(Call call, @Nullable Object result) {
        once(call);
        replies.put(call, result == null ? "null" : result);
    }

    @Override
    public void refuse(Call call, Throwable reason) {
        once(call);
        refusals.put(call, reason);
    }

    private void once(Call call) {
        if (replies.containsKey(call) || refusals.containsKey(call)) {
            throw new AssertionError("a call is answered twice");
        }
    }

    @Override
    public void end(Subscription subscription, Ending ending, @Nullable Object carry) {
        ((Wanted) subscription).ends.add(ending);
    }

    @Override
    public void end(Ending ending) {
        ends.add(ending);
    }

    @Override
    public void notice(Object notice) {
        notices.add(notice);
    }

    @Override
    public void fault(Subscription subscription, String what, String where) {
        ((Wanted) subscription).faults.add(what);
    }

    @Override
    public @Nullable Checkpoint checkpoint(Subscription subscription) {
        return null;
    }
}
