package dev.tributary.cli;

import dev.tributary.ConfigurationException;
import dev.tributary.ConnectionException;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.Registration;
import dev.tributary.RejectedException;
import dev.tributary.SourceListener;
import dev.tributary.SourceStatus;
import dev.tributary.SyncSource;
import dev.tributary.spi.Verb;
import dev.tributary.spi.Verb.Argument;
import dev.tributary.spi.Verbs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tributary call}: a write, or whatever else the transport of a source can be asked for. */
@Command(
        name = "call",
        description = {
            "Calls a verb of a source once: writes, and what else its transport can do.",
            "'tributary call URI --help' lists the verbs of that source.",
            "Values are JSON: 90, '\"hi\"', '{\"health\":90}'.",
            "Prints the result, if there is one, as one line of JSON."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Ends with 0 when it was done, 1 when the server refused or nothing was sent, 2 when the",
            "command is wrong, 3 when it was sent and its outcome is unknown.",
            "Put -- before arguments that begin with a dash."
        })
final class CallCommand implements Callable<Integer> {

    /** Of the help: what the source can do. */
    private static final String SECTION = "verbs";

    @Mixin
    private SourceArguments arguments = new SourceArguments();

    @Parameters(index = "1", paramLabel = "VERB", description = "What to do, for example set or append.")
    private String name = "";

    @Parameters(
            index = "2..*",
            arity = "0..*",
            paramLabel = "ARGUMENT",
            description = "What the verb needs, in its order.")
    private List<String> words = new ArrayList<>();

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            description = "Give up when there is no answer by then: 500ms, 10s, 2m; 10s unless told.")
    private Duration deadline = Duration.ofSeconds(10);

    @Spec
    private CommandSpec spec;

    private final Shell shell;

    @SuppressWarnings("NullAway.Init")
    private CallCommand(Shell shell) {
        this.shell = shell;
    }

    static CommandLine create(Shell shell) {
        CallCommand command = new CallCommand(shell);
        // A negative number is an argument, not an option.
        CommandLine line = new CommandLine(command).setUnmatchedOptionsArePositionalParams(true);
        CommandLine.Model.UsageMessageSpec usage = line.getCommandSpec().usageMessage();
        List<String> sections = new ArrayList<>(usage.sectionKeys());
        sections.add(sections.indexOf(CommandLine.Model.UsageMessageSpec.SECTION_KEY_FOOTER_HEADING), SECTION);
        usage.sectionKeys(sections);
        usage.sectionMap().put(SECTION, command::verbsText);
        return line;
    }

    /** The part of the help about the source that was named, if one was. */
    private String verbsText(Help help) {
        if (!arguments.isGiven()) {
            return "";
        }
        try (SyncSource source = arguments.open(shell, new SourceListener() {})) {
            List<Verb> verbs = verbsOf(source).all();
            int width =
                    verbs.stream().mapToInt(verb -> verb.usage().length()).max().orElse(0);
            StringBuilder text = new StringBuilder(String.format("%nVerbs of %s:%n", source.address()));
            verbs.forEach(verb -> text.append(String.format("  %-" + width + "s  %s%n", verb.usage(), verb.about())));
            return text.toString();
        }
    }

    private static Verbs verbsOf(SyncSource source) {
        try {
            return source.unwrap(Verbs.class);
        } catch (ConfigurationException e) {
            throw CommandException.usage(
                    "nothing can be called at " + source.address() + "; 'tributary tail' follows it", e);
        }
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        refuseUnknownOptions();
        try (SyncSource source = arguments.open(shell, new SourceListener() {})) {
            Verb verb = verbsOf(source).named(name);
            return run(source, verb, verb.call(values(verb), deadline));
        }
    }

    private void refuseUnknownOptions() {
        CommandLine line = spec.commandLine();
        if (line.getParseResult().originalArgs().contains("--")) {
            return;
        }
        List<String> all = new ArrayList<>(words);
        all.add(name);
        for (String word : all) {
            if (word.matches("-[-A-Za-z].*")) {
                throw new ParameterException(
                        line, "Unknown option: '" + word + "'; put -- before arguments that begin with a dash");
            }
        }
    }

    private List<@Nullable Object> values(Verb verb) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            // One too many is for the verb to refuse.
            values.add(i < verb.arguments().size() ? value(verb.arguments().get(i), word) : word);
        }
        return values;
    }

    private static @Nullable Object value(Argument argument, String word) {
        return switch (argument.kind()) {
            case TEXT -> word;
            case NUMBER -> number(argument.name(), word);
            case VALUE -> JsonArgument.parse(argument.name(), word);
        };
    }

    private static Long number(String name, String word) {
        try {
            return Long.valueOf(word);
        } catch (NumberFormatException e) {
            throw CommandException.usage(name + " is a whole number, got '" + word + "'", e);
        }
    }

    @SuppressWarnings("try") // The registrations only have to be ended.
    private int run(SyncSource source, Verb verb, CompletableFuture<@Nullable Object> reply)
            throws InterruptedException, IOException {
        CompletableFuture<@Nullable Object> stopped = new CompletableFuture<>();
        CompletableFuture<@Nullable Object> refused = new CompletableFuture<>();
        try (Registration stop = shell.stop().listen(() -> stopped.complete(null));
                Registration status = source.onStatus(now -> refusal(now, refused))) {
            CompletableFuture.anyOf(reply, stopped, refused).get();
            if (!reply.isDone()) {
                reply.cancel(false);
                return ExitCode.INTERRUPTED;
            }
            print(reply.get());
            if (verb.lasts()) {
                shell.err().println("-- this holds until Ctrl-C");
                stopped.get();
            }
            return ExitCode.OK;
        } catch (ExecutionException e) {
            throw failure(source, e.getCause() == null ? e : e.getCause());
        }
    }

    /** The source would ask for a token again, but the one of a process stays what it is. */
    private static void refusal(SourceStatus status, CompletableFuture<@Nullable Object> refused) {
        if (status.phase() == SourceStatus.Phase.WAITING && status.reason() instanceof RejectedException reason) {
            refused.completeExceptionally(reason);
        }
    }

    private void print(@Nullable Object result) throws IOException {
        if (result != null) {
            shell.printer().println(Values.json(result));
        }
    }

    /** What was not sent for lack of a connection says why there was none. */
    private static RuntimeException failure(SyncSource source, Throwable thrown) {
        @Nullable Throwable reason = source.status().reason();
        if (thrown instanceof ConnectionException && !(thrown instanceof OutcomeUnknownException) && reason != null) {
            return CommandException.failed(
                    ErrorSentences.textOf(thrown) + " (" + ErrorSentences.reasonOf(reason) + ")", reason);
        }
        return thrown instanceof RuntimeException known
                ? known
                : CommandException.failed(ErrorSentences.textOf(thrown), thrown);
    }
}
