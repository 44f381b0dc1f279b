package dev.tributary.spacetimedb;

import dev.tributary.Capability;
import dev.tributary.ConfigurationException;
import dev.tributary.ConnectionException;
import dev.tributary.Credential;
import dev.tributary.LimitExceededException;
import dev.tributary.Options;
import dev.tributary.ProtocolException;
import dev.tributary.SyncException;
import dev.tributary.http.Exchanges;
import dev.tributary.spacetimedb.codec.Limits;
import dev.tributary.spacetimedb.codec.ServerMessage;
import dev.tributary.spacetimedb.codec.Subprotocol;
import dev.tributary.spacetimedb.types.DatabaseSchema;
import dev.tributary.spi.Call;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Wire;
import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One session of SpacetimeDB: one WebSocket, and exchanges over HTTP beside it. Knows how far the connection has come; what
 * is said on it is for {@link Incoming}, {@link QuerySets}, {@link CallDesk} and {@link Questions}.
 */
@SuppressWarnings("ReferenceEquality") // wires are compared by identity
final class SpacetimeDbProtocol implements Protocol {

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int NORMAL = 1000;
    private static final Duration FIRST_MESSAGE = Duration.ofSeconds(30);
    private static final long MOST_BODY = 64L << 20;
    private static final int RATIO = 2_000;

    /** How far the connection has come. */
    private enum Phase {
        /** Nothing was asked for that needs one. */
        IDLE,
        /** The socket is being opened. */
        OPENING,
        /** The socket is open; the server has not said who we are. */
        OPEN,
        /** It has. */
        LIVE,
        /** It is over. */
        OVER
    }

    private final Options options;
    private final SourceMemory memory;
    private final Targets targets;
    private final List<ProtocolVersion> offered;
    private final Exchanges exchanges;
    private final Entrance entrance;
    private final SchemaLoad schemaLoad;
    private final HttpDesk http;
    private final QuerySets sets;
    private final CallDesk calls = new CallDesk();
    private final Questions questions = new Questions(Questions.MOST_BYTES);
    private final WaitingCalls waiting;

    private Phase phase = Phase.IDLE;
    private boolean wantsSocket;
    private boolean divided;
    private @Nullable Wire wire;
    private @Nullable RefusedHandshake refusal;
    private @Nullable Link link;
    private @Nullable Incoming incoming;
    private @Nullable ConnectionInfo info;
    private @Nullable DatabaseSchema schema;

    /** @param memory shared by all sessions of the source */
    SpacetimeDbProtocol(SessionContext context, SourceMemory memory) {
        this.options = context.options();
        this.memory = memory;
        this.offered = SpacetimeDbOptions.protocols(options);
        this.targets = new Targets(DatabaseAddress.of(context.endpoint()), options);
        this.exchanges = new Exchanges(MOST_BODY, "more than this client takes over HTTP");
        this.entrance = new Entrance(context.authenticated(), options, memory, exchanges, new Entered());
        this.schemaLoad = new SchemaLoad(
                options.get(SpacetimeDbOptions.SCHEMA).orElse(null),
                options.get(SpacetimeDbOptions.RAW_ROWS, false),
                exchanges,
                entrance::endingOf,
                new SchemaCame());
        this.http = new HttpDesk(targets, exchanges);
        this.sets = new QuerySets(memory, new SetsHost(), OpenTransaction.MOST_BYTES);
        this.waiting = new WaitingCalls(calls, questions);
    }

    // ---- what the engine wants ----

    @Override
    public void subscribe(Subscription subscription, Output out) {
        if (phase == Phase.OVER) {
            return;
        }
        sets.subscribe(subscription, out);
        needSocket(out);
        flush(out);
    }

    @Override
    public void unsubscribe(Subscription subscription, Output out) {
        if (phase == Phase.OVER) {
            return;
        }
        sets.unsubscribe(subscription, out);
        flush(out);
    }

    @Override
    public void call(Call call, Output out) {
        if (phase == Phase.OVER) {
            return;
        }
        if (call.request() instanceof Wish.Http) {
            http.ask(call, out);
            entrance.begin(out);
        } else {
            waiting.add(call, out);
            needSocket(out);
            pump(out);
            flush(out);
        }
    }

    @Override
    public void cancel(Call call, Output out) {
        http.forget(call);
        waiting.forget(call);
        calls.forget(call);
        questions.forget(call);
    }

