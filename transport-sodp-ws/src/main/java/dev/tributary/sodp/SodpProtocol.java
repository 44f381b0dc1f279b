package dev.tributary.sodp;

import dev.tributary.Capability;
import dev.tributary.ConfigurationException;
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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One session of SODP: one WebSocket for all keys of a source. It waits for the server's word before it says anything,
 * proves who it is where that is wanted, and hands what comes to those who know about it: {@link Copies} of keys, {@link
 * CallDesk}, {@link Presences}.
 */
final class SodpProtocol implements Protocol {

    private static final Deadlines DEADLINES =
            new Deadlines(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(30));
    private static final Duration PING_AFTER = Duration.ofSeconds(20);
    private static final Duration HELLO_PATIENCE = Duration.ofSeconds(10);
    private static final Duration AUTH_PATIENCE = Duration.ofSeconds(15);
    private static final int MOST_UNREADABLE = 3;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final long DEFAULT_MESSAGE = 64L << 20;
    private static final long DEFAULT_EARLY = 32L << 20;
    private static final long DEFAULT_FRAME = 1L << 20;
    private static final long GO_FRAME = 64L << 10;

    /** How far a connection has come. */
    private enum Phase {
        IDLE,
        CONNECTING,
        AWAIT_HELLO,
        AWAIT_TOKEN,
        AWAIT_AUTH_OK,
        LIVE,
        OVER
    }

    private final SessionContext context;
    private final SodpMemory memory;
    private final Counters counters;
    private final Decoder decoder = new Decoder();
    private final Assembler assembler;
    private final Copies copies;
    private final CallDesk calls;
    private final Presences presences;
    private final Errors errors;
    private final WriteBarrier barrier;

    /** Who wants to know the server. */
    private final List<Call> curious = new ArrayList<>();

    private Phase phase = Phase.IDLE;
    private @Nullable Wire wire;
    private @Nullable Link link;
    private @Nullable SodpServer server;
    private @Nullable Watches watches;
    /** The dialect that the application gave; null to find it out. */
    private @Nullable SodpDialect given;

    private int unreadable;
    private int status;
    private String token = "";
    private boolean settled;

    SodpProtocol(SessionContext context, SodpMemory memory) {
        this.context = context;
        this.memory = memory;
        this.counters = memory.counters();
        this.assembler = new Assembler(context.options().get(SodpOptions.MAX_MESSAGE, DEFAULT_MESSAGE));
        this.calls = new CallDesk(counters, Long.toHexString(context.random().nextLong()) + "-");
        this.presences = new Presences(calls);
        this.copies = new Copies(
                decoder, counters, context.options().get(SodpOptions.MAX_EARLY, DEFAULT_EARLY), presences::changed);
        this.errors = new Errors(copies, calls, counters);
        this.barrier = new WriteBarrier(copies);
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
        given = SodpOptions.dialect(context.options());
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
        if (phase == Phase.OVER) {
            return;
        }
        if (call.request() instanceof Wish.Invoke invoke) {
            Invocation invocation = invoke.invocation();
            calls.add(new Outgoing(invocation, call, new UserAnswer(invocation, call)), out);
        } else if (call.request() instanceof Wish.Presence presence) {
            presences.hold(call, presence, out);
        } else if (call.request() instanceof Wish.Read read) {
            copies.read(read.key(), call, out);
        } else if (call.request() instanceof Wish.Await await) {
            await(call, await.version(), out);
        } else if (call.request() instanceof Wish.IsWatching asked) {
            Replica replica = copies.find(asked.key());
            out.reply(call, replica != null && !replica.followers().isEmpty());
        } else if (call.request() instanceof Wish.AskStatistics) {
            out.reply(call, statistics());
        } else if (call.request() instanceof Wish.AskServer) {
            askServer(call, out);
        } else {
            out.refuse(call, new ConfigurationException("this transport takes no such call"));
        }
        open(out);
    }

