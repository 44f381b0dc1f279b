package dev.tributary.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tributary.ProtocolException;
import java.time.Duration;
import java.util.Arrays;

/**
 * Whole conversations. The first byte of an input chooses the dialect; behind it stands what a server says, one value of
 * MessagePack after the other: a frame, or a number of seconds that go by, or a nil where the connection breaks.
 */
class ConversationFuzz {

    private static final int MOST_WORDS = 100;
    private static final int MOST_SECONDS = 100;

    /** The protocol never throws, never says what an engine may not hear, and goes on after every end. */
    @FuzzTest
    void conversation(byte[] input) {
        if (input.length == 0) {
            return;
        }
        SodpDialect[] dialects = SodpDialect.values();
        Scene scene = new Scene(dialects[(input[0] & 0xff) % dialects.length]);
        scene.subscribe("board.main");
        scene.subscribe("board.root?as=children");
        scene.subscribe("board.list");
        scene.live();
        Decoder splitter = new Decoder();
        int from = 1;
        for (int i = 0; i < MOST_WORDS && from < input.length; i++) {
            int to = end(splitter, input, from);
            hear(scene, input, from, to);
            if (scene.wire().closed) {
                scene.advance(Duration.ofSeconds(1)).reconnect();
            }
            from = to;
        }
        assertThat(scene.out.wires).isNotEmpty();
    }

    private static int end(Decoder splitter, byte[] input, int from) {
        try {
            splitter.reset(input, from, input.length);
            splitter.skip("a word");
            return splitter.position();
        } catch (ProtocolException e) {
            return input.length;
        }
    }

    private static void hear(Scene scene, byte[] input, int from, int to) {
        int first = input[from] & 0xff;
        if (first < MOST_SECONDS) {
            scene.advance(Duration.ofSeconds(first));
        } else if (first == 0xc0) {
            scene.drop();
        } else {
            scene.receive(Arrays.copyOfRange(input, from, to));
        }
    }
}
