package dev.tributary.testkit.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What the clients of the real server 2.8.3 said, said to the model: it answers message by message as the real server
 * did, but for tokens, times, costs and the order inside lists.
 */
@Tag("T31")
@Tag("T32")
@Tag("T65")
class RecordedAnswersTest {

    private static final List<String> FILES = List.of(
            "01-v1json-all-types",
            "02-v1json-overlapping-queries",
            "03-v1json-legacy-subscribe",
            "04-v1json-failing-calls",
            "05-v1json-oneoff-procedures-views",
            "06-v1json-changes-by-others",
            "07-v1json-subscription-errors",
            "08-v1json-drop-and-reconnect",
            "09-refused-connections",
            "10-v1bsatn-all-types",
            "11-v1bsatn-gzip",
            "12-v1bsatn-brotli-light",
            "13-v2bsatn-everything",
            "14-v3bsatn-bundles",
            "15-v1json-1x-module",
            "16-v1bsatn-1x-module-light",
            "17-server-closes");

    @TestFactory
    Stream<DynamicTest> theModelAnswersAsTheRealServerDid() {
        return FILES.stream()
                .map(file -> DynamicTest.dynamicTest(
                        file,
                        () -> new RecordedConversation(file + ".jsonl").play().forEach(this::compare)));
    }

    private void compare(String id, RecordedConversation.Side side) {
        // Where two clients ask at the same time the server takes one of them first, and the recording tells which.
        for (int i = 0; i + 1 < Math.min(side.actual.size(), side.expected.size()); i++) {
            if (side.raced
                    && side.actual.get(i).equals(side.expected.get(i + 1))
                    && side.actual.get(i + 1).equals(side.expected.get(i))) {
                Collections.swap(side.actual, i, i + 1);
            }
        }
        for (int i = 0; i < Math.max(side.actual.size(), side.expected.size()); i++) {
            assertThat(i < side.actual.size() ? side.actual.get(i) : "nothing")
                    .as("message %d over %s", i, id)
                    .isEqualTo(i < side.expected.size() ? side.expected.get(i) : "nothing");
        }
    }

    /** One that is altered in one place is seen. */
    @Test
    void anAnswerThatDiffersIsSeen() {
        RecordedConversation.Side side = new RecordedConversation("02-v1json-overlapping-queries.jsonl")
                .play()
                .get("c1");
        assertThat(side).isNotNull();
        side.expected.replaceAll(message -> message.replace("moved", "removed"));
        assertThatThrownBy(() -> compare("c1", side))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("removed");
    }

    @Test
    void aRefusalThatDiffersIsSeen() {
        RecordedConversation.Side side =
                new RecordedConversation("09-refused-connections.jsonl").play().get("c7");
        assertThat(side).isNotNull();
        assertThat(side.actual).containsExactly("404 `nosuchdb` not found");
        side.expected.replaceAll(message -> message.replace("404", "400"));
        assertThatThrownBy(() -> compare("c7", side)).isInstanceOf(AssertionError.class);
    }

    /** Nothing is read of a frame that was packed by Brotli unless it can be unpacked. */
    @Test
    void whatWasPackedByBrotliIsCompared() {
        RecordedConversation.Side side =
                new RecordedConversation("12-v1bsatn-brotli-light.jsonl").play().get("c1");
        assertThat(side).isNotNull();
        assertThat(side.expected).hasSizeGreaterThan(30).isEqualTo(side.actual);
        assertThat(side.expected).anyMatch(message -> message.length() > 2 * Compression.THRESHOLD);
    }
}
