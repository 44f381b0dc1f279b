package dev.tributary.replay.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.replay.QuietLog;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import dev.tributary.replay.recording.Transcripts;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a conversation is called, in which order independent frames came, and how it was cut: all that is no matter. */
@ExtendWith(QuietLog.class)
@Tag("S49")
class SodpVariantsTest {

    static Stream<Path> files() {
        return Transcripts.files("sodp").stream()
                .filter(file -> !Transcripts.read(file).isForDecoder());
    }

    private static void assertPassesAndCanFail(Transcript variant) throws TranscriptException {
        Outcome outcome = new SodpReplay().judge(variant, new ReplayOptions(5, 0));
        assertThat(outcome.status()).as(outcome.toString()).isEqualTo(Outcome.Status.PASSED);
        List<Damage.Damaged> damaged = new Damage(variant).some(2);
        for (Damage.Damaged one : damaged) {
            Outcome failed = new SodpReplay().judge(one.transcript(), new ReplayOptions(5, 0));
            assertThat(failed.status()).as(one.what() + ": " + failed).isEqualTo(Outcome.Status.FAILED);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void otherNamesAndNumbers(Path file) throws TranscriptException {
        assertPassesAndCanFail(Variants.renamed(Transcripts.read(file)));
    }

    @ParameterizedTest
    @MethodSource("files")
    void anotherOrderOfIndependentFrames(Path file) throws TranscriptException {
        assertPassesAndCanFail(Variants.swapped(Transcripts.read(file)));
    }

    @ParameterizedTest
    @MethodSource("files")
    void oneMoreConnection(Path file) throws TranscriptException {
        Transcript split = Variants.split(Transcripts.read(file));
        if (split != null) {
            assertPassesAndCanFail(split);
        }
    }
}
