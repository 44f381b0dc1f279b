package dev.tributary.http;

import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.WireEnd;
import dev.tributary.spi.Wires;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells a listener what one exchange brings: head, pieces as granted, end; one call at a time. Signals may come from
 * any thread; whichever comes first while nobody works does the work for all.
 *
 * <p>It holds at most one item of the client and one piece made of it. That much is read without a grant, so that an
 * end which is already there is told without a grant too. More is asked of the client only when that is gone: without
 * grants the client stops reading, and TCP slows the server down.
 */
final class Delivery {

    private static final System.Logger LOG = System.getLogger(Delivery.class.getName());

    private final Wires.Listener listener;
    private final Executor executor;
    private final String printable;
    private final long maxBodyBytes;
    private final Consumer<WireEnd> beforeEnd;

    private final AtomicInteger signals = new AtomicInteger();
    private final AtomicLong granted = new AtomicLong();
    private final AtomicReference<@Nullable WireEnd> failure = new AtomicReference<>();
    private volatile boolean closed;
    private volatile @Nullable Head head;
    private volatile Flow.@Nullable Subscription source;
    private volatile @Nullable List<ByteBuffer> item;
    private volatile boolean finished;

    // The rest belongs to whoever works.
    private @Nullable ContentDecoder decoder;
    private @Nullable ByteBuffer piece;
    private boolean asked;
    private long rawBytes;
    private long bytes;

    /**
     * @param executor where granted pieces are told that were there before the grant
     * @param printable the address without its secrets
     * @param beforeEnd called once, right before the listener hears the end
     */
    Delivery(
            Wires.Listener listener,
            Executor executor,
            String printable,
            long maxBodyBytes,
            Consumer<WireEnd> beforeEnd) {
        this.listener = listener;
        this.executor = executor;
        this.printable = printable;
        this.maxBodyBytes = maxBodyBytes;
        this.beforeEnd = beforeEnd;
    }

    void opened(Head received) {
        head = received;
        signal();
    }

    boolean hasHead() {
        return head != null;
    }

    /** Where to ask for content; once, after {@link #opened}. */
    void source(Flow.Subscription subscription) {
        source = subscription;
        if (closed) {
            subscription.cancel();
        }
        signal();
    }

    /** What the source brought, after it was asked. */
    void content(List<ByteBuffer> buffers) {
        item = buffers;
        signal();
    }

    /** The source has no more. */
    void finished() {
        finished = true;
        signal();
    }

    /** Ends the wire at once; content that was not granted yet is dropped. Only the first failure counts. */
    void failed(WireEnd end) {
        if (!finished && failure.compareAndSet(null, end)) {
            signal();
        }
    }

    /** More pieces may be told. Never calls the listener on the caller's thread. */
    void grant(int pieces) {
        if (pieces <= 0) {
            throw new IllegalArgumentException("pieces: " + pieces);
        }
        granted.accumulateAndGet(pieces, (before, more) -> Math.min(Long.MAX_VALUE - more, before) + more);
        if (signals.getAndIncrement() == 0) {
            executor.execute(this::work);
        }
    }

    /** The listener hears nothing more, but for a call that runs right now. */
    void close() {
        closed = true;
        Flow.Subscription subscription = source;
        if (subscription != null) {
            subscription.cancel();
        }
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
                abandon(e);
            }
            seen = signals.addAndGet(-seen);
        } while (seen != 0);
    }

    private void abandon(Throwable failure) {
        if (!closed) {
            closed = true;
            beforeEnd.accept(WireEnd.of(WireEnd.Kind.BROKEN, printable + ": the listener failed", failure));
        }
        release();
    }

    private void advance() {
        while (!closed) {
            Head received = head;
            if (decoder == null && received != null) {
                decoder = ContentCodings.decoder(received);
                listener.opened(received);
                continue;
            }
            WireEnd end = null;
            if (decoder != null) {
                try {
                    if (tell(decoder)) {
                        continue;
                    }
                    if (piece == null && finished && item == null) {
                        decoder.finish();
                        end = WireEnd.complete();
                    }
                } catch (WireFault fault) {
                    end = fault.end(printable);
                }
            }
            if (end == null) {
                end = failure.get();
            }
            if (end == null) {
                ask();
                return;
            }
            closed = true;
            beforeEnd.accept(end);
            listener.ended(end);
        }
        release();
    }

    /** Does one step with what is there; false when nothing can be done. */
    private boolean tell(ContentDecoder content) throws WireFault {
        ByteBuffer next = piece;
        if (next == null) {
            next = content.next();
            if (next == null) {
                return feed(content);
            }
            bytes += next.remaining();
            checkSize(bytes);
            piece = next;
        }
        if (granted.get() == 0) {
            return false;
        }
        granted.decrementAndGet();
        piece = null;
        listener.data(Protocol.DataKind.BODY, next, false);
        return true;
    }

    private boolean feed(ContentDecoder content) throws WireFault {
        List<ByteBuffer> buffers = item;
        if (buffers == null) {
            return false;
        }
        item = null;
        asked = false;
        for (ByteBuffer buffer : buffers) {
            rawBytes += buffer.remaining();
        }
        // Compressed content may be long and mean nothing: empty members, endless names.
        checkSize(rawBytes);
        content.feed(buffers);
        return true;
    }

    private void checkSize(long size) throws WireFault {
        if (size > maxBodyBytes) {
            throw WireFault.malformed("the body is larger than " + maxBodyBytes + " bytes (option "
                    + HttpOptions.MAX_BODY_BYTES.name() + ")");
        }
    }

    private void ask() {
        Flow.Subscription subscription = source;
        if (subscription != null && !asked && !finished && piece == null) {
            asked = true;
            subscription.request(1);
        }
    }

    private void release() {
        if (decoder != null) {
            decoder.close();
        }
        piece = null;
        item = null;
    }
}
