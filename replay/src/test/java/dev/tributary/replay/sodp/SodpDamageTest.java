package dev.tributary.replay.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.replay.QuietLog;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import dev.tributary.replay.recording.Transcripts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The verdict can fail: a transcript in which one change is missing, or one value is another, does not pass. */
@ExtendWith(QuietLog.class)
class SodpDamageTest {

    private static final int MOST_OF_A_SORT = 12;

    static Stream<Path> files() {
        return Transcripts.files("sodp").stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    @Tag("S49")
    void aDamagedTranscriptFails(Path file) throws TranscriptException {
        Transcript transcript = Transcripts.read(file);
        Outcome whole = new SodpReplay().judge(transcript, new ReplayOptions(1, 0));
        if (whole.status() != Outcome.Status.PASSED || transcript.finalState() == null) {
            return;
        }
        List<Damage.Damaged> all = new Damage(transcript).some(MOST_OF_A_SORT);
        assertThat(all).as("nothing in %s reaches its final state", file).isNotEmpty();
        List<String> survivors = new ArrayList<>();
        for (Damage.Damaged damaged : all) {
            Outcome outcome = new SodpReplay().judge(damaged.transcript(), new ReplayOptions(1, 0));
            if (outcome.status() != Outcome.Status.FAILED) {
                survivors.add(damaged.what() + " -> " + outcome);
            }
            assertThat(outcome.detail()).as(damaged.what()).doesNotContain("the replay broke");
        }
        assertThat(survivors).isEmpty();
    }
}
