package dev.tributary.replay.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import dev.tributary.replay.recording.Transcripts;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NothingLeftBehindTest {

    @Test
    @Tag("S47")
    void noReplayLeavesAnythingBehind() throws TranscriptException {
        for (Path file : Transcripts.files("sodp")) {
            Transcript transcript = Transcripts.read(file);
            if (transcript.isForDecoder()) {
                continue;
            }
            SodpClientReplay replay =
                    new SodpClientReplay(transcript, new ReplayOptions(1, 0), Analysis.of(transcript));
            replay.run();
            assertThat(replay.leftBehind().isNothing())
                    .as(file + ": " + replay.leftBehind())
                    .isTrue();
        }
    }
}
