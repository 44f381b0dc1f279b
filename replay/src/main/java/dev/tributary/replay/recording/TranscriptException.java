package dev.tributary.replay.recording;

/** A file that is no transcript. The message names the line and what is wrong with it. */
public final class TranscriptException extends Exception {

    private static final long serialVersionUID = 1;

    public TranscriptException(String message) {
        super(message);
    }

    /** Always there, unlike that of any other exception. */
    public String description() {
        return String.valueOf(getMessage());
    }

    public TranscriptException(int line, String message) {
        super("line " + line + ": " + message);
    }
}
