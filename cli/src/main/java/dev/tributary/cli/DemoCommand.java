package dev.tributary.cli;

import dev.tributary.MaterializedView;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary demo}: a server and a view of it, in one process. */
@Command(
        name = "demo",
        description = {
            "Starts a reference server with sample data in this process, and follows it.",
            "Needs no network and no other server."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {

    private static final int ROWS_SHOWN = 5;
    private static final int RATE = 3;
    private static final int SECONDS_WITHOUT_TERMINAL = 10;

    @Parameters(
            arity = "0..1",
            paramLabel = "PROTOCOL",
            description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} unless told.")
    private SampleProtocol protocol = SampleProtocol.ELECTRIC;

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
        try (SampleServer server = protocol.start(rows)) {
            introduce(server);
            follow(server);
        }
        return ExitCode.OK;
    }

    private void introduce(SampleServer server) {
        PrintStream out = shell.printer();
        out.println(server.about() + " runs in this process, and its rows change " + RATE + " times a second.");
        out.println("Here is a live view of it: + new, ~ changed, - gone. "
                + (secondsToRun() < 0 ? "Ctrl-C ends it." : "It ends after " + secondsToRun() + " s."));
        out.println("Meanwhile, in another terminal:  "
                + Typed.tail(server.uri(), server.queries().get(0)));
        server.calls().forEach(call -> out.println("and:  " + Typed.call(server.uri(), call)));
        out.println();
    }

    private int secondsToRun() {
        if (seconds != null) {
            return seconds;
        }
        return shell.outIsTerminal() ? -1 : SECONDS_WITHOUT_TERMINAL;
    }

    @SuppressWarnings("try") // The registration only has to be ended.
    private void follow(SampleServer server) throws InterruptedException {
        Counts counts = new Counts();
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "tributary-demo");
            thread.setDaemon(true);
            return thread;
        });
        try (StatusLines lines = new StatusLines(shell);
                SyncSource source =
                        SyncSource.builder(server.uri()).listener(counts).open();
                MaterializedView<Row> items =
                        source.materialize(server.queries().get(0))) {
            Tail tail = new Tail(Format.TABLE.on(shell.out(), lines::line), lines, counts, Tail.Extent.ALL, ROWS_SHOWN);
            if (secondsToRun() >= 0) {
                tail.upToDate().thenRun(() -> timer.schedule(tail::stop, secondsToRun(), TimeUnit.SECONDS));
            }
            // Only then does anything change: first all rows, then all changes.
            CompletableFuture<Workload> workload = tail.upToDate().thenApply(loaded -> Workload.start(server, RATE));
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
