package dev.tributary.cli;

import dev.tributary.MaterializedView;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary tail}: the content of a query, then its changes. */
@Command(
        name = "tail",
        description = {
            "Prints the rows of a query, then one line for each change as it happens.",
            "Rows go to stdout, everything else to stderr."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footerHeading = "%nFormats:%n",
        footer = {
            "  table  + KEY  ROW     ~ KEY  CHANGED  was BEFORE     - KEY",
            "  json   one object a line: op, key, row, before; numbers exact, bytes as Base64",
            "  csv    a header, then op and all columns; null is empty, an empty text is \"\"",
            "  none   one last line: rows, bytes, seconds of the first load, rows/s",
            "",
            "Ctrl-C ends with 0 once there was content, with 130 before. See also 'tributary help'."
        })
final class TailCommand implements Callable<Integer> {

    /** When to end by itself. */
    enum Until {
        UP_TO_DATE;

        @Override
        public String toString() {
            return "up-to-date";
        }
    }

    @Mixin
    private SourceArguments arguments = new SourceArguments();

    @Parameters(
            index = "1",
            paramLabel = "QUERY",
            description = "What to follow, as the transport has it, for example items or 'items?where=price>10'.")
    private String query = "";

    @Option(names = "--format", paramLabel = "FORMAT", description = "${COMPLETION-CANDIDATES}; table unless told.")
    private Format format = Format.TABLE;

    @Option(names = "--until", paramLabel = "WHEN", description = "End when this is reached: ${COMPLETION-CANDIDATES}.")
    private @Nullable Until until;

    @Option(names = "--snapshot-only", description = "Print the content once it is up to date, and end.")
    private boolean snapshotOnly;

    @Option(names = "--changes-only", description = "Do not print the content at the start.")
    private boolean changesOnly;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "Give up when it is not up to date by then: 500ms, 10s, 2m; for ever unless told.")
    private @Nullable Duration timeout;

    @Option(names = "--from", paramLabel = "FILE", description = "Go on from this saved view.")
    private @Nullable Path from;

    @Option(
            names = "--save",
            paramLabel = "FILE",
            description = "Save the view there when it is up to date, and again at the end.")
    private @Nullable Path save;

    private final Shell shell;

    TailCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Tail.Extent extent = extent();
        if (save != null) {
            SavedFile.checkWritable(save);
        }
        byte[] saved = from == null ? null : SavedFile.read(from);
        Counts counts = new Counts();
        try (StatusLines lines = new StatusLines(shell);
                SyncSource source = arguments.open(shell, counts);
                MaterializedView<Row> view = open(source, saved, counts)) {
            Tail tail = new Tail(format.on(shell.out(), lines::line), lines, counts, extent, Long.MAX_VALUE);
            return follow(view, tail, lines, counts);
        }
    }

    private Tail.Extent extent() {
        if (snapshotOnly && changesOnly) {
            throw CommandException.usage("--snapshot-only and --changes-only exclude each other");
        }
        if (snapshotOnly) {
            return Tail.Extent.SNAPSHOT_ONLY;
        }
        if (changesOnly) {
            return until == null ? Tail.Extent.CHANGES_ONLY : Tail.Extent.CHANGES_UNTIL_UP_TO_DATE;
        }
        return until == null ? Tail.Extent.ALL : Tail.Extent.UNTIL_UP_TO_DATE;
    }

    private MaterializedView<Row> open(SyncSource source, byte @Nullable [] saved, Counts counts) {
        if (saved == null) {
            return source.materialize(query);
        }
        MaterializedView<Row> view = source.materialize(query, row -> row, from -> from.saved(saved));
        String refusal = counts.savedViewRefusal();
        if (refusal != null) {
            // The library would sync anew; who names a file wants to know.
            view.close();
            throw CommandException.usage(from + ": " + refusal + "; leave out --from to sync anew");
        }
        return view;
    }

    private int follow(MaterializedView<Row> view, Tail tail, StatusLines lines, Counts counts)
            throws InterruptedException, IOException {
        Saver saver = new Saver(view, save, lines);
        if (until == null && !snapshotOnly) {
            tail.upToDate().thenRun(saver::saveQuietly);
        }
        Registration stop = shell.stop().listen(tail::stop);
        try {
            tail.run(view, timeout);
        } finally {
            if (format == Format.NONE) {
                shell.printer().println(counts.total(view.snapshot().size()));
            }
            saver.save();
            // Not before: until here Ctrl-C waits for the end of this.
            stop.close();
        }
        return view.snapshot().version() == 0 && !tail.upToDate().isDone() ? ExitCode.INTERRUPTED : ExitCode.OK;
    }
}
