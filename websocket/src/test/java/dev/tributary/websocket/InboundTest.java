package dev.tributary.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("L9")
class InboundTest {

    private final RecordingListener listener = new RecordingListener();
    private final AtomicInteger rooms = new AtomicInteger();
    private final Inbound inbound = new Inbound(listener, Runnable::run, "ws://x", rooms::incrementAndGet);

    InboundTest() {
        inbound.opened(new Head(101, Map.of()));
    }

    private void piece(int size) {
        inbound.piece(DataKind.BINARY, ByteBuffer.allocate(size), true);
    }

    @Test
    void itIsFullByBytes() {
        piece((int) Inbound.ROOM / 2);
        assertThat(inbound.isFull()).isFalse();
        piece((int) Inbound.ROOM / 2);
        assertThat(inbound.isFull()).isTrue();
        assertThat(listener.pieces).hasValue(0);
    }

    @Test
    void itIsFullByCount() {
        int count = 0;
        while (!inbound.isFull()) {
            piece(0);
            count++;
        }
        assertThat(count).isEqualTo((int) (Inbound.ROOM / Inbound.PIECE_COST));
    }

    @Test
    void roomIsToldOnceHalfOfItIsFree() {
        for (int i = 0; i < 16; i++) {
            piece((int) Inbound.ROOM / 16);
        }
        inbound.grant(8);
        assertThat(rooms).hasValue(0);
        inbound.grant(1);
        assertThat(rooms).hasValue(1);
        inbound.grant(100);
        assertThat(rooms).hasValue(1);
        assertThat(inbound.isFull()).isFalse();
    }

    @Test
    void signsOfLifeAndRoomToWriteNeedNoGrant() {
        piece(1);
        inbound.alive();
        inbound.writable();
        assertThat(listener.signs.availablePermits()).isOne();
        assertThat(listener.writable.availablePermits()).isOne();
        assertThat(listener.pieces).hasValue(0);
    }

    @Test
    void onlyTheFirstEndCountsAndNothingComesAfterIt() {
        inbound.end(WireEnd.of(WireEnd.Kind.BROKEN, "first", null));
        inbound.end(WireEnd.of(WireEnd.Kind.SILENT, "second", null));
        inbound.grant(5);
        piece(1);
        inbound.alive();
        assertThat(listener.end.join().reason()).isEqualTo("first");
        assertThat(listener.pieces).hasValue(0);
        listener.assertFaultless();
    }

    @Test
    void closingForgetsWhatWaitsAndMakesRoom() {
        piece((int) Inbound.ROOM);
        inbound.close();
        assertThat(inbound.isFull()).isFalse();
        assertThat(rooms).hasValue(1);
        inbound.grant(5);
        assertThat(listener.pieces).hasValue(0);
    }

    @Test
    void aGrantOfNothingIsRefused() {
        assertThatThrownBy(() -> inbound.grant(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
