package dev.tributary.testkit.driven;

import dev.tributary.spi.WireProvider;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedServer;
import dev.tributary.testkit.socket.HttpExchange;
import dev.tributary.testkit.socket.HttpResponse;
import dev.tributary.testkit.socket.ServerClock;
import dev.tributary.testkit.socket.SocketHandler;
import dev.tributary.testkit.socket.SocketServer;
import java.util.random.RandomGenerator;

/**
 * A server of the simulator at a real port of 127.0.0.1. Its sockets are served by a thread of their own; the server
 * itself runs in the simulation, as it does behind simulated wires, and so does its time.
 *
 * <p>What it sends is cut anywhere into writes of a few bytes; a wire that it breaks is reset or ends early, as drawn.
 */
public final class DrivenServer implements AutoCloseable {

    private final SimulatedEnvironment environment;
    private final WireLedger ledger;
    private final SimulatedServer server;
    private final Cutter cutter;
    private final RandomGenerator random;
    private final SocketServer sockets;
    private volatile boolean silent;

    private DrivenServer(SimulatedEnvironment environment, WireLedger ledger, SimulatedServer server, int mostPiece) {
        this.environment = environment;
        this.ledger = ledger;
        this.server = server;
        this.random = environment.splitRandom();
        this.cutter = new Cutter(mostPiece, random);
        this.sockets = SocketServer.start("driven-server", 0, ServerClock.manual(0), new Front());
    }

    /**
     * Starts a server. The ledger is that of the environment.
     *
     * @param mostPiece bytes are written in pieces of at most so many, and bodies are chunked so; 0 leaves them whole
     */
    public static DrivenServer start(
            SimulatedEnvironment environment, WireLedger ledger, SimulatedServer server, int mostPiece) {
        return new DrivenServer(environment, ledger, server, mostPiece);
    }

    /** The port; it stays the same. */
    public int port() {
        return sockets.port();
    }

    /** Real wires to this server, kept in its ledger. */
    public WireProvider wires(WireProvider real) {
        return new DrivenWireProvider(real, ledger);
    }

    /** Whether connections are refused: nobody listens at the port, and those that are there are broken. */
    public void refuse(boolean now) {
        if (now) {
            sockets.leavePort();
        } else {
            sockets.returnToPort();
        }
    }

    /** Whether pings of WebSockets stay unanswered; what the server itself says is up to it. */
    public void silent(boolean now) {
        silent = now;
    }

    /** Closes the port and every connection, and ends the thread. */
    @Override
    public void close() {
        sockets.close();
    }

    /** Called by the thread of the sockets. */
    private final class Front implements SocketHandler {

        @Override
        public void connected() {
            ledger.connectionOpened();
        }

        @Override
        public void disconnected() {
            ledger.connectionClosed();
        }

        @Override
        public void request(HttpExchange exchange) {
            ServedWire wire = ledger.served(exchange.request().header(WireLedger.HEADER));
            if (wire == null) {
                exchange.respond(HttpResponse.of(400));
                return;
            }
            DrivenConnection connection = new DrivenConnection(
                    environment,
                    wire,
                    exchange,
                    new StreamedAnswer(exchange, cutter),
                    random::nextBoolean,
                    () -> silent);
            exchange.onGone(() -> connection.left(0, ""));
            environment.arrive(() -> server.accept(connection));
            wire.reached();
        }
    }
}
