package dev.tributary.testkit.socket;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One client connection: HTTP, until it becomes a WebSocket. Used by the loop's thread only, {@link #later} apart. */
final class SocketConnection {

    private static final int READ_SIZE = 64 * 1024;

    private final SocketLoop loop;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final HttpRequestReader reader = new HttpRequestReader();
    private final Deque<WriteStep> output = new ArrayDeque<>();
    private final ByteBuffer input = ByteBuffer.allocate(READ_SIZE);
    private @Nullable HttpExchange exchange;
    private @Nullable ServerWebSocket webSocket;
    private boolean answering;
    private boolean paused;
    private boolean reading = true;
    private boolean ending;
    /** No more is sent; what comes is thrown away. */
    private boolean ended;

    private boolean closed;
    private int requests;

    SocketConnection(SocketLoop loop, SocketChannel channel, SelectionKey key) {
        this.loop = loop;
        this.channel = channel;
        this.key = key;
    }

    /** From any thread: runs on the loop's, after all that was given before. */
    void later(Runnable action) {
        loop.later(action);
    }

    void readable() {
        try {
            input.clear();
            int count = channel.read(input);
            if (count < 0) {
                close();
                return;
            }
            input.flip();
        } catch (IOException e) {
            close();
            return;
        }
        if (ended) {
            return;
        }
        if (webSocket != null) {
            webSocket.received(input);
        } else {
            reader.add(input);
            nextRequest();
        }
    }

    void writable() {
        write(loop.now());
    }

    /** Sends the response to the current request. */
    void respond(List<WriteStep> steps, boolean close) {
        if (closed) {
            return;
        }
        exchange = null;
        ending = close;
        output.addAll(steps);
        write(loop.now());
    }

    /** The current request becomes a WebSocket. */
    void upgrade(ByteBuffer head, ServerWebSocket socket) {
        exchange = null;
        if (closed) {
            socket.gone();
            return;
        }
        webSocket = socket;
        socket.opened(head.remaining());
        output.add(new WriteStep.Bytes(head));
        write(loop.now());
        ByteBuffer early = reader.takeRest();
        if (early.hasRemaining() && !closed) {
            socket.received(early);
        }
    }

    /** Sends something over the WebSocket, after all that was given before. */
    void send(WriteStep step) {
        if (closed || ended) {
            return;
        }
        output.add(step);
        if (output.size() == 1) {
            write(loop.now());
        }
    }

    /** Whether the client is read at all. */
    void reading(boolean on) {
        reading = on;
        if (!closed) {
            interest();
        }
    }

    /** Breaks the connection (RST) at once. */
    void reset() {
        if (closed) {
            return;
        }
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // It breaks either way.
            output.clear();
        }
        close();
    }

    void close() {
        if (closed) {
            return;
        }
        closed = true;
        key.cancel();
        loop.forget(this);
        try {
            channel.close();
        } catch (IOException e) {
            // it is gone either way
            output.clear();
        }
        if (exchange != null) {
            exchange.gone();
            exchange = null;
        }
        if (webSocket != null) {
            webSocket.gone();
        }
    }

    private void end() throws IOException {
        ended = true;
        output.clear();
        channel.shutdownOutput();
        reading = true;
        interest();
        if (webSocket != null) {
            webSocket.gone();
        }
    }

    private void nextRequest() {
        while (!answering && !closed && !ending && !ended && webSocket == null) {
            HttpRequestReader.ParsedRequest parsed;
            try {
                parsed = reader.poll();
            } catch (HttpRequestReader.BadRequestException e) {
                answering = true;
                respond(ResponseHead.steps("GET", loop.handler().badRequest(e.status()), true), true);
                return;
            }
            if (parsed == null) {
                if (reader.takeContinue()) {
                    output.add(new WriteStep.Bytes(
                            ByteBuffer.wrap("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII))));
                    write(loop.now());
                }
                return;
            }
            answering = true;
            requests++;
            boolean last = parsed.close() || requests >= loop.requestsPerConnection();
            HttpExchange next = new HttpExchange(this, parsed.request(), last);
            exchange = next;
            loop.handle(next);
        }
    }

    /** Goes through the steps; {@code now} is the moment the previous one ended. */
    private void write(long now) {
        try {
            boolean wrote = false;
            while (!closed && !paused && !ended && !output.isEmpty()) {
                WriteStep step = output.peek();
                if (step instanceof WriteStep.Bytes bytes) {
                    int count = channel.write(bytes.buffer());
                    wrote = true;
                    if (webSocket != null) {
                        webSocket.wrote(count);
                    }
                    if (bytes.buffer().hasRemaining()) {
                        interest();
                        return;
                    }
                    output.remove();
                } else if (step instanceof WriteStep.Pause pause) {
                    output.remove();
                    paused = true;
                    long until = now + pause.millis();
                    loop.at(until, () -> {
                        paused = false;
                        write(until);
                    });
                } else if (step instanceof WriteStep.Reset) {
                    reset();
                } else if (step instanceof WriteStep.End) {
                    end();
                } else {
                    close();
                }
            }
            if (!closed && !ended && output.isEmpty() && !paused) {
                sent(wrote);
            }
        } catch (IOException e) {
            close();
        }
    }

    private void sent(boolean wrote) {
        interest();
        ServerWebSocket socket = webSocket;
        if (socket != null) {
            if (wrote) {
                socket.drained();
            }
        } else if (answering && exchange == null) {
            answering = false;
            loop.later(this::nextRequest);
        }
    }

    private void interest() {
        boolean blocked = !output.isEmpty() && !paused;
        key.interestOps((reading ? SelectionKey.OP_READ : 0) | (blocked ? SelectionKey.OP_WRITE : 0));
    }
}
