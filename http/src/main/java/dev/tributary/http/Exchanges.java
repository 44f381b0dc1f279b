package dev.tributary.http;

import dev.tributary.LimitExceededException;
import dev.tributary.SyncException;
import dev.tributary.spi.Head;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Output;
import dev.tributary.spi.Wire;
import dev.tributary.spi.WireEnd;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * HTTP exchanges of a protocol that takes answers whole, each with the one who waits for it. The protocol passes on what
 * its wires tell; as all of a protocol, it is used by one thread at a time.
 */
public final class Exchanges {

    /** Who waits for an answer; hears one of the two, once. */
    public interface Answer {

        /**
         * The whole answer, whatever its status.
         *
         * @param body taken over
         */
        void answered(Head head, byte[] body, Output out);

        /** No whole answer came: what was asked may have been done. */
        void failed(SyncException reason, Output out);
    }

    private static final class Open {

        private final Answer answer;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private @Nullable Head head;

        Open(Answer answer) {
            this.answer = answer;
        }
    }

    private final Map<Wire, Open> open = new IdentityHashMap<>();
    private final long maxBody;
    private final String bound;

    /**
     * @param maxBody bytes of an answer at most; a longer one fails with a {@link LimitExceededException}
     * @param bound what sets that bound, for the message
     */
    public Exchanges(long maxBody, String bound) {
        this.maxBody = maxBody;
        this.bound = bound;
    }

    /** Begins an exchange. */
    public void begin(HttpTarget target, Answer answer, Output out) {
        open.put(out.open(target), new Open(answer));
    }

    /** Whether a wire is one of these. */
    public boolean isOurs(Wire wire) {
        return open.containsKey(wire);
    }

    /** As {@link dev.tributary.spi.Protocol#opened}. */
    public void opened(Wire wire, Head head) {
        Open exchange = open.get(wire);
        if (exchange != null) {
            exchange.head = head;
        }
    }

    /** As {@link dev.tributary.spi.Protocol#data}. */
    public void data(Wire wire, ByteBuffer bytes, Output out) {
        Open exchange = open.get(wire);
        if (exchange == null) {
            return;
        }
        if (exchange.body.size() + (long) bytes.remaining() > maxBody) {
            open.remove(wire);
            out.close(wire, 1000, "too large");
            exchange.answer.failed(
                    new LimitExceededException("an answer has more than " + maxBody + " bytes, " + bound), out);
            return;
        }
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        exchange.body.writeBytes(piece);
    }

    /** As {@link dev.tributary.spi.Protocol#ended}. */
    public void ended(Wire wire, WireEnd end, Output out) {
        Open exchange = open.remove(wire);
        if (exchange == null) {
            return;
        }
        Head head = exchange.head;
        if (end.kind() == WireEnd.Kind.COMPLETE && head != null) {
            exchange.answer.answered(head, exchange.body.toByteArray(), out);
        } else {
            exchange.answer.failed(end.asException(), out);
        }
    }
}
