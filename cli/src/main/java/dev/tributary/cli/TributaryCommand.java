package dev.tributary.cli;

import dev.tributary.ConfigurationException;
import dev.tributary.Option;
import dev.tributary.SyncException;
import dev.tributary.testkit.sodp.SodpDialect;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command itself: it only has subcommands. */
@Command(
        name = "tributary",
        description = "Follows what a sync server sends, as a live view of rows.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:done; or ended by Ctrl-C (or by the reader of its output) after there was content",
            "  1:refused by the server, connection given up (--timeout, --deadline), or a replay differs",
            "  2:wrong command line, source, query or saved view; nothing was sent",
            "  3:a call was sent, and its outcome is unknown",
            "130:ended by Ctrl-C before there was any content"
        },
        footerHeading = "%nTry:%n",
        footer = {
            "  tributary demo",
            "  tributary tail electric+http://localhost:3000 items",
            "  tributary call sodp+ws://localhost:7777 --help",
            "  source <(tributary generate-completion)     (completion for bash and zsh)"
        })
final class TributaryCommand implements Callable<Integer> {

    private static final int WIDTH = 100;

    @CommandLine.Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Show what the library logs, on stderr.")
    private boolean verbose;

    @CommandLine.Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "As --verbose, and stack traces with errors.")
    private boolean debug;

    @Spec
    private CommandSpec spec;

    private final Shell shell;

    @SuppressWarnings("NullAway.Init")
    private TributaryCommand(Shell shell) {
        this.shell = shell;
    }

    /** Runs one command line; errors are told on stderr. */
    static int run(Shell shell, String... arguments) {
        TributaryCommand command = new TributaryCommand(shell);
        CommandLine line = command.commandLine(arguments.length == 0 ? "" : arguments[0]);
        return line.execute(arguments);
    }

    private CommandLine commandLine(String first) {
        CommandLine line = new CommandLine(this);
        Map<String, Supplier<Object>> commands = commands();
        Supplier<Object> asked = commands.get(first);
        if (asked != null) {
            // Reflection on all the others would make every start slower.
            line.addSubcommand(first, asked.get());
        } else {
            commands.forEach((name, supplier) -> line.addSubcommand(name, supplier.get()));
            line.addSubcommand("help", new CommandLine.HelpCommand());
            CommandLine completion = new CommandLine(new AutoComplete.GenerateCompletion());
            completion.getCommandSpec().usageMessage().hidden(true);
            line.addSubcommand("generate-completion", completion);
        }
        ErrorSentences errors = new ErrorSentences(() -> debug);
        line.registerConverter(Duration.class, TributaryCommand::duration);
        line.registerConverter(Format.class, text -> choice(Format.values(), text));
        line.registerConverter(TailCommand.Until.class, text -> choice(TailCommand.Until.values(), text));
        line.registerConverter(SampleProtocol.class, text -> choice(SampleProtocol.values(), text));
        line.registerConverter(SodpDialect.class, text -> choice(SodpDialect.values(), text));
        line.setUsageHelpWidth(WIDTH);
        line.setOut(new PrintWriter(shell.printer(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8));
        line.setParameterExceptionHandler(errors);
        line.setExecutionExceptionHandler(errors);
        line.setExecutionStrategy(parsed -> {
            if (verbose || debug) {
                QuietLogs.show(System.Logger.Level.DEBUG, debug, shell.err());
            }
            return execute(parsed);
        });
        return line;
    }

    /** A help may fail too, where it tells about a source. */
    private static int execute(CommandLine.ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (CommandException | SyncException e) {
            throw new CommandLine.ExecutionException(parsed.commandSpec().commandLine(), e.getMessage(), e);
        }
    }

    /** In the order in which the help lists them. */
    private Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("demo", () -> new DemoCommand(shell));
        commands.put("tail", () -> new TailCommand(shell));
        commands.put("call", () -> CallCommand.create(shell));
        commands.put(
                "serve",
                () -> new CommandLine(new ServeCommand())
                        .addSubcommand("electric", new ServeElectricCommand(shell))
                        .addSubcommand("sodp", new ServeSodpCommand(shell))
                        .addSubcommand("driftdb", new ServeDriftDbCommand(shell))
                        .addSubcommand("spacetimedb", new ServeSpacetimeDbCommand(shell)));
        commands.put("replay", () -> new ReplayCommand(shell));
        commands.put("transports", () -> new TransportsCommand(shell));
        return commands;
    }

    /** The same texts as for options in a source URI. */
    private static Duration duration(String text) {
        try {
            return Option.duration("time", "").parse(text);
        } catch (ConfigurationException e) {
            throw new CommandLine.TypeConversionException("'" + text + "' is no time such as 500ms, 10s or 2m");
        }
    }

    /** By the text that the help shows; picocli's own conversion would list the names of the constants. */
    private static <E extends Enum<E>> E choice(E[] all, String text) {
        for (E one : all) {
            if (one.toString().equalsIgnoreCase(text)) {
                return one;
            }
        }
        throw new CommandLine.TypeConversionException("'" + text + "' is none of "
                + Arrays.stream(all)
                        .map(one -> one.toString().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", ")));
    }

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing the command");
    }
}
