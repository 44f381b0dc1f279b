package dev.tributary.testkit.socket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * HTTP/1.1 and WebSockets on one port of 127.0.0.1, served by one daemon thread. What happens is up to a
 * {@link SocketHandler}.
 */
public final class SocketServer implements AutoCloseable {

    private final ServerClock clock;
    private final SocketHandler handler;
    private final SocketLoop loop;
    private final Thread thread;

    private SocketServer(String name, int port, int requestsPerConnection, ServerClock clock, SocketHandler handler) {
        this.clock = clock;
        this.handler = handler;
        loop = new SocketLoop(handler, clock, port, requestsPerConnection);
        thread = new Thread(loop, name + "-" + loop.port());
        thread.setDaemon(true);
    }

    /**
     * Starts a server.
     *
     * @param name the name of its thread, followed by the port
     * @param port 0 lets the system choose
     */
    public static SocketServer start(String name, int port, ServerClock clock, SocketHandler handler) {
        return start(name, port, Integer.MAX_VALUE, clock, handler);
    }

    /**
     * Starts a server.
     *
     * @param name the name of its thread, followed by the port
     * @param port 0 lets the system choose
     * @param requestsPerConnection after so many HTTP requests a connection is closed
     */
    public static SocketServer start(
            String name, int port, int requestsPerConnection, ServerClock clock, SocketHandler handler) {
        SocketServer server = new SocketServer(name, port, requestsPerConnection, clock, handler);
        server.thread.start();
        return server;
    }

    /** The port; it stays the same. */
    public int port() {
        return loop.port();
    }

    ServerClock clock() {
        return clock;
    }

    SocketHandler handler() {
        return handler;
    }

    /** Runs something on the server's thread, after all that was given before. From any thread. */
    public void execute(Runnable task) {
        loop.later(task);
    }

    /** Makes the server look at the clock and the handler's deadlines again. */
    public void wake() {
        loop.wake();
    }

    /** Ends every connection and refuses new ones, as a server that is down. Not to be called on the server's thread. */
    public void leavePort() {
        await(loop::leavePort);
    }

    /** Listens again at the same port. Not to be called on the server's thread. */
    public void returnToPort() {
        await(loop::returnToPort);
    }

    /** Ends the thread and closes every connection. */
    @Override
    public void close() {
        loop.stop();
        boolean interrupted = false;
        while (thread.isAlive() && !Thread.currentThread().equals(thread)) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void await(PortAction action) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        loop.later(() -> {
            try {
                action.run();
                done.complete(true);
            } catch (IOException e) {
                done.completeExceptionally(e);
            }
        });
        try {
            done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the server changes its port", e);
        } catch (ExecutionException e) {
            throw new UncheckedIOException(new IOException(e.getCause()));
        }
    }

    private interface PortAction {
        void run() throws IOException;
    }
}