    private void needSocket(Output out) {
        if (wantsSocket) {
            return;
        }
        wantsSocket = true;
        entrance.begin(out);
        if (entrance.credential() != null) {
            entrance.enter(targets, out);
        }
    }

    // ---- the way in ----

    @Override
    public void credential(Credential credential, Output out) {
        if (phase != Phase.OVER) {
            entrance.credential(credential, out);
            if (wantsSocket) {
                entrance.enter(targets, out);
            }
        }
    }

    /** Goes on where the entrance ends. */
    private final class Entered implements Entrance.End {

        @Override
        public void known(Credential credential, Output out) {
            http.known(credential, out);
        }

        @Override
        public void mayOpen(Credential credential, @Nullable String shortToken, Output out) {
            ConfigurationException misfit = SpacetimeDbOptions.misfit(options);
            if (misfit != null) {
                lose(Ending.rejected(misfit), out);
            } else if (phase == Phase.IDLE) {
                phase = Phase.OPENING;
                wire = out.open(targets.socket(offered, credential, shortToken));
                schemaLoad.begin(targets, credential, out);
            }
        }

        @Override
        public void refused(Ending why, Output out) {
            lose(why, out);
        }
    }

    @Override
    public void opened(Wire from, Head head, Output out) {
        if (from != wire) {
            exchanges.opened(from, head);
            return;
        }
        if (phase != Phase.OPENING) {
            return;
        }
        if (head.status() != SWITCHING_PROTOCOLS) {
            refusal = new RefusedHandshake(head);
            return;
        }
        Optional<Subprotocol> spoken = head.first("Sec-WebSocket-Protocol").flatMap(Subprotocol::of);
        ProtocolVersion version = spoken.flatMap(this::offeredAs).orElse(null);
        if (spoken.isEmpty() || version == null) {
            lose(
                    Ending.rejected(
                            new ProtocolException("the server agreed to none of the protocols offered, which were "
                                    + offered + ", but to "
                                    + head.first("Sec-WebSocket-Protocol").orElse("none"))),
                    out);
            return;
        }
        phase = Phase.OPEN;
        Link to = new Link(
                from,
                spoken.get(),
                options.get(SpacetimeDbOptions.MAX_REQUESTS, SpacetimeDbOptions.DEFAULT_MAX_REQUESTS));
        link = to;
        Incoming reading = new Incoming(
                to, limits(), sets, calls, questions, (message, output) -> connected(message, version, output));
        incoming = reading;
        if (schema != null) {
            reading.schema(schema);
        }
        out.timer(Tick.FIRST_MESSAGE, FIRST_MESSAGE, FIRST_MESSAGE);
    }

    private Optional<ProtocolVersion> offeredAs(Subprotocol spoken) {
        return offered.stream()
                .filter(one -> one.subprotocol().equals(spoken.token()))
                .findFirst();
    }

    private Limits limits() {
        int row = (int) Math.min(
                Integer.MAX_VALUE - 16L, options.get(SpacetimeDbOptions.MAX_ROW, SpacetimeDbOptions.DEFAULT_MAX_ROW));
        return new Limits(
                options.get(SpacetimeDbOptions.MAX_MESSAGE, SpacetimeDbOptions.DEFAULT_MAX_MESSAGE),
                options.get(SpacetimeDbOptions.MAX_DECOMPRESSED, SpacetimeDbOptions.DEFAULT_MAX_DECOMPRESSED),
                RATIO,
                row,
                row);
    }

    /** The first message: only now we are connected. */
    private ConnectionInfo connected(ServerMessage.Connected message, ProtocolVersion version, Output out) {
        phase = Phase.LIVE;
        out.cancelTimer(Tick.FIRST_MESSAGE);
        boolean issued = !entrance.hasToken();
        if (issued) {
            memory.issuedToken(message.token());
        }
        ConnectionInfo known =
                new ConnectionInfo(message.identity(), message.connectionId(), version, message.token(), issued);
        info = known;
        out.negotiated(capabilities(version));
        out.notice(new SpacetimeDbNotice.Connected(known));
        Link to = link;
        if (to != null) {
            sets.connected(to, known, out);
        }
        return known;
    }

    private Set<Capability> capabilities(ProtocolVersion version) {
        Set<Capability> all = EnumSet.copyOf(SpacetimeDbTransport.CAPABILITIES);
        if (!version.attributesUpdates()) {
            all.remove(Capability.EVENTS);
        }
        if (divided) {
            all.remove(Capability.ATOMIC_ACROSS_VIEWS);
        }
        return all;
    }

