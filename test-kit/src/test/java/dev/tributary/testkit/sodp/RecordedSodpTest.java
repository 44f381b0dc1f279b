package dev.tributary.testkit.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Plays the client's side of the recorded conversations into the model: it must answer as the real TypeScript server
 * 0.2.2 and the real Rust server 0.1.1 did, byte for byte and in the same order, and hold what they held.
 */
class RecordedSodpTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01-watch-uninitialised-key",
                "02-init-and-deltas-every-op",
                "03-calls-and-results",
                "04-watch-many-interleaved",
                "05-presence",
                "06-drop-and-resume-replay",
                "07-resume-past-window",
                "08-error-results",
                "09-heartbeat",
                "10-delete-then-recreate"
            })
    void answersAsTheTypeScriptServerDid(String name) {
        plays(name, SodpDialect.TYPESCRIPT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "11-rust-watch-uninitialised-key",
                "12-rust-init-and-deltas-every-op",
                "13-rust-calls-and-results",
                "14-rust-watch-many-interleaved",
                "15-rust-presence",
                "16-rust-drop-and-resume-replay",
                "17-rust-resume-past-window",
                "18-rust-error-results",
                "19-rust-heartbeat-and-ping",
                "20-rust-delete-then-recreate",
                "21-rust-auth-and-expiry",
                "22-rust-restart-with-log"
            })
    void answersAsTheRustServerDid(String name) {
        plays(name, SodpDialect.RUST);
    }

    private static void plays(String name, SodpDialect dialect) {
        RecordedConversation conversation = new RecordedConversation(name + ".jsonl", dialect);
        conversation.play();
        assertThat(conversation.differences).isEmpty();
        assertThat(conversation.recordedFrames()).isGreaterThan(1);
    }
}
