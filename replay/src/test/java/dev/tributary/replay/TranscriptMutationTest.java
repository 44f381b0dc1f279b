package dev.tributary.replay;

import static org.assertj.core.api.Assertions.assertThat;

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
        return Transcripts.files().stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void aDamagedTranscriptFails(Path file) throws TranscriptException {
        Transcript transcript = Transcripts.read(file);
        ReplayResult whole = Replay.create().replay(transcript);
        if (whole.status() != ReplayResult.Status.PASSED || transcript.finalState() == null) {
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
            ReplayResult result = Replay.create().replay(mutation.transcript());
            if (result.status() != ReplayResult.Status.FAILED) {
                survivors.add(mutation.what() + " -> " + result.line());
            }
        }
        assertThat(survivors).isEmpty();
    }
}
