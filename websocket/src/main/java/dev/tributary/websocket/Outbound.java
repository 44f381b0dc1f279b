package dev.tributary.websocket;

import dev.tributary.spi.Protocol.DataKind;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written, in order, one write at a time. Of pongs only the newest waits, so a server that pings and
 * never reads fills nothing; pongs and pings go before messages. Safe for any thread.
 */
final class Outbound {

    /** What a message costs beside its bytes: empty ones are bounded too. */
    static final int MESSAGE_COST = 64;

    private record Message(DataKind kind, ByteBuffer bytes, long cost) {}

    private record Goodbye(int code, String reason) {}

    private final Link link;
    private final Runnable onWritable;
    private final Runnable onOverflow;
    private final long buffer;
    private final long most;

    private final AtomicInteger signals = new AtomicInteger();
    private final Object lock = new Object();
    private final Queue<Message> messages = new ArrayDeque<>();
    private @Nullable ByteBuffer pong;
    private @Nullable Goodbye goodbye;
    private boolean ping;
    private boolean open;
    private boolean over;
    private boolean busy;
    private boolean full;
    private long unsent;
    private long underway;

    /**
     * @param onWritable called when it was full and half of the buffer is free again
     * @param onOverflow called when more waits than may; it has to end the wire
     */
    Outbound(Link link, WebSocketSettings settings, Runnable onWritable, Runnable onOverflow) {
        this.link = link;
        this.buffer = settings.sendBuffer();
        this.most = settings.maxUnsentBytes();
        this.onWritable = onWritable;
        this.onOverflow = onOverflow;
    }

    /** Writing may begin. */
    void open() {
        synchronized (lock) {
            open = true;
        }
        signal();
    }

    /**
     * Queues a message.
     *
     * @return false when it is full; after the end true, since nobody is called back
     */
    boolean send(DataKind kind, ByteBuffer bytes) {
        boolean overflow;
        boolean room;
        synchronized (lock) {
            if (over || goodbye != null) {
                return true;
            }
            long cost = bytes.remaining() + (long) MESSAGE_COST;
            unsent += cost;
            overflow = unsent > most;
            if (!overflow) {
                messages.add(new Message(kind, bytes, cost));
            }
            full |= unsent >= buffer;
            room = !full;
        }
        if (overflow) {
            onOverflow.run();
        } else {
            signal();
        }
        return room;
    }

    void ping() {
        synchronized (lock) {
            ping = true;
        }
        signal();
    }

    void pong(ByteBuffer payload) {
        synchronized (lock) {
            pong = payload;
        }
        signal();
    }

    /** Says goodbye after what waits. */
    void goodbye(int code, String reason) {
        synchronized (lock) {
            goodbye = new Goodbye(code, reason);
        }
        signal();
    }

    /** Nothing is written any more. */
    void stop() {
        synchronized (lock) {
            over = true;
            messages.clear();
        }
    }

    /** The write that was underway is done. */
    void sent() {
        boolean writable = false;
        synchronized (lock) {
            busy = false;
            unsent -= underway;
            underway = 0;
            if (full && unsent <= buffer / 2) {
                full = false;
                writable = true;
            }
        }
        if (writable) {
            onWritable.run();
        }
        signal();
    }

    private void signal() {
        if (signals.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            // A client may say that it is done before its method returns.
            for (Runnable write = next(); write != null; write = next()) {
                write.run();
            }
            seen = signals.addAndGet(-seen);
        } while (seen != 0);
    }

    private @Nullable Runnable next() {
        synchronized (lock) {
            if (!open || over || busy) {
                return null;
            }
            Runnable write = take();
            busy = write != null;
            return write;
        }
    }

    private @Nullable Runnable take() {
        ByteBuffer answer = pong;
        if (answer != null) {
            pong = null;
            return () -> link.pong(answer);
        }
        if (ping) {
            ping = false;
            return link::ping;
        }
        Message message = messages.poll();
        if (message != null) {
            underway = message.cost;
            return () -> link.message(message.kind, message.bytes);
        }
        Goodbye last = goodbye;
        if (last != null) {
            over = true;
            return () -> link.goodbye(last.code, last.reason);
        }
        return null;
    }
}
