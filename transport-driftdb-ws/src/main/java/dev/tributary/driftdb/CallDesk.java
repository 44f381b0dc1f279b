package dev.tributary.driftdb;

import dev.tributary.ConfigurationException;
import dev.tributary.SyncException;
import dev.tributary.spi.Call;
import dev.tributary.spi.Output;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The calls of a session: each waits here until there is what serves it, a room, a socket, or nothing at all. */
final class CallDesk {

    private static final Duration MOST_FOLD_WAIT = Duration.ofMillis(500);

    /** How far the session is. */
    interface Session {

        /** The room, once exchanges about it may be made; null before. */
        @Nullable
        Room room();

        /** The socket, while it is open. */
        @Nullable
        Link link();

        /** Whether every key is asked for and answered. */
        boolean isLive();

        Encoding encoding();
    }

    private final Session session;
    private final SourceMemory memory;
    private final boolean writesOverHttp;
    private final RandomGenerator random;
    private final RoomFinder finder;
    private final HttpMessages http;
    private final Truths truths;
    private final Pings pings;
    private final WriteWindow window;
    private final Thinning thinning;
    private final Presences presences;
    private final Deque<Call> waiting = new ArrayDeque<>();

    CallDesk(
            Session session,
            SourceMemory memory,
            boolean writesOverHttp,
            RandomGenerator random,
            RoomFinder finder,
            HttpMessages http,
            Truths truths,
            Pings pings,
            WriteWindow window,
            Presences presences) {
        this.session = session;
        this.memory = memory;
        this.writesOverHttp = writesOverHttp;
        this.random = random;
        this.finder = finder;
        this.http = http;
        this.truths = truths;
        this.pings = pings;
        this.window = window;
        this.thinning = new Thinning(window);
        this.presences = presences;
    }

    /** Whether a call is served by nothing but a socket. */
    boolean needsSocket(Call call) {
        Object request = call.request();
        return request instanceof Request.Latency || (request instanceof Request.Write write && !isOverHttp(write));
    }

    private boolean isOverHttp(Request.Write write) {
        return write.way == Request.Way.HTTP || (write.way != Request.Way.THINNED && writesOverHttp);
    }

    void add(Call call, Output out) {
        if (call.request() instanceof Request.Write write && write.hasLeft()) {
            // In a session that was lost: its time may end before this one can look for it.
            out.sent(call);
        }
        waiting.add(call);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void cancel(Call call, Output out) {
        waiting.removeIf(call::equals);
        window.cancel(call, out);
        thinning.cancel(call);
        http.cancel(call, out);
    }

    void refuseAll(SyncException reason, Output out) {
        List.copyOf(waiting).forEach(call -> out.refuse(call, reason));
        waiting.clear();
    }

    /** Hands the calls on to whoever can serve them now. */
    void serve(Output out) {
        for (Call call : List.copyOf(waiting)) {
            if (serves(call, out)) {
                waiting.removeIf(call::equals);
            }
        }
    }

    private boolean serves(Call call, Output out) {
        Request request = (Request) call.request();
        if (request instanceof Request.CreateRoom) {
            out.sent(call);
            finder.create(finder.answering(call), out);
            return true;
        }
        if (request instanceof Request.FindRoom find) {
            finder.find(find.id(), finder.answering(call), out);
            return true;
        }
        Room room = session.room();
        if (room == null) {
            return false;
        }
        if (request instanceof Request.Write write) {
            return write(call, write, room, out);
        }
        if (request instanceof Request.Read read) {
            http.read(call, read, room, out);
        } else if (request instanceof Request.Ping) {
            http.ping(call, random.nextLong(1L << 53), room, out);
        } else if (request instanceof Request.ReadToFold fold) {
            fold(call, fold, out);
        } else if (request instanceof Request.ReadRetained read) {
            retained(call, read, out);
        } else if (request instanceof Request.Announce announce) {
            announce(call, announce, out);
        } else if (request instanceof Request.Withdraw withdraw) {
            withdraw(call, withdraw, out);
        } else {
            return latency(call, out);
        }
        return true;
    }

    private boolean write(Call call, Request.Write write, Room room, Output out) {
        if (isOverHttp(write)) {
            http.write(call, write, room, out);
        } else if (write.way == Request.Way.THINNED) {
            if (!session.isLive()) {
                return false;
            }
            thinning.add(call, write, out);
        } else {
            window.add(call, write, out);
        }
        return true;
    }

    private boolean latency(Call call, Output out) {
        Link to = session.link();
        if (to == null) {
            return false;
        }
        pings.send(to, (way, then) -> then.reply(call, way), out);
        return true;
    }

    private void retained(Call call, Request.ReadRetained read, Output out) {
        truths.read(
                read.key(),
                0,
                session.encoding(),
                new Truths.Reader() {
                    @Override
                    public void read(List<Entry> entries, Output then) {
                        then.reply(call, List.copyOf(entries));
                    }

                    @Override
                    public void failed(SyncException reason, Output then) {
                        then.refuse(call, reason);
                    }
                },
                out);
    }

    private void fold(Call call, Request.ReadToFold fold, Output out) {
        if (!memory.folding.add(fold.key())) {
            out.reply(call, List.of());
            return;
        }
        Tick read = then -> truths.read(
                fold.key(),
                0,
                session.encoding(),
                new Truths.Reader() {
                    @Override
                    public void read(List<Entry> entries, Output later) {
                        memory.folding.remove(fold.key());
                        // Somebody else may have folded it meanwhile.
                        later.reply(call, entries.size() > fold.threshold() ? List.copyOf(entries) : List.of());
                    }

                    @Override
                    public void failed(SyncException reason, Output later) {
                        memory.folding.remove(fold.key());
                        later.refuse(call, reason);
                    }
                },
                then);
        out.timer(read, Duration.ZERO, MOST_FOLD_WAIT);
    }

    private void announce(Call call, Request.Announce announce, Output out) {
        String key = key(call);
        if (key == null) {
            out.refuse(call, new ConfigurationException("presence is announced through the view of its key"));
            return;
        }
        presences.announce(key, announce, out);
        out.reply(call, null);
    }

    private void withdraw(Call call, Request.Withdraw withdraw, Output out) {
        String key = key(call);
        if (key != null) {
            presences.withdraw(key, withdraw, out);
        }
        out.reply(call, null);
    }

    private static @Nullable String key(Call call) {
        return call.subscription() == null ? null : call.subscription().query().name();
    }
}
