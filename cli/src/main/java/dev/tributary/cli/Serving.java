package dev.tributary.cli;

import dev.tributary.Registration;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all reference servers have in common: their options, and running until Ctrl-C. */
final class Serving {

    private static final int LAST_PORT = 65_535;
    private static final double MOST_RATE = 1e6;

    @Option(names = "--port", paramLabel = "PORT", description = "0 for any free one; ${DEFAULT-VALUE} unless told.")
    private int port;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Changes a second; ${DEFAULT-VALUE} unless told, 0 for none.")
    private double rate = 5;

    @Option(names = "--seed", paramLabel = "N", description = "Other data; ${DEFAULT-VALUE} unless told.")
    private long seed = 1;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init")
    Serving(int port) {
        this.port = port;
    }

    int port() {
        return port;
    }

    long seed() {
        return seed;
    }

    /** Refuses what is out of range. */
    void check(String option, boolean good) {
        if (!good) {
            throw new ParameterException(spec.commandLine(), option + " is out of range");
        }
    }

    /**
     * Runs a server and changes its data until Ctrl-C.
     *
     * @param what how much there is, for example {@code 1,000 rows}
     */
    @SuppressWarnings("try") // The workload and the registration only have to be ended.
    int run(Shell shell, String what, Supplier<SampleServer> starter) throws InterruptedException {
        check("--port", port >= 0 && port <= LAST_PORT);
        check("--rate", rate >= 0 && rate <= MOST_RATE);
        CountDownLatch ended = new CountDownLatch(1);
        try (Registration stop = shell.stop().listen(ended::countDown);
                SampleServer server = start(starter);
                Workload workload = Workload.start(server, rate)) {
            introduce(shell.printer(), what, server);
            ended.await();
        }
        return ExitCode.OK;
    }

    /** The commands are printed as they are to be typed. */
    private static void introduce(PrintStream out, String what, SampleServer server) {
        List<String> queries = server.queries();
        StringBuilder text = new StringBuilder("serving ")
                .append(what)
                .append("; follow them: ")
                .append(Typed.tail(server.uri(), queries.get(0)))
                .append('\n');
        queries.stream()
                .skip(1)
                .forEach(query -> text.append("  ")
                        .append(Typed.tail(server.uri(), query))
                        .append('\n'));
        server.calls()
                .forEach(call ->
                        text.append("  ").append(Typed.call(server.uri(), call)).append('\n'));
        out.print(text);
        out.flush();
    }

    private SampleServer start(Supplier<SampleServer> starter) {
        try {
            return starter.get();
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
