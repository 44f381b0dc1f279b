package dev.tributary.websocket;

import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WireEnd;
import dev.tributary.spi.Wires;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tells a listener what one socket brings: head, pieces as granted, end; one call at a time. Signals may come from any
 * thread; whichever comes first while nobody works does the work for all.
 *
 * <p>What was not granted yet waits here, up to a bound in bytes and count. The end waits for what came before it: a
 * server that closes often said why just before.
 */
final class Inbound {

    /** So many bytes may wait; a little more when the last piece is large. */
    static final long ROOM = 1L << 20;

    /** What a piece costs beside its bytes. */
    static final int PIECE_COST = 64;

    private static final System.Logger LOG = System.getLogger(Inbound.class.getName());

    private record Piece(DataKind kind, ByteBuffer bytes, boolean last) {
        long cost() {
            return bytes.capacity() + (long) PIECE_COST;
        }
    }

    private final Wires.Listener listener;
    private final Executor executor;
    private final String printable;
    private final Runnable onRoom;

    private final AtomicInteger signals = new AtomicInteger();
    private final AtomicLong granted = new AtomicLong();
    private final AtomicLong waiting = new AtomicLong();
    private final Queue<Piece> pieces = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Head> head = new AtomicReference<>();
    private final AtomicReference<@Nullable WireEnd> end = new AtomicReference<>();
    private volatile boolean alive;
    private volatile boolean writable;
    private volatile boolean closed;

    /**
     * @param executor where granted pieces are told that were there before the grant
     * @param printable the address without its secrets
     * @param onRoom called when half of the room is free again
     */
    Inbound(Wires.Listener listener, Executor executor, String printable, Runnable onRoom) {
        this.listener = listener;
        this.executor = executor;
        this.printable = printable;
        this.onRoom = onRoom;
    }

    void opened(Head received) {
        head.set(received);
        signal();
    }

    void piece(DataKind kind, ByteBuffer bytes, boolean last) {
        if (closed || end.get() != null) {
            return;
        }
        Piece piece = new Piece(kind, bytes, last);
        waiting.addAndGet(piece.cost());
        pieces.add(piece);
        signal();
    }

    boolean isFull() {
        return !closed && waiting.get() >= ROOM;
    }

    void alive() {
        alive = true;
        signal();
    }

    void writable() {
        writable = true;
        signal();
    }

    /** Tells this end after what came before it. Only the first counts. */
    void end(WireEnd how) {
        if (end.compareAndSet(null, how)) {
            signal();
        }
    }

    /** More pieces may be told. Never calls the listener on the caller's thread. */
    void grant(int more) {
        if (more <= 0) {
            throw new IllegalArgumentException("pieces: " + more);
        }
        granted.accumulateAndGet(more, (before, added) -> Math.min(Long.MAX_VALUE - added, before) + added);
        if (signals.getAndIncrement() == 0) {
            executor.execute(this::work);
        }
    }

    /** The listener hears nothing more, but for a call that runs right now. */
    void close() {
        closed = true;
        signal();
    }

    private void signal() {
        if (signals.getAndIncrement() == 0) {
            work();
        }
    }

    private void work() {
        int seen = 1;
        do {
            try {
                advance();
            } catch (Throwable e) {
                // Also an error: it would leave the signals counted and the wire silent for ever.
                LOG.log(System.Logger.Level.WARNING, printable + ": the listener of a wire failed", e);
                closed = true;
                clear();
            }
            seen = signals.addAndGet(-seen);
        } while (seen != 0);
    }

    private void advance() {
        while (!closed) {
            Head received = head.getAndSet(null);
            if (received != null) {
                listener.opened(received);
            } else if (alive) {
                alive = false;
                listener.alive();
            } else if (writable) {
                writable = false;
                listener.writable();
            } else if (!tellPiece() && !tellEnd()) {
                return;
            }
        }
        clear();
    }

    private boolean tellPiece() {
        if (granted.get() == 0) {
            return false;
        }
        Piece next = pieces.poll();
        if (next == null) {
            return false;
        }
        granted.decrementAndGet();
        long before = waiting.getAndAdd(-next.cost());
        if (before >= ROOM / 2 && before - next.cost() < ROOM / 2) {
            onRoom.run();
        }
        listener.data(next.kind, next.bytes, next.last);
        return true;
    }

    private boolean tellEnd() {
        WireEnd how = end.get();
        if (how == null || !pieces.isEmpty()) {
            return false;
        }
        closed = true;
        listener.ended(how);
        return true;
    }

    private void clear() {
        pieces.clear();
        waiting.set(0);
        onRoom.run();
    }
}
