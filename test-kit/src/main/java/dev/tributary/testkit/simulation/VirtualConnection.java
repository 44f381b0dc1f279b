package dev.tributary.testkit.simulation;

import dev.tributary.spi.Environment;
import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.Target;
import dev.tributary.spi.WireEnd;
import dev.tributary.spi.Wires;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * A wire in virtual time. Whatever the server sends arrives after the latency of the network, in order, content only as
 * far as the client granted it; after the end, or once the client closed the wire, nothing arrives any more.
 */
final class VirtualConnection implements SimulatedConnection {

    private final int number;
    private final Target target;
    private final Wires.Listener listener;
    private final SimulatedEnvironment environment;
    private final SimulatedNetwork network;
    private final Consumer<VirtualConnection> onGone;

    private final Deque<Arrival> arrivals = new ArrayDeque<>();
    /** Of what is on its way to the client. */
    private final Set<Environment.Timer> timers = new HashSet<>();

    private ClientListener client = new ClientListener() {};
    private long lastToClient;
    private long lastToServer;
    private long granted;
    private boolean serverEnded;
    private boolean gone;
    private boolean full;
    /** Nothing gets through any more, either way, and nobody is told. */
    private boolean dead;
    /** After so many bytes of content to the client it breaks; negative for never. */
    private long bytesLeft = -1;

    VirtualConnection(
            int number,
            Target target,
            Wires.Listener listener,
            SimulatedEnvironment environment,
            SimulatedNetwork network,
            Consumer<VirtualConnection> onGone) {
        this.number = number;
        this.target = target;
        this.listener = listener;
        this.environment = environment;
        this.network = network;
        this.onGone = onGone;
    }

