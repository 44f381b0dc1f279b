package dev.tributary.cli;

import dev.tributary.replay.Replay;
import dev.tributary.replay.ReplayReport;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary replay}: recorded sessions through the real client. */
@Command(
        name = "replay",
        description = {
            "Replays recorded sessions through the real client, in virtual time.",
            "Compares what it then holds with what the server held; 0 only if every file passes."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class ReplayCommand implements Callable<Integer> {

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "Transcripts, and directories whose files *.jsonl are.")
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of all that the client draws; ${DEFAULT-VALUE} unless told.")
    private long seed = 1;

    @Option(
            names = "--pieces",
            paramLabel = "BYTES",
            description = "Hand over bodies in pieces of 1 to so many bytes; whole unless told.")
    private int pieces;

    private final Shell shell;

    ReplayCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (pieces < 0) {
            throw CommandException.usage("--pieces cannot be negative");
        }
        PrintStream out = shell.printer();
        ReplayReport report =
                Replay.create().seed(seed).pieces(pieces).replay(paths, result -> out.println(result.line()));
        List<String> lines = report.lines();
        // All before the totals were printed as they came.
        out.println(lines.get(lines.size() - 1));
        return report.exitCode();
    }
}
