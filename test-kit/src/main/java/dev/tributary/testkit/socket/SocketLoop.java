package dev.tributary.testkit.socket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The thread that does everything: it accepts, reads, asks the handler, writes and keeps the time. Held requests and
 * WebSockets cost a connection but no thread.
 */
final class SocketLoop implements Runnable {

    private static final int BACKLOG = 4096;
    private final SocketHandler handler;
    private final Object closing = new Object();
    private final ServerClock clock;
    private final int requestsPerConnection;
    private final Selector selector;
    private final int port;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final Set<SocketConnection> connections = new HashSet<>();
    private ServerSocketChannel listener;
    /** Keeps the port from others while nobody listens at it. */
    private @Nullable SocketChannel placeholder;

    private volatile @Nullable Thread thread;
    private volatile boolean open = true;
    private long timerNumber;

    SocketLoop(SocketHandler handler, ServerClock clock, int port, int requestsPerConnection) {
        this.handler = handler;
        this.clock = clock;
        this.requestsPerConnection = requestsPerConnection;
        try {
            selector = Selector.open();
            listener = listen(port);
            this.port = listener.socket().getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerSocketChannel listen(int wanted) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), wanted), BACKLOG);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_ACCEPT);
        return channel;
    }

    int port() {
        return port;
    }

    SocketHandler handler() {
        return handler;
    }

    long now() {
        return clock.millis();
    }

    int requestsPerConnection() {
        return requestsPerConnection;
    }

    /** Runs something on the loop's thread; callable from any thread. */
    void later(Runnable task) {
        tasks.add(task);
        if (!Thread.currentThread().equals(thread)) {
            wake();
        }
    }

    /** Makes the loop look at the clock and the model's deadlines again. */
    void wake() {
        synchronized (closing) {
            if (selector.isOpen()) {
                selector.wakeup();
            }
        }
    }

    void stop() {
        open = false;
        wake();
    }

    /** Hands a request to the handler. */
    void handle(HttpExchange exchange) {
        try {
            handler.request(exchange);
        } catch (RuntimeException e) {
            exchange.respond(handler.badRequest(500));
        }
    }

    /** Refuses every new client from now on, and breaks the connections there are. */
    void leavePort() throws IOException {
        listener.close();
        // A closed channel keeps its port until the selector has let go of it.
        selector.selectNow();
        if (placeholder == null) {
            placeholder = SocketChannel.open();
            placeholder.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            placeholder.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        }
        new ArrayList<>(connections).forEach(SocketConnection::close);
    }

    /** Listens again at the same port. */
    void returnToPort() throws IOException {
        if (!listener.isOpen()) {
            listener = listen(port);
            closePlaceholder();
        }
    }

    private void closePlaceholder() throws IOException {
        if (placeholder != null) {
            placeholder.close();
            placeholder = null;
        }
    }

    void at(long millis, Runnable action) {
        timers.add(new Timer(millis, timerNumber++, action));
    }

    void forget(SocketConnection connection) {
        connections.remove(connection);
        handler.disconnected();
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        try {
            while (open) {
                select();
                runTasks();
                runTimers();
                handler.tick();
                serveKeys();
            }
        } catch (IOException | ClosedSelectorException e) {
            open = false;
        } finally {
            closeAll();
        }
    }

    private void select() throws IOException {
        OptionalLong next = clock.isManual() ? OptionalLong.empty() : nextEvent();
        if (!tasks.isEmpty()) {
            selector.selectNow();
        } else if (next.isEmpty()) {
            selector.select();
        } else {
            long wait = next.getAsLong() - now();
            if (wait <= 0) {
                selector.selectNow();
            } else {
                selector.select(wait);
            }
        }
    }

    private OptionalLong nextEvent() {
        OptionalLong deadline = handler.nextDeadline();
        if (timers.isEmpty()) {
            return deadline;
        }
        long timer = timers.peek().due();
        return OptionalLong.of(deadline.isEmpty() ? timer : Math.min(timer, deadline.getAsLong()));
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void runTimers() {
        while (!timers.isEmpty() && timers.peek().due() <= now()) {
            timers.remove().action().run();
        }
    }

    private void serveKeys() throws IOException {
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.isValid() && key.isAcceptable()) {
                accept();
            } else if (key.attachment() instanceof SocketConnection connection) {
                serve(key, connection);
            }
        }
        selector.selectedKeys().clear();
    }

    /** A handler that throws loses that connection and no other. */
    private static void serve(SelectionKey key, SocketConnection connection) {
        try {
            if (key.isValid() && key.isReadable()) {
                connection.readable();
            }
            if (key.isValid() && key.isWritable()) {
                connection.writable();
            }
        } catch (RuntimeException e) {
            connection.close();
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    private void accept() throws IOException {
        SocketChannel channel = listener.accept();
        while (channel != null) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            SocketConnection connection = new SocketConnection(this, channel, key);
            key.attach(connection);
            connections.add(connection);
            handler.connected();
            channel = listener.accept();
        }
    }

    private void closeAll() {
        new ArrayList<>(connections).forEach(SocketConnection::close);
        runTasks();
        synchronized (closing) {
            ServerSocketChannel last = listener;
            try (selector;
                    last) {
                timers.clear();
                closePlaceholder();
            } catch (IOException e) {
                open = false;
            }
        }
    }

    private record Timer(long due, long number, Runnable action) implements Comparable<Timer> {

        @Override
        public int compareTo(Timer other) {
            int byDue = Long.compare(due, other.due);
            return byDue != 0 ? byDue : Long.compare(number, other.number);
        }
    }
}