    /** Goes on where the schema is there. */
    private final class SchemaCame implements SchemaLoad.End {

        @Override
        public void loaded(DatabaseSchema known, Output out) {
            schema = known;
            if (incoming != null) {
                incoming.schema(known);
            }
            sets.schema(known, out);
            pump(out);
            flush(out);
        }

        @Override
        public void failed(Ending why, Output out) {
            lose(why, out);
        }
    }

    /** What the queries cannot do by themselves. */
    private final class SetsHost implements QuerySets.Host {

        @Override
        public void fetchSchema(Output out) {
            SpacetimeDbProtocol.this.fetchSchema(out);
        }

        @Override
        public void divided(Output out) {
            if (!divided && info != null) {
                divided = true;
                out.negotiated(capabilities(info.protocol()));
            }
        }
    }

    private void fetchSchema(Output out) {
        Credential known = entrance.credential();
        if (known != null) {
            schemaLoad.begin(targets, known, out);
        }
    }

    // ---- what comes ----

    @Override
    public void data(Wire from, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
        if (from != wire) {
            exchanges.data(from, bytes, out);
            return;
        }
        if (refusal != null) {
            refusal.body(bytes);
            return;
        }
        Incoming reading = incoming;
        if (reading == null || phase == Phase.OVER) {
            return;
        }
        try {
            reading.data(kind, bytes, last, out);
        } catch (LimitExceededException e) {
            // Whether it is the draft of a query that outgrew its bound, the engine knows; then that query fails.
            tellLost(e, true, out);
            throw e;
        } catch (SyncException e) {
            sets.fault(String.valueOf(e.getMessage()), out);
            lose(Ending.retry(e), out);
            return;
        }
        if (phase == Phase.LIVE) {
            sets.pump(out);
            pump(out);
            flush(out);
        }
    }

    private void pump(Output out) {
        Link to = link;
        ConnectionInfo known = info;
        if (phase == Phase.LIVE && to != null && known != null) {
            waiting.pump(to, known, schemaLoad.isRunning() ? null : schema, this::fetchSchema, out);
        }
    }

    private void flush(Output out) {
        if (link != null && phase == Phase.LIVE) {
            link.flush(out);
        }
    }

    @Override
    public void writable(Wire from, Output out) {
        if (from == wire && link != null && phase == Phase.LIVE) {
            link.writable();
            sets.pump(out);
            pump(out);
            flush(out);
        }
    }

    @Override
    public void timer(Object tag, Output out) {
        if (tag == Tick.FIRST_MESSAGE && phase == Phase.OPEN) {
            lose(
                    Ending.retry(new ConnectionException(
                            "the server did not say who we are within " + FIRST_MESSAGE.toSeconds() + " s")),
                    out);
        }
    }

    // ---- the end ----

    @Override
    public void ended(Wire from, WireEnd end, Output out) {
        if (from != wire) {
            exchanges.ended(from, end, out);
            return;
        }
        if (phase == Phase.OVER) {
            return;
        }
        wire = null;
        if (refusal != null) {
            SpacetimeDbException reason = refusal.reason();
            lose(entrance.endingOf(reason.status(), reason).after(refusal.patience(out.now())), out);
            return;
        }
        lose(Ending.retry(Refusals.reasonOf(end, phase == Phase.OPEN, phase == Phase.LIVE)), out);
    }

    /** The connection is of no use any more. Views keep what they show. */
    private void lose(Ending why, Output out) {
        if (phase == Phase.OVER) {
            return;
        }
        phase = Phase.OVER;
        if (wire != null) {
            out.close(wire, NORMAL, "");
            wire = null;
        }
        boolean again = why.kind() == Ending.Kind.RETRY || why.kind() == Ending.Kind.REAUTHENTICATE;
        boolean retries = again && options.get(SpacetimeDbOptions.RECONNECT, true);
        Throwable reason = Objects.requireNonNull(why.reason(), "reason");
        tellLost(reason, retries, out);
        out.end(again && !retries ? Ending.rejected(reason) : why);
    }

    private static void tellLost(Throwable reason, boolean retries, Output out) {
        out.notice(new SpacetimeDbNotice.Disconnected(reason, retries));
    }
}
