package dev.tributary.replay.spacetimedb;

import static dev.tributary.replay.spacetimedb.SpacetimeDbDamageTest.judge;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.replay.QuietLog;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import dev.tributary.replay.recording.Transcripts;
import dev.tributary.spacetimedb.codec.Subprotocol;
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
        return all().filter(WholeClientTest::isWhole);
    }

    private static boolean isWhole(Transcript transcript) {
        try {
            return Obstacles.of(transcript, SpacetimeDbReplay.module(transcript)) == null;
        } catch (TranscriptException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    @Tag("T36")
    @Tag("T57")
    void whatCanBeAskedPassesAndTheRestIsDecoded(Transcript transcript) {
        Outcome outcome = judge(transcript);
        assertThat(outcome.status()).as(outcome.toString()).isEqualTo(Outcome.Status.PASSED);
        assertThat(outcome.detail().contains("no whole client")).isEqualTo(!isWhole(transcript));
    }

    @Test
    void theseConversationsAreOurs() {
        assertThat(whole().map(transcript -> transcript.name().substring(0, 2)))
                .containsExactly(
                        "01", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13", "14", "15", "16", "17");
    }

    /** A recording that is to be decoded says what a whole client makes of it. */
    @Test
    void whatIsDecodedSaysSoOfAWholeClientToo() {
        assertThat(Transcripts.files("spacetimedb").stream()
                        .map(file -> judge(Transcripts.read(file)).detail()))
                .hasSize(17)
                .allMatch(detail -> detail.contains("(a whole client: ") || detail.contains("(no whole client: "))
                .filteredOn(detail -> detail.contains("(no whole client: "))
                .hasSize(1);
    }

    /** The one that is left, and why. */
    @Test
    void theOthersSayWhyNot() {
        assertThat(all().filter(transcript -> !isWhole(transcript))
                        .map(transcript -> judge(transcript).detail()))
                .singleElement()
                .asString()
                .endsWith(
                        "(no whole client: two sets have table person, and after that rows of it come, of which v1 does"
                                + " not tell whose they are)");
    }

    @Test
    void allFourProtocolsAreSpokenByWholeClients() {
        assertThat(whole().flatMap(transcript -> transcript.events().stream())
                        .filter(event -> event.kind().equals("ws-open"))
                        .map(SpacetimeDbClientReplay::agreed))
                .contains(
                        Stream.of(Subprotocol.values()).map(Subprotocol::token).toArray(String[]::new));
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
