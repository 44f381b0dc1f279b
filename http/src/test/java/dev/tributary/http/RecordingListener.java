package dev.tributary.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.WireEnd;
import dev.tributary.spi.Wires;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Writes down what it hears and whether the order was right. */
final class RecordingListener implements Wires.Listener {

    static final long GENEROUS_SECONDS = 60;

    final CompletableFuture<Head> head = new CompletableFuture<>();
    final CompletableFuture<WireEnd> end = new CompletableFuture<>();
    final List<String> faults = new CopyOnWriteArrayList<>();
    final AtomicInteger pieces = new AtomicInteger();
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile int largest;
    private final AtomicLong length = new AtomicLong();
    private volatile boolean keep = true;
    private volatile Runnable onPiece = () -> {};

    /** Does this after each piece. */
    RecordingListener onPiece(Runnable action) {
        onPiece = action;
        return this;
    }

    /** Counts the content only. */
    RecordingListener countOnly() {
        keep = false;
        return this;
    }

    @Override
    public void opened(Head received) {
        enter();
        if (!head.complete(received)) {
            faults.add("two heads");
        }
        leave();
    }

    @Override
    public void data(Protocol.DataKind kind, ByteBuffer bytes, boolean last) {
        enter();
        if (!head.isDone()) {
            faults.add("content before the head");
        }
        if (kind != Protocol.DataKind.BODY || last) {
            faults.add("kind " + kind + ", last " + last);
        }
        if (!bytes.hasArray() || !bytes.hasRemaining()) {
            faults.add("piece " + bytes);
        }
        largest = Math.max(largest, bytes.remaining());
        length.addAndGet(bytes.remaining());
        if (keep) {
            content.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        }
        pieces.incrementAndGet();
        leave();
        onPiece.run();
    }

    @Override
    public void writable() {
        faults.add("writable");
    }

    @Override
    public void ended(WireEnd how) {
        enter();
        leave();
        if (!end.complete(how)) {
            faults.add("two ends");
        }
    }

    private void enter() {
        if (!busy.compareAndSet(false, true)) {
            faults.add("two calls at once");
        }
        if (end.isDone()) {
            faults.add("a call after the end");
        }
    }

    private void leave() {
        busy.set(false);
    }

    Head awaitHead() throws Exception {
        return head.get(GENEROUS_SECONDS, TimeUnit.SECONDS);
    }

    WireEnd awaitEnd() throws Exception {
        WireEnd how = end.get(GENEROUS_SECONDS, TimeUnit.SECONDS);
        assertThat(faults).isEmpty();
        return how;
    }

    WireEnd awaitEnd(WireEnd.Kind kind) throws Exception {
        WireEnd how = awaitEnd();
        assertThat(how.kind()).as(how.toString()).isEqualTo(kind);
        return how;
    }

    byte[] content() {
        return content.toByteArray();
    }

    long length() {
        return length.get();
    }

    int largest() {
        return largest;
    }
}
