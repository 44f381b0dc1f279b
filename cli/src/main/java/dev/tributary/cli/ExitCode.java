package dev.tributary.cli;

/** What the command ends with. The help of {@link TributaryCommand} says the same. */
final class ExitCode {

    /** All that was asked was done; also when the user or the reader of the output ended it after the first content. */
    static final int OK = 0;
    /** The server refused, the connection was given up, a replay differs, a file could not be written. */
    static final int FAILED = 1;
    /** The command line, the source or the query is wrong; nothing was sent. */
    static final int USAGE = 2;
    /** A call was sent and not answered: the server may have done it or not. */
    static final int UNKNOWN = 3;
    /** Ended by Ctrl-C before there was any content: 128 + SIGINT, as shells count. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
