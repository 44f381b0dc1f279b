package dev.tributary.testkit.electric;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One client connection; used by the loop's thread only. */
final class HttpConnection {

    private static final int READ_SIZE = 64 * 1024;

    private final HttpLoop loop;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final HttpRequestReader reader = new HttpRequestReader();
    private final Deque<WriteStep> output = new ArrayDeque<>();
    private final ByteBuffer input = ByteBuffer.allocate(READ_SIZE);
    private @Nullable Exchange exchange;
    private boolean answering;
    private boolean paused;
    private boolean ending;
    private boolean closed;
    private int requests;

    HttpConnection(HttpLoop loop, SocketChannel channel, SelectionKey key) {
        this.loop = loop;
        this.channel = channel;
        this.key = key;
    }

    void readable() {
        try {
            input.clear();
            int count = channel.read(input);
            if (count < 0) {
                close();
                return;
            }
            reader.add(input.flip());
        } catch (IOException e) {
            close();
            return;
        }
        nextRequest();
    }

    void writable() {
        write(loop.now());
    }

    /** Sends the response to the current request. */
    void respond(ModelRequest request, ModelResponse response, boolean close) {
        if (closed) {
            return;
        }
        exchange = null;
        ending = close;
        output.addAll(loop.encoder().encode(request, response, loop.now(), close));
        write(loop.now());
    }

    void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (exchange != null) {
            loop.cancel(exchange);
            exchange = null;
        }
        key.cancel();
        loop.forget(this);
        try {
            channel.close();
        } catch (IOException e) {
            // it is gone either way
            output.clear();
        }
    }

    private void nextRequest() {
        while (!answering && !closed && !ending) {
            HttpRequestReader.ParsedRequest parsed;
            try {
                parsed = reader.poll();
            } catch (HttpRequestReader.BadRequestException e) {
                answering = true;
                respond(ModelRequest.get("/"), e.response(), true);
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
            boolean close = parsed.close() || requests >= loop.requestsPerConnection();
            exchange = loop.handle(this, parsed.request(), close);
        }
    }

    /** Goes through the steps; {@code now} is the moment the previous one ended. */
    private void write(long now) {
        try {
            while (!closed && !paused && !output.isEmpty()) {
                WriteStep step = output.peek();
                if (step instanceof WriteStep.Bytes bytes) {
                    channel.write(bytes.buffer());
                    if (bytes.buffer().hasRemaining()) {
                        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
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
                    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                    close();
                } else {
                    close();
                }
            }
            if (!closed && output.isEmpty() && !paused) {
                key.interestOps(SelectionKey.OP_READ);
                if (answering && exchange == null) {
                    answering = false;
                    loop.later(this::nextRequest);
                }
            }
        } catch (IOException e) {
            close();
        }
    }
}
