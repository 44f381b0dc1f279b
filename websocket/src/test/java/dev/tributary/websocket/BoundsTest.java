package dev.tributary.websocket;

import static dev.tributary.websocket.Rig.await;
import static dev.tributary.websocket.Rig.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How much waits between a server and a listener, and how many threads that takes. */
@WithEachClient
class BoundsTest {

    private final TestedClient client;

    @AutoClose
    private final Rig rig;

    BoundsTest(TestedClient client) {
        this.client = client;
        this.rig = new Rig(client.word);
    }

    @Tag("L9")
    @Test
    void nothingIsToldWithoutAGrant() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying(Frame.text("one"), Frame.text("two"), Frame.text("three"))) {
            Rig.Heard wire = rig.open(Rig.target(server.uri()), new RecordingListener(), 1);
            assertThat(wire.listener().awaitMessage().text()).isEqualTo("one");
            assertThat(wire.listener().messages).isEmpty();
            wire.connection().request(1);
            assertThat(wire.listener().awaitMessage().text()).isEqualTo("two");
            wire.connection().request(1);
            assertThat(wire.listener().awaitMessage().text()).isEqualTo("three");
            assertThat(wire.listener().pieces).hasValue(3);
        }
    }

    @Tag("L9")
    @Test
    void aServerThatIsFasterThanItsReaderIsSlowedDown() throws Exception {
        int size = 16_000;
        int count = 8_000;
        long slack = 32L << 20;
        AtomicLong written = new AtomicLong();
        byte[] message = Frame.of(Frame.BINARY, true, new byte[size]);
        try (ScriptedServer server = ScriptedServer.asked(peer -> {
            for (int i = 0; i < count; i++) {
                peer.write(message);
                written.addAndGet(size);
            }
            peer.write(Frame.close(1000, ""));
            peer.readToEnd();
        })) {
            Semaphore pieces = new Semaphore(0);
            RecordingListener listener = new RecordingListener().countOnly().onPiece(pieces::release);
            Rig.Heard wire = rig.open(Rig.target(server.uri()), listener, 1).ask();
            long ahead = 0;
            // From here, so that each piece costs a way between threads: reading the socket is much faster.
            while (listener.length.get() < (long) size * count) {
                assertThat(pieces.tryAcquire(RecordingListener.GENEROUS_SECONDS, TimeUnit.SECONDS))
                        .isTrue();
                ahead = Math.max(ahead, written.get() - listener.length.get());
                wire.connection().request(1);
            }
            listener.awaitEnd(WireEnd.Kind.CLOSED);
            assertThat(listener.length.get()).isEqualTo((long) size * count);
            assertThat(ahead).isLessThan(slack);
        }
    }

    @Tag("L9")
    @Test
    void unboundedSendQueue() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        long most = 4L << 20;
        try (ScriptedServer server = ScriptedServer.accepting(peer -> await(over));
                Rig small = new Rig(
                        client.word,
                        Map.of(WebSocketOptions.SEND_BUFFER, 64L << 10, WebSocketOptions.MAX_UNSENT_BYTES, most))) {
            Rig.Heard wire = small.open(server.uri());
            wire.listener().awaitHead();
            boolean full = false;
            int sent = 0;
            // The kernel takes some before the wire has to keep any.
            while (!wire.listener().end.isDone() && sent < 4_000) {
                full |= !wire.connection().send(DataKind.BINARY, ByteBuffer.wrap(new byte[64 << 10]));
                sent++;
            }
            WireEnd end = wire.listener().awaitEnd(WireEnd.Kind.BROKEN);
            assertThat(full).as(end.toString()).isTrue();
            assertThat(end.reason()).contains("does not read").contains("maxUnsentBytes");
            // After the end nobody has to wait for anything.
            assertThat(wire.connection().send(DataKind.TEXT, bytes("late"))).isTrue();
            over.countDown();
        }
    }

    @Tag("L9")
    @Test
    void aFullWireSaysWhenItTakesMore() throws Exception {
        Semaphore read = new Semaphore(0);
        BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
                    read.acquire();
                    while (true) {
                        heard.add(ByteBuffer.wrap(peer.next().payload()).getInt());
                    }
                });
                Rig small = new Rig(client.word, Map.of(WebSocketOptions.SEND_BUFFER, 64L << 10))) {
            Rig.Heard wire = small.open(server.uri());
            wire.listener().awaitHead();
            int sent = 0;
            boolean room = true;
            while (room && sent < 4_000) {
                ByteBuffer message = ByteBuffer.allocate(16 << 10).putInt(0, sent++);
                room = wire.connection().send(DataKind.BINARY, message);
            }
            assertThat(room).isFalse();
            assertThat(wire.listener().writable.availablePermits()).isZero();
            read.release();
            wire.listener().awaitWritable();
            for (int i = 0; i < sent; i++) {
                assertThat(await(heard)).isEqualTo(i);
            }
            assertThat(wire.connection().send(DataKind.TEXT, bytes("more"))).isTrue();
            assertThat(wire.listener().writable.availablePermits()).isZero();
        }
    }

    @Tag("L9")
    @Test
    void threadsPerClient() throws Exception {
        int count = 50;
        try (ScriptedServer server = ScriptedServer.saying()) {
            List<RecordingListener> heard = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                heard.add(rig.open(server.uri()).listener());
            }
            for (RecordingListener listener : heard) {
                listener.awaitHead();
            }
            assertThat(rig.ours()).hasSizeLessThanOrEqualTo(client.mostThreads(count));
        }
    }
}
