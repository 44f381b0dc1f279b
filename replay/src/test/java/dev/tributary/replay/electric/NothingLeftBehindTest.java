package dev.tributary.replay.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.replay.recording.RecordedExchange;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import dev.tributary.replay.recording.Transcripts;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NothingLeftBehindTest {

    @Test
    @Tag("E62")
    void noReplayLeavesAnythingBehind() throws TranscriptException {
        for (Path file : Transcripts.files()) {
            Transcript transcript = Transcripts.read(file);
            if (!transcript.protocol().equals("electric") || transcript.isForDecoder()) {
                continue;
            }
            List<RecordedExchange> recorded = RecordedExchange.of(transcript);
            ElectricClientReplay replay = new ElectricClientReplay(
                    transcript, new ReplayOptions(1, 0), recorded, new ElectricExchanges(recorded));
            replay.run();
            assertThat(replay.leftBehind().isNothing())
                    .as(file + ": " + replay.leftBehind())
                    .isTrue();
        }
    }
}
