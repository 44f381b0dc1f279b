package dev.tributary.driftdb;

import dev.tributary.ConfigurationException;
import dev.tributary.ConnectionException;
import dev.tributary.Credential;
import dev.tributary.SyncException;
import dev.tributary.driftdb.StreamQuery.Form;
import dev.tributary.http.Exchanges;
import dev.tributary.spi.Call;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Resume;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.Subscription;
import dev.tributary.spi.Wire;
import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One session with one room: finds it, opens a socket when something needs one, asks for each key, and only then lets
 * writes go. Knows how far that is; the way in is for {@link Entrance}, what the server says for {@link Incoming}, and what
 * happens to entries, writes and reads for the other parts.
 */
final class DriftDbProtocol implements Protocol, WriteWindow.Surroundings, CallDesk.Session {

    /** So many deaths in a row that owe an answer look like a value that JSON cannot carry. */
    private static final int MOST_DEATHS = 2;

    /** How far the session is. */
    private enum Phase {
        IDLE,
        AUTHORIZING,
        /** There may be HTTP exchanges; the room is not looked for yet. */
        READY,
        FINDING,
        /** The room is known; there is no socket. */
        FOUND,
        CONNECTING,
        SYNCING,
        LIVE,
        OVER
    }

    private final SessionContext context;
    private final SourceMemory memory;
    private final RoomAddress address;
    private final Targets targets;
    private final Exchanges exchanges;
    private final Truths truths;
    private final Pings pings;
    private final WriteWindow window;
    private final Presences presences;
    private final CallDesk calls;
    private final Streams streams;
    private final Audits audits;
    private final Entrance entrance;
    private final Incoming incoming;

    private final Map<Subscription, StreamView> views = new IdentityHashMap<>();
    private final Tick isQuiet = this::isQuiet;

    private Phase phase = Phase.IDLE;
    private @Nullable RoomView wholeRoom;
    private boolean wantsSocket;
    private @Nullable Wire socket;
    private @Nullable Link link;
    private long heardAt;
    /** When a refused request may come again; null once the server said anything else. */
    private @Nullable Long notBefore;

    DriftDbProtocol(SessionContext context, SourceMemory memory) {
        this.context = context;
        this.memory = memory;
        this.address = RoomAddress.of(context.endpoint());
        this.targets = new Targets(address, context.options());
        this.exchanges = new Exchanges(
                targets.maxMessage(), "the bound that the option '" + DriftDbOptions.MAX_MESSAGE.name() + "' sets");
        RoomFinder finder = new RoomFinder(
                address, targets, exchanges, context.options().get(DriftDbOptions.REWRITE, UnaryOperator.identity()));
        this.truths = new Truths(targets, exchanges);
        this.pings = new Pings(memory);
        this.window = new WriteWindow(this, pings);
        this.presences = new Presences(memory, window);
        this.calls = new CallDesk(
                this,
                memory,
                String.valueOf(context.endpoint().getScheme()).startsWith("http"),
                context.random(),
                finder,
                new HttpMessages(targets, exchanges, truths),
                truths,
                pings,
                window,
                presences);
        this.streams = new Streams(this::readSuspects);
        this.audits = new Audits(
                streams,
                truths,
                context.options().get(DriftDbOptions.AUDIT, DriftDbOptions.DEFAULT_AUDIT),
                this::encoding,
                this::unreadable);
        this.entrance = new Entrance(context, memory, address, finder, new Entered());
        this.incoming = new Incoming(
                new Heard(), memory, streams, audits, window, presences, pings, new Assembly(targets.maxMessage()));
    }

    @Override
    public Encoding encoding() {
        Encoding chosen = memory.encoding;
        return chosen != null
                ? chosen
                : DriftDbOptions.encoding(context.options().get(DriftDbOptions.ENCODING, "json"));
    }

    // ---- what the engine wants ----

    @Override
    public void subscribe(Subscription subscription, Output out) {
        StreamQuery query = StreamQuery.of(subscription.query());
        wantsSocket = true;
        if (query.form() == Form.ROOM) {
            wholeRoom = new RoomView(subscription);
        } else {
            StreamView view = view(query, subscription, out);
            views.put(subscription, view);
            streams.add(query.key(), view, out);
            readSuspects(out);
        }
        proceed(out);
    }

