package dev.tributary.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tributary.replay.recording.Transcripts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Replays every transcript through the real client: those of this module, or any others with
 * {@code -Dtributary.transcripts=DIR}.
 */
class TranscriptReplayTest {

    @Test
    @Tag("E12")
    @Tag("E13")
    @Tag("E14")
    @Tag("E15")
    @Tag("E26")
    @Tag("E36")
    @Tag("E46")
    @Tag("D44")
    @Tag("S49")
    @Tag("T55")
    void everyTranscriptPassesOrNamesWhatIsMissing() {
        ReplayReport report = Replay.create().replay(Transcripts.directory());
        report.lines().forEach(System.out::println);
        assertThat(report.noneFailed()).as(String.join("\n", report.lines())).isTrue();
    }

    @Test
    void onlyFilesOfLaterFeaturesAreNotSupportedYet() {
        assumeTrue(Transcripts.areBundled());
        ReplayReport report = Replay.create().replay(Transcripts.directory());
        Map<String, String> missing = report.results().stream()
                .filter(result -> result.status() == ReplayResult.Status.NOT_SUPPORTED)
                .collect(Collectors.toMap(ReplayResult::file, ReplayResult::detail));
        assertThat(missing)
                .containsOnlyKeys(
                        "electric/13-changes-only-subsets.jsonl",
                        "electric/14-live-sse.jsonl",
                        "electric/15-subquery-moves.jsonl",
                        "electric/19-subset-with-concurrent-changes.jsonl");
        assertThat(missing.get("electric/13-changes-only-subsets.jsonl")).startsWith("subset snapshots");
        assertThat(missing.get("electric/14-live-sse.jsonl")).startsWith("live updates over SSE");
        assertThat(missing.get("electric/15-subquery-moves.jsonl")).startsWith("rows that move with a subquery");
        assertThat(report.count(ReplayResult.Status.PASSED)).isEqualTo(63);
        assertThat(report.allPassed()).isFalse();
        assertThat(report.exitCode()).isEqualTo(1);
    }

    @Test
    void whateverTheSeedAndThePieces() {
        assumeTrue(Transcripts.areBundled());
        for (Replay replay : List.of(
                Replay.create().seed(2).pieces(1_000), Replay.create().seed(3).pieces(50))) {
            ReplayReport report = replay.replay(Transcripts.directory());
            assertThat(report.noneFailed())
                    .as(String.join("\n", report.lines()))
                    .isTrue();
        }
    }

    @Test
    void twoReplaysOfOneSeedAreTheSame() {
        Path directory = Transcripts.directory();
        assertThat(Replay.create().replay(directory)).isEqualTo(Replay.create().replay(directory));
    }
}