    private SodpStatistics statistics() {
        return counters.snapshot(
                watches == null ? copies.all().size() : watches.waiting(),
                calls.waiting(),
                calls.unanswered().size());
    }

    private void askServer(Call call, Output out) {
        SodpServer known = server;
        if (phase == Phase.LIVE && known != null) {
            out.reply(call, known);
        } else {
            curious.add(call);
        }
    }

    private void await(Call call, long version, Output out) {
        Subscription subscription = call.subscription();
        Replica replica = subscription == null ? null : copies.of(subscription);
        if (replica == null) {
            out.refuse(call, new ConfigurationException("there is no view of this source to wait for"));
        } else if (replica.isLive() && replica.confirmed() >= version) {
            out.reply(call, null);
        } else {
            replica.waits().add(new VersionWait(call, version, false, then -> then.reply(call, null)));
        }
    }

    @Override
    public void cancel(Call call, Output out) {
        calls.cancel(call);
        presences.release(call);
        copies.forgetReader(call, out);
        curious.remove(call);
        copies.all().forEach(replica -> replica.waits().removeIf(wait -> wait.what() == call));
    }

    /** Tells an application what became of its call. */
    private final class UserAnswer implements Outgoing.Answer {

        private final Invocation invocation;
        private final Call call;

        UserAnswer(Invocation invocation, Call call) {
            this.invocation = invocation;
            this.call = call;
        }

        @Override
        public void result(CallResult result, Output out) {
            if (invocation.isPresence()) {
                presences.registered(invocation);
            }
            SodpDialect dialect = server == null ? SodpDialect.STANDARD : server.dialect();
            barrier.reply(invocation, result, dialect, call, out);
        }

        @Override
        public void refused(Throwable reason, Output out) {
            out.refuse(call, reason);
        }
    }

    // ---- what the wire says ----

