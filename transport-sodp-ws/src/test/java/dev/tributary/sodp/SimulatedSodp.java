package dev.tributary.sodp;

import dev.tributary.spi.Environment;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.WireEnd;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedServer;
import dev.tributary.testkit.sodp.SodpModel;
import dev.tributary.testkit.sodp.SodpPeer;
import dev.tributary.testkit.sodp.SodpSession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** The model of a SODP server at the far end of simulated wires, and what the network does to it. */
final class SimulatedSodp implements SimulatedServer {

    private final SimulatedEnvironment environment;
    private final SodpModel model;
    private final Set<Client> open = new LinkedHashSet<>();
    private Environment.Timer tick;
    private Duration delay = Duration.ZERO;
    /** Hears that the server did something by itself, late. */
    private final Runnable late;

    private boolean silent;
    private int refusals;
    /** What a handshake is refused with; 0 for no answer at all. */
    private int status;

    private Map<String, String> headers = Map.of();

    SimulatedSodp(SimulatedEnvironment environment, SodpModel model) {
        this(environment, model, () -> {});
    }

    SimulatedSodp(SimulatedEnvironment environment, SodpModel model, Runnable late) {
        this.late = late;
        this.environment = environment;
        this.model = model;
    }

    @Override
    public void accept(SimulatedConnection connection) {
        if (refusals > 0) {
            refusals -= refusals == Integer.MAX_VALUE ? 0 : 1;
            if (status != 0) {
                connection.head(status, headers);
                connection.complete();
            } else {
                connection.fail(WireEnd.Kind.REFUSED, "connection refused");
            }
            return;
        }
        connection.head(101, Map.of("upgrade", "websocket"));
        Client client = new Client(connection);
        open.add(client);
        client.open();
    }

    void arm() {
        if (tick != null) {
            tick.cancel();
            tick = null;
        }
        OptionalLong deadline = model.nextDeadline();
        if (deadline.isPresent() && !open.isEmpty()) {
            long millis =
                    Math.max(0, deadline.getAsLong() - environment.trueNow().toEpochMilli());
            tick = environment.after(Duration.ofMillis(millis), () -> {
                model.tick();
                late.run();
                arm();
            });
        }
    }

    void drop() {
        List.copyOf(open).forEach(Client::reset);
    }

    /**
     * @param answer a status, or 0 for none
     */
    void refuse(int count, int answer) {
        refusals = count;
        status = answer;
        headers = Map.of();
    }

    /** The next handshake is refused, and the client asked to wait. */
    void comeLater(int answer, Duration wait) {
        refuse(1, answer);
        headers = Map.of("retry-after", Long.toString(wait.toSeconds()));
    }

    void silent(boolean now) {
        silent = now;
        if (!now) {
            List.copyOf(open).forEach(Client::release);
        }
    }

    void delay(Duration time) {
        delay = time;
    }

    void garbage(byte[] message) {
        List.copyOf(open).forEach(client -> client.binary(message));
    }

    void heal() {
        refusals = 0;
        delay = Duration.ZERO;
        silent(false);
    }

    private record Waiting(long due, Runnable action) {}

    private final class Client implements SodpPeer, SimulatedConnection.ClientListener {

        private final SimulatedConnection connection;
        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private SodpSession session;

        Client(SimulatedConnection connection) {
            this.connection = connection;
        }

        void open() {
            connection.listen(this);
            session = model.connect(this);
            pingByTheWire();
            arm();
        }

        private void pingByTheWire() {
            Duration pingAfter = connection.webSocket().pingAfter();
            if (pingAfter == null) {
                // A real wire sends its pings itself.
                return;
            }
            environment.after(pingAfter, () -> {
                if (open.contains(this) && connection.isOpen()) {
                    if (!silent) {
                        connection.alive();
                        session.pong();
                    }
                    pingByTheWire();
                }
            });
        }

        /** Frames arrive in the order in which they were sent, whatever becomes of them on the way. */
        private void toClient(Runnable action) {
            long due = environment.nanoTime() + delay.toNanos();
            waiting.add(new Waiting(
                    waiting.isEmpty() ? due : Math.max(due, waiting.getLast().due()), action));
            if (delay.isZero()) {
                release();
            } else {
                environment.after(delay, this::release);
            }
        }

        void release() {
            while (!silent
                    && !waiting.isEmpty()
                    && waiting.getFirst().due() <= environment.nanoTime()
                    && open.contains(this)
                    && connection.isOpen()) {
                waiting.removeFirst().action().run();
            }
        }

        @Override
        public void message(Protocol.DataKind kind, ByteBuffer bytes) {
            if (!open.contains(this)) {
                return;
            }
            if (kind == Protocol.DataKind.TEXT) {
                session.text(StandardCharsets.UTF_8.decode(bytes.duplicate()).toString());
            } else {
                byte[] message = new byte[bytes.remaining()];
                bytes.duplicate().get(message);
                session.message(message);
            }
            arm();
        }

        @Override
        public void closed(int code, String reason) {
            if (open.remove(this)) {
                session.closed();
                arm();
            }
        }

        @Override
        public void binary(byte[] message) {
            toClient(() -> connection.binary(message));
        }

        @Override
        public void text(String message) {
            toClient(() -> connection.text(message));
        }

        @Override
        public void cut(byte[] message, int bytes) {
            reset();
        }

        @Override
        public void ping() {
            if (!silent && connection.isOpen()) {
                connection.alive();
                session.pong();
            }
        }

        @Override
        public void close(int code, String reason) {
            toClient(() -> {
                open.remove(this);
                connection.close(code, reason);
            });
        }

        @Override
        public void end() {
            toClient(this::reset);
        }

        @Override
        public void reset() {
            if (open.remove(this)) {
                connection.fail(WireEnd.Kind.BROKEN, "connection reset");
                session.closed();
                arm();
            }
        }
    }
}
