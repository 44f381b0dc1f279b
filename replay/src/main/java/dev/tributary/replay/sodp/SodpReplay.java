package dev.tributary.replay.sodp;

import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ProtocolReplay;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import java.util.List;

/** Replays transcripts of SODP. */
public final class SodpReplay implements ProtocolReplay {

    @Override
    public Outcome replay(Transcript transcript, ReplayOptions options) throws TranscriptException {
        List<Line> lines = Analysis.of(transcript);
        return transcript.isForDecoder()
                ? new SodpDecoderReplay(transcript, options, lines).run()
                : new SodpClientReplay(transcript, options, lines).run();
    }
}
