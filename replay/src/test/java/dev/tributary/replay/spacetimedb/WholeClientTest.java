package dev.tributary.replay.spacetimedb;

import static dev.tributary.replay.spacetimedb.SpacetimeDbDamageTest.judge;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.replay.QuietLog;
import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import dev.tributary.replay.recording.Transcripts;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recordings whose queries our API can ask, replayed through the whole client. */
@ExtendWith(QuietLog.class)
class WholeClientTest {

    /** The recordings as if they did not ask to be decoded. */
    static Stream<Transcript> all() {
        return Transcripts.files("spacetimedb").stream()
                .map(file -> Edit.withHeader(Transcripts.read(file), "replay", "client"));
    }

    static Stream<Transcript> whole() {
        return all().filter(transcript -> {
            try {
                return SpacetimeDbClientReplay.obstacle(transcript, SpacetimeDbReplay.module(transcript)) == null;
            } catch (TranscriptException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    @Tag("T36")
    @Tag("T57")
    void whatCanBeAskedPassesAndTheRestIsDecoded(Transcript transcript) {
        Outcome outcome = judge(transcript);
        assertThat(outcome.status()).as(outcome.toString()).isEqualTo(Outcome.Status.PASSED);
        boolean isWhole = whole().anyMatch(transcript::equals);
        assertThat(outcome.detail().contains("no whole client")).isEqualTo(!isWhole);
    }

    @Test
    void theseConversationsAreOurs() {
        assertThat(whole().map(transcript -> transcript.name().substring(0, 2)))
                .containsExactly("01", "04", "05", "06", "08", "15");
    }

    @ParameterizedTest
    @MethodSource("whole")
    void noFrameMayBeMissing(Transcript transcript) {
        List<String> survivors = new ArrayList<>();
        for (Transcript.Event event : transcript.events()) {
            // Calls whose arguments do not fit our API refuses by itself.
            String text = String.valueOf(event.text("text"));
            boolean isOfNobody = text.contains("invalid arguments")
                    // Rows of a table that was let go of before the end: our client does not look at it any more.
                    || (text.startsWith("{\"TransactionUpdateLight")
                            && tables(transcript).stream().noneMatch(table -> text.contains('"' + table + '"')));
            if (event.kind().equals("ws-recv")
                    && !isOfNobody
                    && !SpacetimeDbDamageTest.saysNothingOfFinal(transcript, event)) {
                Outcome outcome = judge(Edit.without(transcript, event));
                if (outcome.status() == Outcome.Status.PASSED) {
                    survivors.add("line " + event.line() + ": " + outcome.detail());
                }
            }
        }
        assertThat(survivors).isEmpty();
    }

    private static Set<String> tables(Transcript transcript) {
        return Json.members(Json.members(transcript.finalState()).get("tables")).keySet();
    }

    @ParameterizedTest
    @MethodSource("whole")
    void noReplayLeavesAnythingBehind(Transcript transcript) throws TranscriptException {
        SpacetimeDbClientReplay replay =
                new SpacetimeDbClientReplay(transcript, new ReplayOptions(1, 0), SpacetimeDbReplay.module(transcript));
        replay.run();
        assertThat(replay.leftBehind().isNothing())
                .as(transcript.name() + ": " + replay.leftBehind())
                .isTrue();
    }
}
