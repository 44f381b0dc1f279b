package dev.tributary.replay;

/** How the transcripts of one protocol are replayed. Stateless. */
interface ProtocolReplay {

    /** @throws TranscriptException when an event is not what its kind says */
    ReplayResult replay(Transcript transcript, ReplayOptions options) throws TranscriptException;
}