    private StreamView view(StreamQuery query, Subscription subscription, Output out) {
        Resume resume = subscription.resume();
        if (resume != null && resume.carry() instanceof StreamView carried) {
            carried.attach(subscription);
            return carried;
        }
        if (resume != null && resume.checkpoint() != null && StreamCheckpoint.of(resume.checkpoint()) == null) {
            out.fault(subscription, "the checkpoint is none of this transport: the stream is read anew", "checkpoint");
        }
        return switch (query.form()) {
            case LATEST -> new LatestView(query.key(), subscription);
            case LOG -> new LogView(query.floor(), subscription);
            case PRESENCE ->
                new PresenceView(Presence.EXPIRY, client -> memory.isOwn(query.key(), client), subscription);
            case ROOM -> throw new IllegalStateException("the whole room is no stream");
        };
    }

    @Override
    public void unsubscribe(Subscription subscription, Output out) {
        StreamView view = views.remove(subscription);
        if (view != null) {
            String key = subscription.query().name();
            KeyStream stream = streams.find(key);
            if (stream != null) {
                stream.remove(view);
            }
            view.wantWhole();
            if (view instanceof PresenceView presence) {
                presences.forget(presence, key, out);
            }
        }
        out.end(subscription, Ending.closed(), view);
    }

    @Override
    public void call(Call call, Output out) {
        wantsSocket |= calls.needsSocket(call);
        calls.add(call, out);
        proceed(out);
    }

    @Override
    public void cancel(Call call, Output out) {
        calls.cancel(call, out);
    }

    @Override
    public void timer(Object tag, Output out) {
        ((Tick) tag).due(out);
    }

    // ---- step by step to a live connection ----

    private void proceed(Output out) {
        if (phase == Phase.IDLE) {
            phase = Phase.AUTHORIZING;
            if (context.authenticated()) {
                out.credential(null);
                return;
            }
            phase = Phase.READY;
        }
        if (phase == Phase.READY) {
            calls.serve(out);
            findRoom(out);
        }
        if (phase == Phase.FOUND) {
            calls.serve(out);
            connect(out);
        } else if (phase == Phase.CONNECTING || phase == Phase.SYNCING || phase == Phase.LIVE) {
            calls.serve(out);
        }
    }

    @Override
    public void credential(Credential credential, Output out) {
        targets.credential(credential);
        if (phase == Phase.AUTHORIZING) {
            phase = Phase.READY;
            proceed(out);
        }
    }

    private void findRoom(Output out) {
        if (!wantsSocket && calls.isEmpty()) {
            return;
        }
        String id = address.id();
        if (id == null) {
            ConfigurationException noRoom = new ConfigurationException(
                    "the address of the source names no room: it ends in /room/ID, and DriftDb.createRoom makes one");
            calls.refuseAll(noRoom, out);
            if (!views.isEmpty() || wholeRoom != null) {
                end(Ending.rejected(noRoom), out);
            }
            return;
        }
        Room known = entrance.known(id);
        if (known != null) {
            found(known, out);
            return;
        }
        phase = Phase.FINDING;
        entrance.find(id, out);
    }

    private void found(Room room, Output out) {
        memory.room = room;
        truths.room(room);
        phase = Phase.FOUND;
        audits.run(out);
    }

    /** Goes on where the entrance ends. */
    private final class Entered implements Entrance.End {

        @Override
        public void found(Room room, Output out) {
            DriftDbProtocol.this.found(room, out);
            proceed(out);
        }

        @Override
        public void refused(Ending why, Output out) {
            end(why, out);
        }
    }

    private void connect(Output out) {
        Room room = memory.room;
        if (!wantsSocket || room == null) {
            return;
        }
        phase = Phase.CONNECTING;
        socket = out.open(targets.socket(room, encoding(), wholeRoom != null));
    }

    // ---- the socket ----

    @Override
    public void opened(Wire wire, Head head, Output out) {
        Duration wait = head.retryAfter(out.now());
        notBefore = head.status() < 400 || wait.isZero() ? null : out.nanos() + wait.toNanos();
        if (exchanges.isOurs(wire)) {
            exchanges.opened(wire, head);
        } else if (truths.isOurs(wire)) {
            truths.opened(wire, head, out);
        } else if (wire.equals(socket)) {
            if (head.status() == 101) {
                begin(wire, out);
            } else {
                entrance.refused(head.status(), wait, out);
            }
        }
    }

    private void begin(Wire wire, Output out) {
        phase = Phase.SYNCING;
        Link opened = new Link(wire, encoding());
        link = opened;
        heardAt = out.nanos();
        out.timer(isQuiet, Targets.PING_AFTER, Targets.PING_AFTER);
        streams.open(opened, out);
        RoomView room = wholeRoom;
        if (room != null) {
            pings.send(opened, (way, then) -> room.upToDate(then), out);
        }
        settle(out);
    }

