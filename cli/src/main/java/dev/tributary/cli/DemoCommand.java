package dev.tributary.cli;

import dev.tributary.MaterializedView;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.testkit.electric.ElectricServer;
import dev.tributary.testkit.electric.SampleData;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tributary demo}: a server and a view of it, in one process. */
@Command(
        name = "demo",
        description = {
            "Starts the Electric reference server with sample data in this process, and follows it.",
            "Needs no network and no other server."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {

    private static final int ROWS_SHOWN = 5;
    private static final int RATE = 3;
    private static final int SECONDS_WITHOUT_TERMINAL = 10;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "End after this time; unless told at Ctrl-C, or after 10 s where stdout is no terminal.")
    private @Nullable Integer seconds;

    @Option(names = "--rows", paramLabel = "N", description = "Rows at the start; ${DEFAULT-VALUE} unless told.")
    private int rows = 100;

    private final Shell shell;

    DemoCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (rows < 0 || (seconds != null && seconds < 0)) {
            throw CommandException.usage("--rows and --seconds cannot be negative");
        }
        SampleData data = new SampleData(1);
        try (ElectricServer server = ElectricServer.start()) {
            server.with(model -> data.create(model, rows));
            introduce(server);
            follow(server, data);
        }
        return ExitCode.OK;
    }

    private void introduce(ElectricServer server) {
        PrintStream out = shell.printer();
        out.println("An Electric server with a table 'items' runs in this process, and its rows change " + RATE
                + " times a second.");
        out.println("Here is a live view of it: + new, ~ changed, - gone. "
                + (secondsToRun() < 0 ? "Ctrl-C ends it." : "It ends after " + secondsToRun() + " s."));
        out.println("Meanwhile, in another terminal:  ./tributary tail " + server.uri() + " items");
        out.println();
    }

    private int secondsToRun() {
        if (seconds != null) {
            return seconds;
        }
        return shell.outIsTerminal() ? -1 : SECONDS_WITHOUT_TERMINAL;
    }

    @SuppressWarnings("try") // The registration only has to be ended.
    private void follow(ElectricServer server, SampleData data) throws InterruptedException {
        Counts counts = new Counts();
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "tributary-demo");
            thread.setDaemon(true);
            return thread;
        });
        try (StatusLines lines = new StatusLines(shell);
                SyncSource source = SyncSource.builder(server.uri().toString())
                        .listener(counts)
                        .open();
                MaterializedView<Row> items = source.materialize("items")) {
            Tail tail = new Tail(Format.TABLE.on(shell.out(), lines::line), lines, counts, Tail.Extent.ALL, ROWS_SHOWN);
            if (secondsToRun() >= 0) {
                tail.upToDate().thenRun(() -> timer.schedule(tail::stop, secondsToRun(), TimeUnit.SECONDS));
            }
            // Only then does anything change: first all rows, then all changes.
            CompletableFuture<Workload> workload =
                    tail.upToDate().thenApply(loaded -> Workload.start(server, data, RATE));
            try (Registration stop = shell.stop().listen(tail::stop)) {
                tail.run(items, null);
            } finally {
                workload.thenAccept(Workload::close);
            }
            shell.printer().println();
            shell.printer()
                    .println("The view ended with "
                            + Shell.grouped(items.snapshot().size()) + " rows after "
                            + Shell.grouped(Math.max(0, items.snapshot().version() - 1)) + " commits.");
        } finally {
            timer.shutdownNow();
        }
    }
}
