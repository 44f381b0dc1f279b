package dev.tributary.testkit.electric;

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
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The thread that does everything: it accepts, reads, asks the model, writes and keeps the time. Held requests cost a
 * connection but no thread.
 */
final class HttpLoop implements Runnable {

    private static final int BACKLOG = 4096;
    private static final Exchange NOTHING_HELD = new Exchange() {
        @Override
        public void cancel() {
            // there is nothing to take back
        }

        @Override
        public boolean isDone() {
            return true;
        }
    };

    private final ElectricModel model;
    private final Object lock;
    private final Object closing = new Object();
    private final ServerClock clock;
    private final ResponseEncoder encoder;
    private final int requestsPerConnection;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final Set<HttpConnection> connections = new HashSet<>();
    private volatile boolean open = true;
    private long timerNumber;

    HttpLoop(
            ElectricModel model,
            Object lock,
            ServerClock clock,
            ResponseEncoder encoder,
            int port,
            int requestsPerConnection) {
        this.model = model;
        this.lock = lock;
        this.clock = clock;
        this.encoder = encoder;
        this.requestsPerConnection = requestsPerConnection;
        try {
            selector = Selector.open();
            listener = ServerSocketChannel.open();
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), BACKLOG);
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listener.socket().getLocalPort();
    }

    long now() {
        return clock.millis();
    }

    ResponseEncoder encoder() {
        return encoder;
    }

    int requestsPerConnection() {
        return requestsPerConnection;
    }

    /** Runs something on the loop's thread; callable from any thread. */
    void later(Runnable task) {
        tasks.add(task);
        wake();
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

    /** Hands a request to the model. The reply may come from any thread that drives the model. */
    Exchange handle(HttpConnection connection, ModelRequest request, boolean close) {
        synchronized (lock) {
            try {
                return model.request(request, response -> later(() -> connection.respond(request, response, close)));
            } catch (RuntimeException e) {
                ModelResponse failed = ModelResponse.of(
                        500,
                        List.of(new Header("content-type", "application/json; charset=utf-8")),
                        "{\"error\":\"Internal server error\"}");
                later(() -> connection.respond(request, failed, close));
                return NOTHING_HELD;
            } finally {
                lock.notifyAll();
            }
        }
    }

    void cancel(Exchange exchange) {
        synchronized (lock) {
            exchange.cancel();
            lock.notifyAll();
        }
    }

    void at(long millis, Runnable action) {
        timers.add(new Timer(millis, timerNumber++, action));
    }

    void forget(HttpConnection connection) {
        connections.remove(connection);
    }

    @Override
    public void run() {
        try {
            while (open) {
                select();
                runTasks();
                runTimers();
                synchronized (lock) {
                    model.tick();
                }
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
        OptionalLong deadline;
        synchronized (lock) {
            deadline = model.nextDeadline();
        }
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
            } else if (key.attachment() instanceof HttpConnection connection) {
                if (key.isValid() && key.isReadable()) {
                    connection.readable();
                }
                if (key.isValid() && key.isWritable()) {
                    connection.writable();
                }
            }
        }
        selector.selectedKeys().clear();
    }

    private void accept() throws IOException {
        SocketChannel channel = listener.accept();
        while (channel != null) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            HttpConnection connection = new HttpConnection(this, channel, key);
            key.attach(connection);
            connections.add(connection);
            channel = listener.accept();
        }
    }

    private void closeAll() {
        new ArrayList<>(connections).forEach(HttpConnection::close);
        synchronized (closing) {
            try (selector;
                    listener) {
                timers.clear();
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
