package dev.tributary.sodp;

import dev.tributary.Capability;
import dev.tributary.ConnectionException;
import dev.tributary.Credential;
import dev.tributary.ProtocolException;
import dev.tributary.RejectedException;
import dev.tributary.spi.Call;
import dev.tributary.spi.Deadlines;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.Wire;
import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One session of SODP: one WebSocket for all keys of a source. What comes goes to those who know about it: {@link
 * Handshake} at first, then {@link Incoming} and {@link CallDesk}; what the application wants goes to {@link Copies} and
 * {@link WishDesk}.
 */
@SuppressWarnings("ReferenceEquality") // identity is what is asked for
final class SodpProtocol implements Protocol {

    private static final Deadlines DEADLINES =
            new Deadlines(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(30));
    private static final Duration PING_AFTER = Duration.ofSeconds(20);
    private static final int MOST_UNREADABLE = 3;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final long DEFAULT_MESSAGE = 64L << 20;
    private static final long DEFAULT_EARLY = 32L << 20;
    private static final long DEFAULT_FRAME = 1L << 20;
    private static final long GO_FRAME = 64L << 10;
    private static final int DEFAULT_RESUMED = 32;

    /** How far a connection has come. */
    private enum Phase {
        IDLE,
        CONNECTING,
        HANDSHAKE,
        LIVE,
        OVER
    }

    private final SessionContext context;
    private final SodpMemory memory;
    private final Counters counters;
    private final Decoder decoder = new Decoder();
    private final Assembler assembler;
    private final Telling telling;
    private final Copies copies;
    private final Incoming incoming;
    private final CallDesk calls;
    private final Presences presences;
    private final Errors errors;
    private final WriteBarrier barrier;
    private final WishDesk wishes;
    private final Renewal renewal;

    private Phase phase = Phase.IDLE;
    private @Nullable Wire wire;
    private @Nullable Link link;
    private @Nullable Handshake handshake;
    private @Nullable SodpServer server;
    private @Nullable Watches watches;

    private int unreadable;
    private int status;
    /** How long the server that refused the handshake asks to wait. */
    private Duration patience = Duration.ZERO;

    private boolean settled;

    SodpProtocol(SessionContext context, SodpMemory memory) {
        this.context = context;
        this.memory = memory;
        this.counters = memory.counters();
        this.assembler = new Assembler(context.options().get(SodpOptions.MAX_MESSAGE, DEFAULT_MESSAGE));
        this.calls = new CallDesk(counters, Long.toHexString(context.random().nextLong()) + "-");
        this.presences = new Presences(calls);
        this.telling = new Telling(presences::changed);
        Early early = new Early(counters, context.options().get(SodpOptions.MAX_EARLY, DEFAULT_EARLY));
        this.copies = new Copies(counters, early, telling, context.options().get(SodpOptions.LINGER, Duration.ZERO));
        this.incoming = new Incoming(decoder, counters, copies, early, telling);
        this.errors = new Errors(copies, calls, counters);
        this.barrier = new WriteBarrier(copies);
        this.wishes = new WishDesk(copies, calls, presences, barrier, counters);
        this.renewal = new Renewal(memory);
    }

    // ---- what the engine wants ----

    @Override
    public void subscribe(Subscription subscription, Output out) {
        copies.follow(subscription, SodpQuery.of(subscription.query()), out);
        open(out);
    }

    @Override
    public void unsubscribe(Subscription subscription, Output out) {
        copies.unfollow(subscription, out);
    }

    private void open(Output out) {
        if (phase != Phase.IDLE) {
            return;
        }
        phase = Phase.CONNECTING;
        String address = context.endpoint().toString();
        wire = out.open(new WebSocketTarget(
                context.endpoint(),
                address,
                Map.of(),
                context.options().get(SodpOptions.HEADERS, Map.of()),
                List.of(),
                context.options().get(SodpOptions.MAX_MESSAGE, DEFAULT_MESSAGE),
                PING_AFTER,
                DEADLINES));
    }

    @Override
    public void call(Call call, Output out) {
        if (phase != Phase.OVER) {
            wishes.call(call, out);
            open(out);
        }
    }

    @Override
    public void cancel(Call call, Output out) {
        wishes.cancel(call, out);
    }

    @Override
    public void credential(Credential credential, Output out) {
        Handshake begun = handshake;
        if (phase == Phase.HANDSHAKE && begun != null) {
            begun.credential(credential, out);
        }
    }

    // ---- what the wire says ----

