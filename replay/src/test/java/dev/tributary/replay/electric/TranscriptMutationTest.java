package dev.tributary.replay.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.replay.QuietLog;
import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import dev.tributary.replay.recording.Transcripts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The verdict can fail: no transcript passes in which one change that reaches its final state is not what it was. */
@ExtendWith(QuietLog.class)
class TranscriptMutationTest {

    private static final int MOST_OF_A_SORT = 25;

    static Stream<Path> files() {
        return Transcripts.files("electric").stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void aDamagedTranscriptFails(Path file) throws TranscriptException {
        Transcript transcript = Transcripts.read(file);
        Outcome whole = new ElectricReplay().judge(transcript, new ReplayOptions(1, 0));
        if (whole.status() != Outcome.Status.PASSED || transcript.finalState() == null) {
            return;
        }
        List<Mutations.Mutation> mutations = new Mutations(transcript, whole.used()).some(MOST_OF_A_SORT);
        if (!Json.members(transcript.finalState()).isEmpty()) {
            assertThat(mutations)
                    .as("nothing in %s reaches its final state", file)
                    .isNotEmpty();
        }
        List<String> survivors = new ArrayList<>();
        for (Mutations.Mutation mutation : mutations) {
            Outcome result = new ElectricReplay().judge(mutation.transcript(), new ReplayOptions(1, 0));
            if (result.status() != Outcome.Status.FAILED) {
                survivors.add(mutation.what() + " -> " + result.toString());
            }
        }
        assertThat(survivors).isEmpty();
    }
}
