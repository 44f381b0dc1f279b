package dev.tributary.cli;

import dev.tributary.Registration;
import dev.tributary.testkit.electric.ElectricServer;
import dev.tributary.testkit.electric.SampleData;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tributary serve electric}: the Electric reference server, until Ctrl-C. */
@Command(
        name = "electric",
        description = {
            "Runs the Electric reference server on 127.0.0.1 with a table 'items' of sample data,",
            "and changes it steadily until Ctrl-C. Nothing is stored."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class ServeElectricCommand implements Callable<Integer> {

    private static final int LAST_PORT = 65_535;

    @Option(names = "--port", paramLabel = "PORT", description = "0 for any free one; ${DEFAULT-VALUE} unless told.")
    private int port = 3000;

    @Option(names = "--rows", paramLabel = "N", description = "Rows at the start; ${DEFAULT-VALUE} unless told.")
    private int rows = 1000;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Transactions a second, each of 1 to 4 changes; ${DEFAULT-VALUE} unless told, 0 for none.")
    private double rate = 5;

    @Option(
            names = "--chunk-bytes",
            paramLabel = "N",
            description = "About how long an answer may be; the real server's 10 MB unless told.")
    private int chunkBytes;

    @Option(names = "--seed", paramLabel = "N", description = "Other data; ${DEFAULT-VALUE} unless told.")
    private long seed = 1;

    @Spec
    private CommandSpec spec;

    private final Shell shell;

    @SuppressWarnings("NullAway.Init")
    ServeElectricCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    @SuppressWarnings("try") // The workload and the registration only have to be ended.
    public Integer call() throws InterruptedException {
        check("--port", port >= 0 && port <= LAST_PORT);
        check("--rows", rows >= 0);
        check("--rate", rate >= 0 && rate <= 1e6);
        check("--chunk-bytes", chunkBytes >= 0);
        CountDownLatch ended = new CountDownLatch(1);
        SampleData data = new SampleData(seed);
        try (Registration stop = shell.stop().listen(ended::countDown);
                ElectricServer server = start()) {
            server.with(model -> data.create(model, rows));
            try (Workload workload = Workload.start(server, data, rate)) {
                shell.printer()
                        .println("serving " + Shell.grouped(rows) + " rows; follow them: ./tributary tail "
                                + server.uri() + " items");
                ended.await();
            }
        }
        return ExitCode.OK;
    }

    private void check(String option, boolean good) {
        if (!good) {
            throw new ParameterException(spec.commandLine(), option + " is out of range");
        }
    }

    private ElectricServer start() {
        try {
            ElectricServer.Builder builder = ElectricServer.builder().port(port).seed(seed);
            return (chunkBytes == 0 ? builder : builder.chunkBytes(chunkBytes)).start();
        } catch (UncheckedIOException e) {
            throw CommandException.failed(
                    "cannot listen on port " + port + ": " + reason(e)
                            + "; choose another with --port, 0 for any free one",
                    e);
        }
    }

    private static String reason(UncheckedIOException e) {
        @Nullable Throwable cause = e.getCause();
        return ErrorSentences.textOf(cause == null ? e : cause);
    }
}
