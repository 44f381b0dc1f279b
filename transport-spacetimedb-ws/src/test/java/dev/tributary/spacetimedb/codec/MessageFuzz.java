package dev.tributary.spacetimedb.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tributary.LimitExceededException;
import dev.tributary.ProtocolException;
import dev.tributary.conformance.Allocated;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a server in each subprotocol. The first byte of an input chooses the subprotocol and the cuts, the others
 * are one WebSocket message.
 */
class MessageFuzz {

    private static final Limits LIMITS = new Limits(1 << 20, 4 << 20, 1_000, 1 << 16, 1 << 16);
    private static final Subprotocol[] SUBPROTOCOLS = Subprotocol.values();
    private static final int MOST_MESSAGE = 1_000;
    /** What a reader, a window of Brotli and what was told may take whatever comes. */
    private static final long FREE_BYTES = 96L << 20;

    /** What a reader told, and how it ended. */
    private record Outcome(List<Object> events, boolean refused) {}

    /** It is told the same however it is cut, or refused with a typed error; after that the reader takes nothing more. */
    @FuzzTest
    void message(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Subprotocol subprotocol = SUBPROTOCOLS[(input[0] & 0xff) % SUBPROTOCOLS.length];
        byte[] message = Arrays.copyOfRange(input, 1, input.length);
        Allocated.atMost(FREE_BYTES + 2_000L * message.length, () -> outcome(subprotocol, message, null));
        Outcome whole = outcome(subprotocol, message, null);
        Outcome split = outcome(subprotocol, message, new Random(input[0]));
        assertThat(split.refused).isEqualTo(whole.refused);
        assertThat(messages(split)).isEqualTo(messages(whole));
        if (!whole.refused) {
            assertThat(split.events).isEqualTo(whole.events);
        }
    }

    private static List<Object> messages(Outcome outcome) {
        return outcome.events.stream().filter(ServerMessage.class::isInstance).toList();
    }

    /** @param cuts null for none */
    private static Outcome outcome(Subprotocol subprotocol, byte[] message, @Nullable Random cuts) {
        Recorder recorder = new Recorder();
        FrameReader reader = FrameReader.of(subprotocol, LIMITS, recorder);
        try {
            if (cuts == null) {
                Pieces.whole(reader, subprotocol, message);
            } else {
                Pieces.split(reader, subprotocol, message, cuts);
            }
        } catch (ProtocolException | LimitExceededException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(MOST_MESSAGE);
            assertThatThrownBy(() -> Pieces.whole(reader, subprotocol, message))
                    .isInstanceOf(IllegalStateException.class);
            return new Outcome(recorder.events, true);
        }
        assertThat(reader.isInside()).isFalse();
        return new Outcome(recorder.events, false);
    }
}
