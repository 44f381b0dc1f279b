package dev.tributary.cli;

import dev.tributary.testkit.driftdb.DriftDbServer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary serve driftdb}: the DriftDB reference server, until Ctrl-C. */
@Command(
        name = "driftdb",
        description = {
            "Runs the DriftDB reference server on 127.0.0.1 with a room '" + DriftDbSample.ROOM + "' of sample data,",
            "and pushes to it steadily until Ctrl-C. Nothing is stored."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class ServeDriftDbCommand implements Callable<Integer> {

    private static final int DEFAULT_PORT = 8080;

    @Mixin
    private Serving serving = new Serving(DEFAULT_PORT);

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "Entries of 'chat' at the start; ${DEFAULT-VALUE} unless told.")
    private int rows = 20;

    private final Shell shell;

    ServeDriftDbCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        serving.check("--rows", rows >= 0);
        return serving.run(
                shell,
                "a room with 3 keys",
                () -> DriftDbSample.start(DriftDbServer.builder().port(serving.port()), serving.seed(), rows));
    }
}
