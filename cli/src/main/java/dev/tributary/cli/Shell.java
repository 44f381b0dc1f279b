package dev.tributary.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a command sees of the process it runs in, so that tests can run it in theirs.
 *
 * @param out results, as UTF-8; not buffered, and its {@code IOException}s are not hidden
 * @param err everything that is not a result
 * @param outIsTerminal whether people read {@code out} as it is written
 * @param errIsTerminal whether people read {@code err} as it is written
 * @param environment environment variables by name
 * @param stop the wish to end
 */
record Shell(
        OutputStream out,
        PrintStream err,
        boolean outIsTerminal,
        boolean errIsTerminal,
        Function<String, @Nullable String> environment,
        Stop stop) {

    /** Set by the launcher, which can ask about each stream: {@code out}, {@code err}, {@code out,err} or nothing. */
    private static final String TERMINALS = "tributary.terminals";

    /** Those of this process. */
    static Shell ofProcess(Stop stop) {
        String terminals = System.getProperty(TERMINALS);
        if (terminals == null) {
            // All that Java itself says: whether both input and output are terminals. Only up to Java 21.
            terminals = Runtime.version().feature() < 22 && System.console() != null ? "out,err" : "";
        }
        // System.out would swallow the exception by which a closed pipe shows.
        return new Shell(
                new FileOutputStream(FileDescriptor.out),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                terminals.contains("out"),
                terminals.contains("err"),
                System::getenv,
                stop);
    }

    /** Prints text for people to {@code out}. */
    PrintStream printer() {
        return new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    /** A number with its thousands apart. */
    static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