    @Override
    public void opened(Wire from, Head head, Output out) {
        if (from != wire || phase != Phase.CONNECTING) {
            return;
        }
        status = head.status();
        if (status == SWITCHING_PROTOCOLS) {
            link = new Link(from);
            phase = Phase.AWAIT_HELLO;
            out.timer(Timers.HELLO, HELLO_PATIENCE, HELLO_PATIENCE);
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
        if (frame.type() == FrameType.HEARTBEAT) {
            if (link != null) {
                link.heartbeat(out);
            }
            return;
        }
        switch (phase) {
            case AWAIT_HELLO -> hello(frame, out);
            case AWAIT_TOKEN, AWAIT_AUTH_OK -> authentication(frame, out);
            case LIVE -> live(frame, out);
            default -> {}
        }
    }

    private void hello(Frame frame, Output out) {
        if (frame.type() == FrameType.ERROR) {
            ServerError error = ServerError.read(frame, decoder);
            lose(Ending.retry(error.asException("the connection")), out);
            return;
        }
        if (frame.type() != FrameType.HELLO) {
            throw new ProtocolException("expected HELLO first, got a " + frame);
        }
        out.cancelTimer(Timers.HELLO);
        Hello hello;
        try {
            hello = Hello.read(frame, decoder, given);
        } catch (RejectedException e) {
            lose(Ending.rejected(e), out);
            return;
        }
        server = hello.server();
        if (!hello.auth()) {
            begin(out);
        } else if (context.authenticated()) {
            phase = Phase.AWAIT_TOKEN;
            out.credential(null);
        } else {
            lose(
                    Ending.rejected(new ConfigurationException(
                            "the server wants a token, and none was given; give one to the builder")),
                    out);
        }
    }

    @Override
    public void credential(Credential credential, Output out) {
        Link to = link;
        if (phase != Phase.AWAIT_TOKEN || to == null) {
            return;
        }
        token = credential.token().orElse("");
        if (token.isEmpty()) {
            lose(
                    Ending.rejected(new ConfigurationException(
                            "the server wants a token, and the application gave credentials without one")),
                    out);
            return;
        }
        phase = Phase.AWAIT_AUTH_OK;
        String word = token;
        to.send(FrameType.AUTH, 0, body -> body.map(1).text("token").text(word), out);
        out.timer(Timers.AUTH, AUTH_PATIENCE, AUTH_PATIENCE);
    }

    private void authentication(Frame frame, Output out) {
        if (frame.type() == FrameType.ERROR) {
            ServerError error = ServerError.read(frame, decoder);
            boolean later = error.code() >= ServerError.BROKEN || error.code() == ServerError.TOO_MANY;
            SodpException reason = refusedToken(error);
            lose(later ? Ending.retry(reason) : Ending.reauthenticate(reason), out);
        } else if (frame.type() == FrameType.AUTH_OK && phase == Phase.AWAIT_AUTH_OK) {
            out.cancelTimer(Timers.AUTH);
            if (server != null) {
                server = server.withSubject(subject(frame));
            }
            token = "";
            begin(out);
        } else if (frame.type() <= FrameType.UNWATCH) {
            throw new ProtocolException("expected AUTH_OK, got a " + frame);
        }
    }

    /** A server may repeat the token in its answer. */
    private SodpException refusedToken(ServerError error) {
        String text = token.isEmpty() ? error.message() : error.message().replace(token, "***");
        return new ServerError(error.code(), text).asException("the token");
    }

    private @Nullable String subject(Frame frame) {
        frame.open(decoder);
        String subject = null;
        int fields = decoder.map("AUTH_OK");
        for (int i = 0; i < fields; i++) {
            if (decoder.field("a field of AUTH_OK") == Field.SUB && !decoder.nil("sub of AUTH_OK")) {
                subject = decoder.text("sub of AUTH_OK");
            } else {
                decoder.skip("a field of AUTH_OK");
            }
        }
        return subject;
    }

    private void begin(Output out) {
        SodpServer spoken = server;
        Link to = link;
        if (spoken == null || to == null) {
            return;
        }
        phase = Phase.LIVE;
        counters.connects++;
        SodpDialect dialect = spoken.dialect();
        boolean lossless = !dialect.dropsSilently();
        errors.connected(dialect);
        out.negotiated(capabilities(spoken, lossless));
        long known =
                copies.all().stream().filter(replica -> replica.version() > 0).count();
        boolean mayResume = known <= context.options().get(SodpOptions.RESUME, 32);
        Watches asking = new Watches(to, spoken, calls.unanswered(), memory.caution(), mayResume);
        watches = asking;
        errors.connected(asking);
        copies.connected(dialect, lossless, asking, out);
        presences.connected(out);
        long mostBytes =
                context.options().get(SodpOptions.MAX_FRAME, dialect == SodpDialect.GO ? GO_FRAME : DEFAULT_FRAME);
        OptionalInt limit = spoken.writesPerSecond();
        calls.connected(
                new CallDesk.Line(to, dialect, new Pacer(limit), asking.mostUnanswered(), mostBytes, this::valueOf),
                out);
        curious.forEach(call -> out.reply(call, spoken));
        curious.clear();
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
            case FrameType.STATE_INIT -> copies.stateInit(frame, out);
            case FrameType.DELTA -> copies.delta(frame, out);
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
                : Ending.retry(new ConnectionException(text));
    }

    /** The connection is of no use any more. What its views show goes on in the next. */
    private void lose(Ending why, Output out) {
        if (phase == Phase.OVER) {
            return;
        }
        if (phase == Phase.LIVE && watches != null && !watches.isIdle()) {
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
            case HELLO ->
                lose(
                        Ending.retry(new ConnectionException("no HELLO within " + HELLO_PATIENCE.toSeconds() + " s")),
                        out);
            case AUTH ->
                lose(
                        Ending.retry(new ConnectionException(
                                "no answer to the token within " + AUTH_PATIENCE.toSeconds() + " s")),
                        out);
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
        }
    }
}
