package dev.tributary.websocket;

import dev.tributary.spi.Environment;
import dev.tributary.spi.Target;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.Wires;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;

/** The WebSockets of one source. */
final class WebSocketWires implements Wires {

    private final Set<SocketWire> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean finished = new AtomicBoolean();
    private final WebSocketSettings settings;
    private final Environment environment;
    // Goodbyes outlive the source by a moment, and need timers.
    private final Environment.Hold hold;
    private final ThreadPoolExecutor executor;
    private final Links links;
    private volatile boolean closed;

    WebSocketWires(WebSocketSettings settings, Environment environment) {
        this.settings = settings;
        this.environment = environment;
        this.hold = environment.hold();
        WireThreads threads = new WireThreads();
        this.executor = threads.shared();
        this.links = switch (settings.client()) {
            case JAVA_WEBSOCKET -> new JavaWebSocketLinks(settings, threads);
            case JDK -> new JdkLinks(settings, threads, executor);
        };
    }

    /**
     * {@inheritDoc} A wire that is opened after {@link #close} is closed from the beginning.
     *
     * @throws dev.tributary.ConfigurationException when the client that was chosen cannot do what the target asks for
     */
    @Override
    public Connection open(Target target, Listener listener) {
        if (!(target instanceof WebSocketTarget socket)) {
            throw new IllegalArgumentException("no WebSocket: " + target);
        }
        SocketWire wire = new SocketWire(
                new SocketWire.Surroundings(settings, environment, executor), socket, listener, this::released);
        wire.attach(links.link(socket, wire));
        open.add(wire);
        if (closed) {
            open.remove(wire);
        } else {
            wire.start();
        }
        if (closed) {
            wire.close(CloseCodes.NORMAL, "");
        }
        return wire;
    }

    /** {@inheritDoc} Servers that listen are told; a second later all is gone in any case. */
    @Override
    public void close() {
        closed = true;
        open.forEach(wire -> wire.close(CloseCodes.NORMAL, ""));
        finish();
    }

    private void released(SocketWire wire) {
        open.remove(wire);
        if (closed) {
            finish();
        }
    }

    private void finish() {
        if (open.isEmpty() && finished.compareAndSet(false, true)) {
            links.close();
            executor.shutdown();
            hold.close();
        }
    }
}