    /** Writes go only when every key is asked for and answered, so that their echoes are heard. */
    private void settle(Output out) {
        Link to = link;
        if (phase != Phase.SYNCING || to == null || !streams.isSettled()) {
            return;
        }
        phase = Phase.LIVE;
        memory.diedOwing = 0;
        out.negotiated(DriftDbTransport.CAPABILITIES);
        audits.open(out);
        window.open(to, out);
        presences.open(views.values(), out);
        calls.serve(out);
    }

    private void isQuiet(Output out) {
        Link to = link;
        if (to == null) {
            return;
        }
        Duration rest = Targets.PING_AFTER.minusNanos(out.nanos() - heardAt);
        if (rest.isNegative() || rest.isZero()) {
            pings.send(to, (way, then) -> {}, out);
            rest = Targets.PING_AFTER;
        }
        out.timer(isQuiet, rest, rest);
    }

    @Override
    public void writable(Wire wire, Output out) {
        Link to = link;
        if (wire.equals(socket) && to != null) {
            to.writable();
            window.pump(out);
        }
    }

    @Override
    public void data(Wire wire, DataKind kind, ByteBuffer bytes, boolean last, Output out) {
        if (exchanges.isOurs(wire)) {
            exchanges.data(wire, bytes, out);
        } else if (truths.isOurs(wire)) {
            truths.data(wire, kind, bytes, last, out);
        } else if (wire.equals(socket)) {
            heardAt = out.nanos();
            notBefore = null;
            incoming.data(kind, bytes, last, out);
        }
    }

    /** What concerns the whole session of what the server says. */
    private final class Heard implements Incoming.Session {

        @Override
        public Encoding encoding() {
            return DriftDbProtocol.this.encoding();
        }

        @Override
        public @Nullable RoomView wholeRoom() {
            return wholeRoom;
        }

        @Override
        public void answered(Output out) {
            readSuspects(out);
        }

        @Override
        public void fault(String what, Output out) {
            for (Subscription one : views.keySet()) {
                out.fault(one, what, "socket");
                return;
            }
        }

        @Override
        public void end(Ending why, Output out) {
            DriftDbProtocol.this.end(why, out);
        }
    }

    @Override
    public void ended(Wire wire, WireEnd end, Output out) {
        if (exchanges.isOurs(wire)) {
            exchanges.ended(wire, end, out);
        } else if (truths.isOurs(wire)) {
            truths.ended(wire, end, out);
        } else if (wire.equals(socket)) {
            socket = null;
            if (phase == Phase.CONNECTING) {
                entrance.closed(end, out);
            } else {
                lost(end, out);
            }
        }
    }

    private void lost(WireEnd end, Output out) {
        ConnectionException reason = end.asException();
        if (streams.isOwed() && end.kind() != WireEnd.Kind.SILENT) {
            memory.diedOwing++;
            if (memory.diedOwing >= MOST_DEATHS && encoding() == Encoding.JSON) {
                memory.encoding = Encoding.CBOR;
                memory.diedOwing = 0;
                end(Ending.fallBack(reason, "CBOR, since a key may hold a value that JSON cannot carry"), out);
                return;
            }
        }
        end(Ending.retry(reason), out);
    }

    /** What is retained cannot be read: some reasons are those of the whole session. */
    private boolean unreadable(SyncException reason, Output out) {
        if (reason instanceof RoomNotFoundException) {
            end(Ending.gone(reason), out);
        } else if (reason instanceof DriftDbException refusal
                && Statuses.isCredential(refusal.status())
                && context.authenticated()) {
            end(Ending.reauthenticate(reason), out);
        }
        return phase == Phase.OVER;
    }

    /** The session is over; each view goes on with the next one. */
    private void end(Ending ending, Output out) {
        if (phase == Phase.OVER) {
            return;
        }
        phase = Phase.OVER;
        link = null;
        Long earliest = notBefore;
        long rest = earliest == null ? 0 : Math.max(0, earliest - out.nanos());
        Ending heeding = ending.after(Duration.ofNanos(rest));
        Map.copyOf(views).forEach((subscription, view) -> out.end(subscription, heeding, view));
        views.clear();
        out.end(heeding);
    }

    // ---- for its parts ----

    private void readSuspects(Output out) {
        audits.run(out);
        settle(out);
    }

    @Override
    public @Nullable Room room() {
        return phase == Phase.READY ? null : memory.room;
    }

    @Override
    public @Nullable Link link() {
        return link;
    }

    @Override
    public boolean isLive() {
        return phase == Phase.LIVE;
    }

    @Override
    public @Nullable KeyStream stream(String key) {
        return streams.find(key);
    }

    @Override
    public void suspect(KeyStream stream, Output out) {
        audits.suspect(stream, out);
    }

    @Override
    public void dead(SyncException reason, Output out) {
        end(Ending.retry(reason), out);
    }

    @Override
    public Truths truths() {
        return truths;
    }
}
