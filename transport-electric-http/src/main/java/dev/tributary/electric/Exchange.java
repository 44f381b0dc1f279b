package dev.tributary.electric;

import dev.tributary.SyncException;
import dev.tributary.spi.Head;
import dev.tributary.spi.Wire;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One request on its way and what came of it so far. */
final class Exchange {

    private static final int MAX_ERROR_BODY = 16_384;

    private final Requests.Asked asked;
    private final Wire wire;
    private final ByteArrayOutputStream errorBody = new ByteArrayOutputStream();
    private @Nullable Head rawHead;
    private @Nullable ResponseHead head;
    private @Nullable ChunkDecoder decoder;
    private @Nullable Chunk chunk;
    private boolean complete;
    private boolean over;

    Exchange(Requests.Asked asked, Wire wire) {
        this.asked = asked;
        this.wire = wire;
    }

    Requests.Asked asked() {
        return asked;
    }

    Wire wire() {
        return wire;
    }

    /** The wire has ended. */
    void over() {
        over = true;
    }

    boolean isOver() {
        return over;
    }

    /** The address without secrets. */
    String printable() {
        return asked.target().printable();
    }

    void opened(Head raw, ResponseHead read) {
        rawHead = raw;
        head = read;
    }

    boolean isAnswered() {
        return head != null;
    }

    Head rawHead() {
        return required(rawHead);
    }

    ResponseHead head() {
        return required(head);
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("no answer yet");
        }
        return value;
    }

    /** Whether the head of a good answer came after which more of the log is to be read. */
    boolean mayBeFollowed() {
        ResponseHead answer = head;
        return answer != null
                && decoder != null
                && !asked.live()
                && !answer.upToDate()
                && answer.offset() != null
                && !answer.offset().equals(asked.position().offset());
    }

    void decodeWith(ChunkDecoder fitting) {
        decoder = fitting;
    }

    @Nullable
    ChunkDecoder decoder() {
        return decoder;
    }

    /**
     * A piece of the body.
     *
     * @throws SyncException when it cannot be decoded
     */
    void data(ByteBuffer bytes) {
        if (decoder != null) {
            decoder.feed(bytes);
        } else {
            byte[] piece = new byte[Math.min(bytes.remaining(), MAX_ERROR_BODY - errorBody.size())];
            bytes.get(piece);
            errorBody.writeBytes(piece);
        }
    }

    /**
     * The body is complete.
     *
     * @throws SyncException when it cannot be decoded
     */
    void complete() {
        if (decoder != null) {
            chunk = decoder.end();
        }
        complete = true;
    }

    /** Whether all came that is to come. */
    boolean isComplete() {
        return complete;
    }

    /** What the body says; null while it is not complete. */
    @Nullable
    Chunk chunk() {
        return chunk;
    }

    /** The body of an error as far as it came and is kept, without secrets. */
    String errorText() {
        return asked.secrets().mask(errorBody.toString(StandardCharsets.UTF_8));
    }

    /** Whether more of an error's body would not be kept. */
    boolean hasEnoughOfError() {
        return decoder == null && errorBody.size() >= MAX_ERROR_BODY;
    }
}