    void connect(SimulatedServer server) {
        environment.weather().opened(this);
        if (environment.isLogged()) {
            note("opens " + target);
        }
        toServer(() -> {
            if (!gone) {
                server.accept(this);
            }
        });
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public boolean isOpen() {
        return !gone && !serverEnded;
    }

    @Override
    public long demand() {
        return granted;
    }

    @Override
    public int waitingPieces() {
        return (int) arrivals.stream().filter(Arrival::isContent).count();
    }

    @Override
    public void listen(ClientListener other) {
        client = other;
    }

    @Override
    public void head(Head head) {
        send(Arrival.other(() -> {
            note("head " + head.status());
            listener.opened(head);
        }));
    }

    @Override
    public void body(byte[] bytes) {
        int at = 0;
        while (at < bytes.length) {
            int length = network.mostPiece() == 0
                    ? bytes.length
                    : Math.min(bytes.length - at, 1 + environment.wireRandom().nextInt(network.mostPiece()));
            content(DataKind.BODY, bytes, at, length, false);
            at += length;
        }
    }

    @Override
    public void complete() {
        end(WireEnd.complete(), false);
    }

    @Override
    public void text(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        content(DataKind.TEXT, bytes, 0, bytes.length, true);
    }

    @Override
    public void binary(byte[] message) {
        content(DataKind.BINARY, message, 0, message.length, true);
    }

    @Override
    public void alive() {
        send(Arrival.other(listener::alive));
    }

    @Override
    public void close(int code, String reason) {
        end(new WireEnd(WireEnd.Kind.CLOSED, code, reason, null), false);
    }

    @Override
    public void fail(WireEnd.Kind kind, String reason) {
        end(WireEnd.of(kind, reason, null), true);
    }

    @Override
    public void full(boolean now) {
        boolean before = full;
        full = now;
        if (before && !now) {
            send(Arrival.other(listener::writable));
        }
    }

    private void content(DataKind kind, byte[] bytes, int offset, int length, boolean last) {
        if (bytesLeft < 0) {
            piece(kind, bytes, offset, length, last);
            return;
        }
        if (bytesLeft > length) {
            bytesLeft -= length;
            piece(kind, bytes, offset, length, last);
            return;
        }
        if (isOpen()) {
            piece(kind, bytes, offset, (int) bytesLeft, false);
            bytesLeft = -1;
            breakNow();
            environment.weather().struck();
        }
    }

    private void piece(DataKind kind, byte[] bytes, int offset, int length, boolean last) {
        // The listener keeps what it gets, the server what it sent: neither sees the other's changes.
        ByteBuffer piece =
                ByteBuffer.allocate(length).put(bytes, offset, length).flip();
        send(Arrival.content(() -> {
            if (environment.isLogged()) {
                CRC32 sum = new CRC32();
                sum.update(piece.duplicate());
                note("%s %d %08x%s".formatted(kind, length, sum.getValue(), last ? "" : " and more"));
            }
            listener.data(kind, piece, last);
        }));
    }

    // ---- the weather ----

    /** It breaks after so many bytes of content more; with 0 at once. */
    void breakAfter(long bytes) {
        if (bytes == 0) {
            breakNow();
        } else {
            bytesLeft = bytes;
        }
    }

    /** It does not break any more of itself. */
    void spare() {
        bytesLeft = -1;
    }

    private void breakNow() {
        if (isOpen()) {
            fail(WireEnd.Kind.BROKEN, "connection reset");
            toServer(() -> client.closed(1006, "connection reset"));
        }
    }

    /** From now on it is open at one end, or at both, and nothing gets through. */
    void die() {
        dead = true;
    }

    private void end(WireEnd end, boolean abrupt) {
        if (!isOpen()) {
            return;
        }
        send(Arrival.end(
                () -> {
                    note("ended " + end.kind() + (end.code() == 0 ? "" : " " + end.code()));
                    leave();
                    listener.ended(end);
                },
                abrupt));
        serverEnded = true;
    }

    private void send(Arrival arrival) {
        if (!isOpen() || dead) {
            return;
        }
        arrivals.add(arrival);
        lastToClient = due(lastToClient);
        Environment.Timer[] timer = new Environment.Timer[1];
        timer[0] = at(lastToClient, () -> {
            timers.remove(timer[0]);
            arrival.arrived = true;
            deliver();
        });
        timers.add(timer[0]);
    }

    /** Delivers what has arrived, as far as it was granted. */
    private void deliver() {
        while (!gone && !dead) {
            Arrival first = arrivals.peek();
            if (first == null || !first.arrived) {
                return;
            }
            if (first.isContent() && granted == 0) {
                Arrival last = arrivals.getLast();
                if (!last.isAbruptEnd() || !last.arrived) {
                    return;
                }
                arrivals.removeIf(Arrival::isContent);
                continue;
            }
            if (first.isContent()) {
                granted--;
            }
            arrivals.remove();
            first.action.run();
        }
    }

    private void toServer(Runnable action) {
        if (dead) {
            return;
        }
        lastToServer = due(lastToServer);
        at(lastToServer, () -> {
            if (!dead) {
                action.run();
            }
        });
    }

    /** When something sent now is there: after a latency, and never before what was sent earlier. */
    private long due(long last) {
        long latency = network.drawLatencyNanos(environment.wireRandom())
                + environment.weather().drawLatencyNanos();
        return Math.max(last, environment.nanoTime() + latency);
    }

    private Environment.Timer at(long due, Runnable action) {
        if (due <= environment.nanoTime()) {
            environment.wires().execute(action);
            return () -> {};
        }
        return environment.at(Duration.ofNanos(due), action);
    }

    private void leave() {
        gone = true;
        arrivals.clear();
        timers.forEach(Environment.Timer::cancel);
        timers.clear();
        environment.weather().closed(this);
        onGone.accept(this);
    }

    private void note(String what) {
        if (environment.isLogged()) {
            environment.note("wire " + number + " " + what);
        }
    }

    Wires.Connection clientSide() {
        return new ClientSide();
    }

    private final class ClientSide implements Wires.Connection {

        @Override
        public void request(int pieces) {
            if (pieces <= 0) {
                throw new IllegalArgumentException("a grant of " + pieces + " pieces");
            }
            granted += pieces;
            if (!gone) {
                environment.wires().execute(VirtualConnection.this::deliver);
            }
        }

        @Override
        public boolean send(DataKind kind, ByteBuffer bytes) {
            if (gone) {
                return true;
            }
            if (environment.isLogged()) {
                CRC32 sum = new CRC32();
                sum.update(bytes.duplicate());
                note("sends %s %d %08x".formatted(kind, bytes.remaining(), sum.getValue()));
            }
            toServer(() -> {
                // What was sent before the client closed the wire still arrives.
                if (!serverEnded) {
                    client.message(kind, bytes);
                }
            });
            return !full;
        }

        @Override
        public void close(int code, String reason) {
            if (gone) {
                return;
            }
            note("closed by the client");
            boolean told = serverEnded;
            leave();
            if (!told) {
                toServer(() -> client.closed(code, reason));
            }
        }
    }

    /** Something on its way to the client. */
    private static final class Arrival {

        private enum Kind {
            CONTENT,
            OTHER,
            END,
            ABRUPT_END
        }

        private final Kind kind;
        private final Runnable action;
        private boolean arrived;

        private Arrival(Kind kind, Runnable action) {
            this.kind = kind;
            this.action = action;
        }

        static Arrival content(Runnable action) {
            return new Arrival(Kind.CONTENT, action);
        }

        static Arrival other(Runnable action) {
            return new Arrival(Kind.OTHER, action);
        }

        static Arrival end(Runnable action, boolean abrupt) {
            return new Arrival(abrupt ? Kind.ABRUPT_END : Kind.END, action);
        }

        boolean isContent() {
            return kind == Kind.CONTENT;
        }

        boolean isAbruptEnd() {
            return kind == Kind.ABRUPT_END;
        }
    }
}
