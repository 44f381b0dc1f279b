package dev.tributary.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.Protocol.DataKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("L9")
class OutboundTest {

    private final List<String> written = new ArrayList<>();
    private final AtomicInteger writable = new AtomicInteger();
    private final AtomicInteger overflows = new AtomicInteger();
    private boolean atOnce;
    private int deepest;
    private final Outbound outbound = new Outbound(
            new Link() {
                @Override
                public void open() {}

                @Override
                public void message(DataKind kind, ByteBuffer bytes) {
                    write("message " + bytes.remaining());
                }

                @Override
                public void ping() {
                    write("ping");
                }

                @Override
                public void pong(ByteBuffer payload) {
                    write("pong " + payload.get(0));
                }

                @Override
                public void goodbye(int code, String reason) {
                    written.add("goodbye " + code);
                }

                @Override
                public void resume() {}

                @Override
                public void abort() {}
            },
            new WebSocketSettings(WebSocketSettings.Client.JDK, null, null, 1_000, 100_000),
            writable::incrementAndGet,
            overflows::incrementAndGet);

    private void write(String what) {
        written.add(what);
        deepest = Math.max(deepest, Thread.currentThread().getStackTrace().length);
        if (atOnce) {
            outbound.sent();
        }
    }

    private boolean send(int size) {
        return outbound.send(DataKind.BINARY, ByteBuffer.allocate(size));
    }

    @Test
    void oneWriteAtATimeAndControlFramesFirst() {
        send(1);
        send(2);
        assertThat(written).isEmpty();
        outbound.open();
        outbound.ping();
        outbound.pong(ByteBuffer.wrap(new byte[] {1}));
        outbound.pong(ByteBuffer.wrap(new byte[] {2}));
        outbound.goodbye(1000, "");
        assertThat(written).containsExactly("message 1");
        outbound.sent();
        // Of two pongs that wait only the newer is written.
        assertThat(written).containsExactly("message 1", "pong 2");
        outbound.sent();
        outbound.sent();
        assertThat(written).containsExactly("message 1", "pong 2", "ping", "message 2");
        outbound.sent();
        assertThat(written).last().isEqualTo("goodbye 1000");
        assertThat(send(5)).isTrue();
        outbound.sent();
        assertThat(written).hasSize(5);
    }

    @Test
    void itIsFullFromTheBufferOnAndWritableAtHalf() {
        int cost = Outbound.MESSAGE_COST;
        outbound.open();
        assertThat(send(600 - cost)).isTrue();
        assertThat(send(400 - cost)).isFalse();
        outbound.sent();
        assertThat(writable).hasValue(1);
        assertThat(send(100)).isTrue();
        outbound.sent();
        outbound.sent();
        assertThat(writable).hasValue(1);
    }

    @Test
    void oneLargeMessageIsTakenAndBeyondTheHardBoundItOverflowsAtOnce() {
        outbound.open();
        assertThat(send(100_000 - Outbound.MESSAGE_COST)).isFalse();
        assertThat(overflows).hasValue(0);
        assertThat(send(0)).isFalse();
        assertThat(overflows).hasValue(1);
    }

    @Test
    void emptyMessagesAreBoundedToo() {
        int count = 0;
        while (overflows.get() == 0) {
            send(0);
            count++;
        }
        assertThat(count).isEqualTo(100_000 / Outbound.MESSAGE_COST + 1);
    }

    @Test
    void aClientThatIsDoneBeforeItReturnsNeedsNoStack() {
        atOnce = true;
        int count = 100_000 / Outbound.MESSAGE_COST;
        for (int i = 0; i < count; i++) {
            send(0);
        }
        outbound.open();
        assertThat(written).hasSize(count);
        int depth = Thread.currentThread().getStackTrace().length;
        assertThat(deepest).isLessThan(depth + 20);
    }

    @Test
    void whatWaitsIsDroppedAtTheEndAndNobodyIsCalledBack() {
        outbound.open();
        send(1);
        send(2);
        outbound.stop();
        outbound.sent();
        assertThat(send(500_000)).isTrue();
        assertThat(written).containsExactly("message 1");
        assertThat(overflows).hasValue(0);
        assertThat(writable).hasValue(0);
    }
}
