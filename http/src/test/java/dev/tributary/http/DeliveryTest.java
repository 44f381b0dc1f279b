package dev.tributary.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.Head;
import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Step by step, without a client. */
class DeliveryTest {

    /** One item of this makes two pieces. */
    private static final int TWO_PIECES = 100_000;

    private final RecordingListener heard = new RecordingListener();
    private final Deque<Runnable> handedOver = new ArrayDeque<>();
    private final List<WireEnd> ends = new ArrayList<>();
    private final Source source = new Source();
    private final Delivery delivery = new Delivery(heard, handedOver::add, "x", 1 << 20, ends::add);

    private static final class Source implements Flow.Subscription {

        private long asked;
        private boolean cancelled;

        @Override
        public void request(long n) {
            asked += n;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private void open() {
        delivery.opened(new Head(200, Map.of()));
        delivery.source(source);
    }

    private void grant(int pieces) {
        delivery.grant(pieces);
        while (!handedOver.isEmpty()) {
            handedOver.remove().run();
        }
    }

    private void bring(int bytes) {
        delivery.content(List.of(ByteBuffer.allocate(bytes).asReadOnlyBuffer()));
    }

    @Tag("L9")
    @Test
    void oneItemIsReadAheadAndNoMore() {
        open();
        assertThat(source.asked).isEqualTo(1);
        bring(TWO_PIECES);
        assertThat(source.asked).isEqualTo(1);
        assertThat(heard.pieces).hasValue(0);
        grant(1);
        assertThat(source.asked).isEqualTo(1);
        grant(1);
        assertThat(source.asked).isEqualTo(2);
        assertThat(heard.length()).isEqualTo(TWO_PIECES);
    }

    @Test
    void aGrantDoesNotCallTheListenerOnTheCallersThread() {
        open();
        bring(10);
        delivery.grant(1);
        assertThat(heard.pieces).hasValue(0);
        handedOver.remove().run();
        assertThat(heard.pieces).hasValue(1);
    }

    @Test
    void theEndWaitsForGrantedContentOnly() {
        open();
        bring(TWO_PIECES);
        delivery.finished();
        grant(1);
        assertThat(heard.end).isNotDone();
        grant(1);
        assertThat(heard.end).isCompletedWithValueMatching(end -> end.kind() == WireEnd.Kind.COMPLETE);
        assertThat(ends).hasSize(1);
    }

    @Test
    void aFailureDoesNotWait() {
        open();
        bring(TWO_PIECES);
        delivery.failed(WireEnd.of(WireEnd.Kind.BROKEN, "x", null));
        delivery.failed(WireEnd.of(WireEnd.Kind.REFUSED, "later", null));
        assertThat(heard.end).isCompletedWithValueMatching(end -> end.kind() == WireEnd.Kind.BROKEN);
        grant(5);
        assertThat(heard.pieces).hasValue(0);
    }

    @Tag("L12")
    @Test
    void nothingIsToldAfterTheCloseFromWithin() {
        heard.onPiece(delivery::close);
        open();
        grant(10);
        bring(TWO_PIECES);
        delivery.finished();
        assertThat(heard.pieces).hasValue(1);
        assertThat(heard.end).isNotDone();
        assertThat(source.cancelled).isTrue();
        assertThat(ends).isEmpty();
    }

    @Tag("L12")
    @Test
    void aSourceThatComesAfterTheCloseIsCancelled() {
        delivery.close();
        open();
        assertThat(source.cancelled).isTrue();
        assertThat(heard.head).isNotDone();
    }

    @Test
    void grantsDoNotOverflow() {
        open();
        grant(Integer.MAX_VALUE);
        grant(Integer.MAX_VALUE);
        bring(10);
        assertThat(heard.pieces).hasValue(1);
    }
}
