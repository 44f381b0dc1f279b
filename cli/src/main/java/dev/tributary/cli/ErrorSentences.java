package dev.tributary.cli;

import dev.tributary.ConfigurationException;
import dev.tributary.ConnectionException;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.SyncException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells errors in one plain sentence with a hint: {@code tributary: the table is unknown.} */
final class ErrorSentences implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private static final String SERVER_HINT =
            ". Is a server running there? './tributary serve %s' starts one with sample data.";

    private final BooleanSupplier traces;

    ErrorSentences(BooleanSupplier traces) {
        this.traces = traces;
    }

    @Override
    public int handleParseException(ParameterException error, String[] arguments) {
        CommandLine line = error.getCommandLine();
        PrintWriter err = line.getErr();
        err.println(asLine(withoutAddresses(textOf(error), arguments)));
        if (!UnmatchedArgumentException.printSuggestions(error, err)) {
            err.println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        }
        trace(error, err);
        return ExitCode.USAGE;
    }

    /** The path of a source may be its only secret, and its options may be others. */
    private static String withoutAddresses(String message, String[] arguments) {
        String text = message;
        for (String argument : arguments) {
            int authority = argument.indexOf("://");
            if (authority >= 0) {
                text = text.replace(argument, argument.substring(0, authority) + "://***");
            }
        }
        return text;
    }

    @Override
    public int handleExecutionException(Exception thrown, CommandLine line, ParseResult parsed) {
        Throwable error = unwrap(thrown);
        PrintWriter err = line.getErr();
        err.println(asLine(sentence(error, parsed)));
        trace(thrown, err);
        return exitCode(error);
    }

    private void trace(Throwable error, PrintWriter err) {
        if (traces.getAsBoolean()) {
            error.printStackTrace(err);
        }
    }

    private static int exitCode(Throwable error) {
        if (error instanceof CommandException known) {
            return known.exitCode();
        }
        if (error instanceof OutcomeUnknownException) {
            return ExitCode.UNKNOWN;
        }
        return error instanceof ConfigurationException ? ExitCode.USAGE : ExitCode.FAILED;
    }

    private static String sentence(Throwable error, ParseResult parsed) {
        if (error instanceof CommandException) {
            return textOf(error) + hint(error.getCause(), parsed);
        }
        if (error instanceof SyncException) {
            return textOf(error) + hint(error, parsed);
        }
        if (error instanceof IOException) {
            return "cannot read or write: " + textOf(error);
        }
        return "this is a fault of the command itself: " + error + "; --debug shows more";
    }

    /** What to do about it, where the message does not say so itself. */
    private static String hint(@Nullable Throwable error, ParseResult parsed) {
        boolean refused = false;
        for (Throwable at = error; at != null; at = at.getCause()) {
            refused |= at instanceof ConnectionException
                    && textOf(at).toLowerCase(Locale.ROOT).contains("refused");
        }
        if (!refused) {
            return "";
        }
        String source = parsed.originalArgs().stream()
                .filter(argument -> argument.contains("://"))
                .findFirst()
                .orElse("");
        return String.format(SERVER_HINT, SampleProtocol.ofSource(source));
    }

    /** The message in one line; the class of what has none. */
    static String textOf(Throwable error) {
        String message = error.getMessage();
        return message == null || message.isBlank() ? error.getClass().getSimpleName() : message.strip();
    }

    /** The message, and those of the library behind it: {@code the room could not be asked for: connection refused}. */
    static String reasonOf(Throwable error) {
        StringBuilder text = new StringBuilder(textOf(error));
        for (Throwable at = error.getCause(); at instanceof SyncException; at = at.getCause()) {
            if (text.indexOf(textOf(at)) < 0) {
                text.append(": ").append(textOf(at));
            }
        }
        return text.toString();
    }

    /** One line with a full stop. What a server sent may be part of it: no line breaks, no control characters. */
    static String asLine(String text) {
        String line = text.strip().replaceAll("\\R\\s*", " ").replaceAll("\\p{Cntrl}", "?");
        boolean ended = line.endsWith(".") || line.endsWith("?") || line.endsWith("!");
        return "tributary: " + line + (ended ? "" : ".");
    }

    private static Throwable unwrap(Throwable thrown) {
        Throwable at = thrown;
        while ((at instanceof CompletionException
                        || at instanceof ExecutionException
                        || at instanceof UncheckedIOException)
                && at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }
}
