package dev.tributary.cli;

import dev.tributary.testkit.spacetimedb.SpacetimeDbSampleData;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary serve spacetimedb}: the SpacetimeDB reference server, until Ctrl-C. */
@Command(
        name = "spacetimedb",
        description = {
            "Runs the SpacetimeDB reference server on 127.0.0.1 with a database 'game' of sample data,",
            "and changes it steadily until Ctrl-C. Nothing is stored."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class ServeSpacetimeDbCommand implements Callable<Integer> {

    private static final int DEFAULT_PORT = 3000;

    @Mixin
    private Serving serving = new Serving(DEFAULT_PORT);

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "Rows of '" + SpacetimeDbSampleData.PLAYER + "' at the start; ${DEFAULT-VALUE} unless told.")
    private int rows = 20;

    private final Shell shell;

    ServeSpacetimeDbCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        serving.check("--rows", rows >= 0);
        return serving.run(
                shell,
                "a database with " + SpacetimeDbSampleData.relations().size() + " tables",
                () -> SpacetimeDbSample.start(SpacetimeDbSample.builder().port(serving.port()), serving.seed(), rows));
    }
}
