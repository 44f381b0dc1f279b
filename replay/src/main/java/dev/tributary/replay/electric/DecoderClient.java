package dev.tributary.replay.electric;

import dev.tributary.Capability;
import dev.tributary.Checkpoint;
import dev.tributary.Credential;
import dev.tributary.Query;
import dev.tributary.SyncException;
import dev.tributary.replay.recording.DecoderRows;
import dev.tributary.spi.Call;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Resume;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Target;
import dev.tributary.spi.TransportProvider;
import dev.tributary.spi.Wire;
import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One protocol with one query and a plain row store, and nobody who decides: what the protocol wants to open waits for
 * an answer of the recording, and how it ends is only written down.
 */
final class DecoderClient implements Output, Subscription {

    /** A wire that the protocol opened. */
    record OpenWire(Target target) implements Wire {

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        HttpTarget http() {
            return (HttpTarget) target;
        }
    }

    private final TransportProvider transport;
    private final Supplier<SessionContext> contexts;
    private final Credential credential;
    private final Query query;
    private final DecoderRows rows;
    private final Set<OpenWire> wires = new LinkedHashSet<>();
    private final Set<Object> timers = new LinkedHashSet<>();
    private final List<String> faults = new ArrayList<>();
    private Protocol protocol;
    private @Nullable Resume resume;
    private @Nullable Ending ending;
    private @Nullable Object carry;
    private @Nullable Throwable refusal;
    private int credentialsAsked;
    private boolean upToDate;
    private Instant now = Instant.EPOCH;
    private long nanos;

    DecoderClient(
            TransportProvider transport,
            Supplier<SessionContext> contexts,
            Credential credential,
            Query query,
            DecoderRows rows,
            @Nullable Resume resume) {
        this.transport = transport;
        this.contexts = contexts;
        this.credential = credential;
        this.query = query;
        this.rows = rows;
        this.resume = resume;
        this.protocol = transport.session(contexts.get());
        input(() -> protocol.subscribe(this, this));
    }

    DecoderRows rows() {
        return rows;
    }

    /** The wires that wait for an answer. */
    List<OpenWire> waiting() {
        return List.copyOf(wires);
    }

    /** Hands over an answer, all at once. */
    void answer(OpenWire wire, Instant when, Duration sinceStart, Head head, List<byte[]> body, WireEnd end) {
        now = when;
        nanos = sinceStart.toNanos();
        ending = null;
        refusal = null;
        upToDate = false;
        input(() -> protocol.opened(wire, head, this));
        for (byte[] piece : body) {
            if (wires.contains(wire)) {
                input(() -> protocol.data(wire, Protocol.DataKind.BODY, ByteBuffer.wrap(piece), false, this));
            }
        }
        if (wires.remove(wire)) {
            input(() -> protocol.ended(wire, end, this));
        }
    }

    private void input(Runnable call) {
        try {
            call.run();
        } catch (SyncException e) {
            // The engine would end the session so.
            ending = Ending.retry(e);
        }
        while (ending == null && credentialsAsked > 0) {
            credentialsAsked--;
            input(() -> protocol.credential(credential, this));
        }
        // Pauses of the protocol's own are about time, of which there is none here; its watch over wires never strikes.
        while (ending == null && wires.isEmpty() && !timers.isEmpty()) {
            Object tag = timers.iterator().next();
            timers.remove(tag);
            input(() -> protocol.timer(tag, this));
        }
        if (ending != null && ending.kind() == Ending.Kind.CONTINUE) {
            goOn();
        }
    }

    private void goOn() {
        ending = null;
        Checkpoint checkpoint = rows.committedCheckpoint();
        resume = carry == null && checkpoint == null ? null : new Resume(carry, checkpoint, rows.committedSchema());
        carry = null;
        wires.clear();
        timers.clear();
        protocol = transport.session(contexts.get());
        input(() -> protocol.subscribe(this, this));
    }

    /** How the last answer ended the run; null when it goes on. */
    @Nullable
    Ending ending() {
        return ending;
    }

    /** Why other credentials were asked for at the last answer; null when they were not. */
    @Nullable
    Throwable refusal() {
        return refusal;
    }

    boolean isUpToDate() {
        return upToDate;
    }

    /** What was wrong and was dealt with. */
    List<String> faults() {
        return faults;
    }

    @Override
    public Query query() {
        return query;
    }

    @Override
    public @Nullable Resume resume() {
        return resume;
    }

    @Override
    public boolean keepsRows() {
        return true;
    }

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
        OpenWire wire = new OpenWire(target);
        wires.add(wire);
        return wire;
    }

    @Override
    public boolean send(Wire wire, Protocol.DataKind kind, ByteBuffer bytes) {
        return true;
    }

    @Override
    public void close(Wire wire, int code, String reason) {
        wires.remove(wire);
    }

    @Override
    public void timer(Object tag, Duration least, Duration most) {
        timers.add(tag);
    }

    @Override
    public void cancelTimer(Object tag) {
        timers.remove(tag);
    }

    @Override
    public void credential(@Nullable Throwable why) {
        if (why == null) {
            credentialsAsked++;
        } else {
            refusal = why;
        }
    }

    @Override
    public void connected() {}

    @Override
    public void negotiated(Set<Capability> capabilities) {}

    @Override
    public Draft draft(Subscription subscription) {
        return rows;
    }

    @Override
    public void commit(List<Subscription> subscriptions, @Nullable Object metadata) {
        rows.commit();
    }

    @Override
    public void upToDate(Subscription subscription) {
        upToDate = true;
    }

    @Override
    public void behind(Subscription subscription, Throwable reason) {}

    @Override
    public void progress(Subscription subscription, long count, long bytes, double fraction) {}

    @Override
    public void verified(Subscription subscription, String upTo) {}

    @Override
    public void notice(Object notice) {}

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
    public void end(Subscription subscription, Ending how, @Nullable Object given) {
        ending = how;
        carry = given;
        if (given == null) {
            rows.drop();
        }
    }

    @Override
    public void end(Ending how) {
        ending = how;
        rows.drop();
    }

    @Override
    public void fault(Subscription subscription, String what, String where) {
        faults.add(what + " (" + where + ")");
    }

    @Override
    public @Nullable Checkpoint checkpoint(Subscription subscription) {
        return rows.committedCheckpoint();
    }
}
