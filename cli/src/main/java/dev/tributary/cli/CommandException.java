package dev.tributary.cli;

import org.jspecify.annotations.Nullable;

/** Ends the command with one sentence for people. */
final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int exitCode;

    private CommandException(int exitCode, String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.exitCode = exitCode;
    }

    /** What was asked for is wrong. */
    static CommandException usage(String sentence) {
        return new CommandException(ExitCode.USAGE, sentence, null);
    }

    /** What was asked for is wrong, as this shows. */
    static CommandException usage(String sentence, Throwable cause) {
        return new CommandException(ExitCode.USAGE, sentence, cause);
    }

    /** It was right to ask, but it did not work. */
    static CommandException failed(String sentence, @Nullable Throwable cause) {
        return new CommandException(ExitCode.FAILED, sentence, cause);
    }

    int exitCode() {
        return exitCode;
    }
}
