package dev.tributary.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WireEnd;
import dev.tributary.spi.Wires;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Writes down what it hears and whether the order was right. */
final class RecordingListener implements Wires.Listener {

    static final long GENEROUS_SECONDS = 30;

    /** A whole message. */
    record Message(DataKind kind, byte[] bytes) {

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    final CompletableFuture<Head> head = new CompletableFuture<>();
    final CompletableFuture<WireEnd> end = new CompletableFuture<>();
    final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    final Semaphore signs = new Semaphore(0);
    final Semaphore writable = new Semaphore(0);
    final AtomicInteger pieces = new AtomicInteger();
    final AtomicLong length = new AtomicLong();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean keep = true;
    private volatile Runnable onPiece = () -> {};
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private DataKind kind;

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
    public void data(DataKind of, ByteBuffer bytes, boolean last) {
        enter();
        if (!head.isDone()) {
            faults.add("content before the head");
        }
        if (kind != null && kind != of) {
            faults.add(of + " within " + kind);
        }
        kind = of;
        pieces.incrementAndGet();
        length.addAndGet(bytes.remaining());
        if (keep) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            message.writeBytes(copy);
        }
        if (last || of == DataKind.BODY) {
            messages.add(new Message(of, message.toByteArray()));
            message.reset();
            kind = null;
        }
        leave();
        onPiece.run();
    }

    @Override
    public void writable() {
        enter();
        writable.release();
        leave();
    }

    @Override
    public void alive() {
        enter();
        signs.release();
        leave();
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
        CompletableFuture.anyOf(head, end).get(GENEROUS_SECONDS, TimeUnit.SECONDS);
        assertThat(head).as("the head; the end was " + end.getNow(null)).isDone();
        return head.join();
    }

    Message awaitMessage() throws Exception {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(GENEROUS_SECONDS);
        Message next = null;
        while (next == null && System.nanoTime() < limit) {
            // What came before the end was told before it.
            boolean ended = end.isDone();
            next = ended ? messages.poll() : messages.poll(100, TimeUnit.MILLISECONDS);
            if (ended) {
                break;
            }
        }
        assertThat(next)
                .as("a message; the end was " + end.getNow(null) + ", begun were " + message.size() + " bytes")
                .isNotNull();
        return next;
    }

    void awaitSign() throws Exception {
        assertThat(signs.tryAcquire(GENEROUS_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    void awaitWritable() throws Exception {
        assertThat(writable.tryAcquire(GENEROUS_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    WireEnd awaitEnd() throws Exception {
        WireEnd how = end.get(GENEROUS_SECONDS, TimeUnit.SECONDS);
        assertFaultless();
        return how;
    }

    void assertFaultless() {
        assertThat(faults).isEmpty();
    }

    WireEnd awaitEnd(WireEnd.Kind expected) throws Exception {
        WireEnd how = awaitEnd();
        assertThat(how.kind()).as(how.toString()).isEqualTo(expected);
        assertThat(how.reason()).contains("/room").doesNotContain("secret");
        assertThat(String.valueOf(how.cause())).doesNotContain("secret");
        return how;
    }
}