    @Override
    public void opened(Wire from, Head head, Output out) {
        if (from != wire || phase != Phase.CONNECTING) {
            return;
        }
        status = head.status();
        patience = head.retryAfter(out.now());
        if (status == SWITCHING_PROTOCOLS) {
            Link to = new Link(from);
            Handshake begun = new Handshake(
                    decoder, to, context.authenticated(), SodpOptions.dialect(context.options()), new Begun());
            link = to;
            handshake = begun;
            phase = Phase.HANDSHAKE;
            begun.opened(out);
        }
    }

    @Override
    public void data(Wire from, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
        if (from != wire || link == null || phase == Phase.OVER) {
            return;
        }
        try {
            byte[] message = assembler.add(bytes, last);
            if (message == null) {
                partial(out);
            } else if (kind == DataKind.BINARY) {
                message(message, out);
            } else {
                counters.droppedFrames++;
                report("a text message, which SODP does not have, was ignored", "message", out);
            }
        } catch (ProtocolException e) {
            lose(Ending.retry(e), out);
        }
    }

    /** A long message is on its way. */
    private void partial(Output out) {
        if (watches != null) {
            watches.sign(out.nanos());
        }
        for (Replica replica : copies.all()) {
            if (replica.state() == null) {
                replica.followers()
                        .forEach(one -> out.progress(one.subscription(), 0, assembler.pending(), Double.NaN));
            }
        }
    }

    private void message(byte[] message, Output out) {
        Frame frame = null;
        try {
            frame = Frame.head(decoder, message, 0, message.length);
            frame(frame, out);
            if (phase == Phase.LIVE) {
                settle(out);
            }
        } catch (ProtocolException e) {
            if (phase != Phase.LIVE && phase != Phase.OVER) {
                throw e;
            }
            unreadable(frame, e, out);
        }
    }

    private void frame(Frame frame, Output out) {
        Link to = link;
        Handshake begun = handshake;
        if (frame.type() == FrameType.HEARTBEAT && to != null) {
            to.heartbeat(out);
        } else if (phase == Phase.HANDSHAKE && begun != null) {
            begun.frame(frame, out);
        } else if (phase == Phase.LIVE) {
            live(frame, out);
        }
    }

    /** Goes on where the handshake ends. */
    private final class Begun implements Handshake.End {

        @Override
        public void begun(SodpServer spoken, @Nullable Instant expiry, Output out) {
            Link to = link;
            if (to != null) {
                begin(spoken, to, out);
                renewal.plan(expiry, spoken.dialect(), out);
            }
        }

        @Override
        public void failed(Ending why, Output out) {
            lose(why, out);
        }
    }

    private void begin(SodpServer spoken, Link to, Output out) {
        phase = Phase.LIVE;
        server = spoken;
        counters.connects++;
        SodpDialect dialect = spoken.dialect();
        boolean lossless = !dialect.dropsSilently();
        out.negotiated(capabilities(spoken, lossless));
        long known =
                copies.all().stream().filter(replica -> replica.version() > 0).count();
        boolean mayResume = known <= context.options().get(SodpOptions.RESUME, DEFAULT_RESUMED);
        Watches asking = new Watches(to, spoken, calls.unanswered(), memory.caution(), mayResume);
        watches = asking;
        errors.connected(dialect, asking);
        incoming.connected(dialect);
        telling.lossless(lossless);
        copies.connected(asking, out);
        presences.connected(out);
        long mostBytes =
                context.options().get(SodpOptions.MAX_FRAME, dialect == SodpDialect.GO ? GO_FRAME : DEFAULT_FRAME);
        OptionalInt limit = spoken.writesPerSecond();
        calls.connected(
                new CallDesk.Line(to, dialect, new Pacer(limit), asking.mostUnanswered(), mostBytes, this::valueOf),
                out);
        wishes.connected(spoken, asking, out);
        audit(out);
    }

    private static Set<Capability> capabilities(SodpServer spoken, boolean lossless) {
        Set<Capability> capabilities = EnumSet.copyOf(SodpTransport.CAPABILITIES);
        if (!spoken.resume()) {
            capabilities.remove(Capability.RESUME);
        }
        if (!lossless) {
            capabilities.remove(Capability.LOSSLESS);
        }
        if (!spoken.dialect().knowsPresence()) {
            capabilities.remove(Capability.PRESENCE);
        }
        return capabilities;
    }

    private @Nullable Object valueOf(String key) {
        Replica replica = copies.find(key);
        Held state = replica == null ? null : replica.state();
        return state == null ? null : state.value();
    }

    private void audit(Output out) {
        boolean lossless = server == null || !server.dialect().dropsSilently();
        Duration every = SodpOptions.audit(context.options(), lossless);
        if (!every.isZero()) {
            out.timer(Timers.AUDIT, every, every.plus(every.dividedBy(4)));
        }
    }

