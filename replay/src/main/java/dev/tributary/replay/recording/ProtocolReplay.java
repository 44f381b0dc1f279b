package dev.tributary.replay.recording;

import dev.tributary.ConfigurationException;

/** How the transcripts of one protocol are replayed. Stateless. */
@FunctionalInterface
public interface ProtocolReplay {

    /** @throws TranscriptException when an event is not what its kind says */
    Outcome replay(Transcript transcript, ReplayOptions options) throws TranscriptException;

    /** The same, with whatever is thrown as the difference: one file must not keep the others from their verdict. */
    default Outcome judge(Transcript transcript, ReplayOptions options) {
        try {
            return replay(transcript, options);
        } catch (TranscriptException e) {
            return Outcome.failed(e.description());
        } catch (ConfigurationException e) {
            return Outcome.failed("our client refused: " + e.getMessage());
        } catch (RuntimeException | StackOverflowError e) {
            return Outcome.failed("the replay broke: " + describe(e));
        }
    }

    /** What was thrown, and where. */
    static String describe(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return thrown + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
