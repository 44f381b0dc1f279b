package dev.tributary.driftdb;

import dev.tributary.ConfigurationException;
import dev.tributary.ConnectionException;
import dev.tributary.Credential;
import dev.tributary.RejectedException;
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
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One session with one room: finds it, opens a socket when something needs one, asks for each key, and only then lets
 * writes go. What happens to entries, writes and reads is the business of its parts.
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
    private final RoomFinder finder;
    private final Truths truths;
    private final Pings pings;
    private final WriteWindow window;
    private final Presences presences;
    private final CallDesk calls;
    private final Streams streams;
    private final Audits audits;
    private final Assembly assembly;

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

    private boolean counterWentBack;
    private @Nullable Long newestBefore;

    DriftDbProtocol(SessionContext context, SourceMemory memory) {
        this.context = context;
        this.memory = memory;
        this.address = RoomAddress.of(context.endpoint());
        this.targets = new Targets(address, context.options());
        this.exchanges = new Exchanges(
                targets.maxMessage(), "the bound that the option '" + DriftDbOptions.MAX_MESSAGE.name() + "' sets");
        this.finder = new RoomFinder(
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
        this.assembly = new Assembly(targets.maxMessage());
        this.newestBefore = memory.newestMessage;
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
        if (memory.room == null && context.options().get(DriftDbOptions.DERIVE, false)) {
            memory.room = address.derived(id);
        }
        Room known = memory.room;
        if (known != null) {
            found(known, out);
            return;
        }
        phase = Phase.FINDING;
        finder.find(
                id,
                new RoomFinder.Finding() {
                    @Override
                    public void found(Room room, Output then) {
                        DriftDbProtocol.this.found(room, then);
                        proceed(then);
                    }

                    @Override
                    public void failed(int status, SyncException reason, Output then) {
                        end(notFound(status, reason), then);
                    }
                },
                out);
    }

    private Ending notFound(int status, SyncException reason) {
        if (reason instanceof RoomNotFoundException) {
            return Ending.gone(reason);
        }
        if (Statuses.isCredential(status) && context.authenticated()) {
            return Ending.reauthenticate(reason);
        }
        boolean passing = status == 0 || Statuses.isGood(status) || Statuses.isPassing(status);
        return passing ? Ending.retry(reason) : Ending.rejected(reason);
    }

    private void found(Room room, Output out) {
        memory.room = room;
        truths.room(room);
        phase = Phase.FOUND;
        audits.run(out);
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
                end(refusedUpgrade(head.status(), wait), out);
            }
        }
    }

    private Ending refusedUpgrade(int status, Duration wait) {
        DriftDbException refusal = new DriftDbException(status, "the upgrade to a WebSocket was refused", wait);
        if (Statuses.isCredential(status) && context.authenticated()) {
            return Ending.reauthenticate(refusal);
        }
        return Statuses.isPassing(status) ? Ending.retry(refusal) : Ending.rejected(refusal);
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
            byte[] message = assembly.add(bytes, last);
            if (message != null) {
                if (kind == DataKind.TEXT && encoding() == Encoding.CBOR) {
                    // Servers before CBOR ignore that it is asked for, and end the connection on binary messages.
                    end(
                            Ending.rejected(new RejectedException(
                                    "the server answers in JSON, so it does not know CBOR: open the source without"
                                            + " encoding=cbor")),
                            out);
                    return;
                }
                Encoding encoding = kind == DataKind.BINARY ? Encoding.CBOR : Encoding.JSON;
                message(MessageReader.message(encoding, message), out);
            }
        }
    }

    private void message(ServerMessage message, Output out) {
        if (message instanceof ServerMessage.Pushed pushed) {
            pushed(pushed.key(), pushed.entry(), out);
        } else if (message instanceof ServerMessage.Init init) {
            init(init.key(), init.entries(), out);
        } else if (message instanceof ServerMessage.Size size) {
            size(size.key(), size.size(), out);
        } else if (message instanceof ServerMessage.Pong pong) {
            pings.pong(pong.nonce(), out);
        } else if (message instanceof ServerMessage.Refusal refusal) {
            refused(refusal.text(), out);
        } else if (message instanceof ServerMessage.Unknown unknown) {
            fault("a message of the unknown type '" + unknown.type() + "' was ignored", out);
        }
    }

    private void pushed(String key, Entry entry, Output out) {
        audits.frame(out);
        noteNumber(entry.number(), out);
        RoomView room = wholeRoom;
        if (room != null) {
            room.relayed(entry, out);
            return;
        }
        KeyStream stream = streams.find(key);
        if (stream == null || stream.state() == KeyStream.State.UNASKED) {
            return;
        }
        Entry before = stream.newest();
        WriteWindow.Echo own = stream.isRepeat(entry) ? null : window.echo(key, entry);
        stream.message(entry, own == null ? null : own.action(), out);
        if (own != null) {
            // Only now: what is confirmed is visible.
            WriteWindow.answer(own, entry, before, out);
        }
        stream.views().forEach(view -> presences.heard(view, out));
    }

    /** Messages are never sent again: a number as low as those of an earlier connection shows that the counter went back. */
    private void noteNumber(long number, Output out) {
        Long before = newestBefore;
        if (before != null && !counterWentBack && Long.compareUnsigned(number, before) <= 0) {
            counterWentBack = true;
            out.notice(new CounterWentBack(before, number));
            fault("the counter of the room went back: numbers are given again", out);
        }
        Long newest = memory.newestMessage;
        if (counterWentBack || newest == null || Long.compareUnsigned(number, newest) > 0) {
            memory.newestMessage = number;
        }
    }

    private void init(String key, List<Entry> entries, Output out) {
        RoomView room = wholeRoom;
        if (room != null) {
            room.init(key, entries, out);
            return;
        }
        KeyStream stream = streams.find(key);
        if (stream == null || stream.state() == KeyStream.State.UNASKED) {
            return;
        }
        streams.answered(stream, out);
        stream.init(entries, out);
        stream.views().forEach(view -> presences.heard(view, out));
        readSuspects(out);
        settle(out);
    }

    private void size(String key, long size, Output out) {
        window.size(key, size);
        out.notice(new StreamSize(key, size));
        KeyStream stream = streams.find(key);
        if (stream != null && stream.holdsFewerThan(size)) {
            audits.suspect(stream, out);
        }
    }

    private void refused(String text, Output out) {
        out.notice(new ServerError(DriftDbException.shortened(text), window.underWay()));
        fault("the server could not use a message", out);
        window.refused(text, out);
    }

    private void fault(String what, Output out) {
        for (Subscription one : views.keySet()) {
            out.fault(one, what, "socket");
            return;
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
                neverOpened(end, out);
            } else {
                lost(end, out);
            }
        }
    }

    /** An upgrade without any answer is how a server says that it does not know the room. */
    private void neverOpened(WireEnd end, Output out) {
        String id = address.id();
        boolean unanswered = end.kind() == WireEnd.Kind.BROKEN
                || end.kind() == WireEnd.Kind.CLOSED
                || end.kind() == WireEnd.Kind.COMPLETE
                || end.kind() == WireEnd.Kind.MALFORMED;
        if (!unanswered || id == null) {
            end(Ending.retry(end.asException()), out);
            return;
        }
        finder.find(
                id,
                new RoomFinder.Finding() {
                    @Override
                    public void found(Room room, Output then) {
                        if (!context.options().get(DriftDbOptions.DERIVE, false)) {
                            memory.room = room;
                        }
                        end(Ending.retry(end.asException()), then);
                    }

                    @Override
                    public void failed(int status, SyncException reason, Output then) {
                        end(
                                reason instanceof RoomNotFoundException
                                        ? Ending.gone(reason)
                                        : Ending.retry(end.asException()),
                                then);
                    }
                },
                out);
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