    private void live(Frame frame, Output out) {
        switch (frame.type()) {
            case FrameType.STATE_INIT -> incoming.stateInit(frame, out);
            case FrameType.DELTA -> incoming.delta(frame, out);
            case FrameType.RESULT -> calls.result(CallResult.read(frame, decoder), out);
            case FrameType.ERROR -> error(frame, out);
            default -> counters.droppedFrames++;
        }
    }

    private void error(Frame frame, Output out) {
        ServerError error = ServerError.read(frame, decoder);
        out.notice(new SodpNotice(error.code(), error.message(), frame.stream()));
        if (error.code() == ServerError.UNAUTHORIZED) {
            lose(Ending.reauthenticate(error.asException("the session")), out);
        } else if (!errors.answer(error, frame.stream(), out)) {
            report("the server said " + error + ", which answers no request", "stream " + frame.stream(), out);
        }
    }

    /** Requests that an answer made room for, and what is known once all keys are here. */
    private void settle(Output out) {
        copies.pump(out);
        calls.pump(out);
        if (!settled && watches != null && watches.isIdle()) {
            settled = true;
            memory.allLive();
        }
        if (renewal.mayEnd(!calls.unanswered().calls().isEmpty())) {
            lose(Ending.proceed(), out);
        }
    }

    /** A frame that cannot be read may have been a change: what it was of is read anew. */
    private void unreadable(@Nullable Frame frame, ProtocolException why, Output out) {
        if (phase == Phase.OVER) {
            return;
        }
        counters.droppedFrames++;
        String text = String.valueOf(why.getMessage());
        report(text, frame == null ? "frame" : frame.toString(), out);
        if (++unreadable >= MOST_UNREADABLE) {
            throw why;
        }
        if (frame == null || frame.type() == FrameType.STATE_INIT) {
            copies.suspectAll(text, out);
        } else if (frame.type() == FrameType.DELTA) {
            copies.suspect(frame.stream(), text, out);
        }
    }

    private void report(String what, String where, Output out) {
        for (Replica replica : copies.all()) {
            for (Follower follower : replica.followers()) {
                out.fault(follower.subscription(), what, where);
                return;
            }
        }
    }

    @Override
    public void writable(Wire from, Output out) {
        if (link != null && link.is(from) && phase == Phase.LIVE) {
            link.writable();
            settle(out);
        }
    }

    // ---- the end ----

    @Override
    public void ended(Wire from, WireEnd end, Output out) {
        if (from != wire || phase == Phase.OVER) {
            return;
        }
        wire = null;
        if (status != 0 && status != SWITCHING_PROTOCOLS) {
            lose(refusedHandshake(), out);
        } else {
            lose(Ending.retry(end.asException()), out);
        }
    }

    private Ending refusedHandshake() {
        String text = "the handshake was answered by status " + status;
        return status == 401 || status == 403
                ? Ending.rejected(new RejectedException(text))
                : Ending.retry(new ConnectionException(text), patience);
    }

    /** The connection is of no use any more. What its views show goes on in the next. */
    private void lose(Ending why, Output out) {
        if (phase == Phase.OVER) {
            return;
        }
        if (phase == Phase.LIVE && watches != null && !watches.isIdle() && !renewal.isDue()) {
            memory.lostWhileAsking();
        }
        phase = Phase.OVER;
        if (wire != null) {
            out.close(wire, 1000, "");
            wire = null;
        }
        for (Replica replica : copies.all()) {
            for (Follower follower : replica.followers()) {
                out.end(follower.subscription(), why, follower.told());
            }
        }
        out.end(why);
    }

    @Override
    public void timer(Object tag, Output out) {
        if (phase == Phase.OVER) {
            return;
        }
        if (tag instanceof Copies.RefetchTimer refetch) {
            copies.timer(refetch, out);
        } else if (tag instanceof Copies.LingerTimer linger) {
            copies.timer(linger, out);
        } else if (tag instanceof Presences.RenewTimer renew) {
            presences.timer(renew, out);
        } else if (tag instanceof WriteBarrier.ShownTimer shown) {
            barrier.timer(shown, out);
        } else if (tag instanceof Timers timer) {
            timer(timer, out);
        }
    }

    private void timer(Timers timer, Output out) {
        switch (timer) {
            case HELLO, AUTH -> {
                if (handshake != null) {
                    handshake.overdue(timer, out);
                }
            }
            case WATCHES -> copies.pump(out);
            case CALLS -> calls.pump(out);
            case UNANSWERED -> {
                if (watches != null) {
                    watches.overdue(out)
                            .forEach(key -> copies.unanswered(key, "the server did not tell its value in time", out));
                    settle(out);
                }
            }
            case AUDIT -> {
                copies.audit(out);
                audit(out);
            }
            case RENEW -> {
                renewal.timer(out);
                calls.hold();
                settle(out);
            }
        }
    }
}
