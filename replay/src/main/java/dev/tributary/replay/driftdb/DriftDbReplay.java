package dev.tributary.replay.driftdb;

import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ProtocolReplay;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;

/** Replays transcripts of DriftDB. */
public final class DriftDbReplay implements ProtocolReplay {

    @Override
    public Outcome replay(Transcript transcript, ReplayOptions options) throws TranscriptException {
        Conversation conversation = new Conversation(transcript);
        return transcript.isForDecoder()
                ? new DriftDbDecoderReplay(transcript, options, conversation).run()
                : new DriftDbClientReplay(transcript, options, conversation).run();
    }
}
