package dev.tributary.replay;

/** A file that is no transcript. The message names the line and what is wrong with it. */
final class TranscriptException extends Exception {

    private static final long serialVersionUID = 1;

    TranscriptException(String message) {
        super(message);
    }

    /** Always there, unlike that of any other exception. */
    String description() {
        return String.valueOf(getMessage());
    }

    TranscriptException(int line, String message) {
        super("line " + line + ": " + message);
    }
}
