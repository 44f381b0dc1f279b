package dev.tributary.cli;

import dev.tributary.testkit.sodp.SodpDialect;
import dev.tributary.testkit.sodp.SodpSampleData;
import dev.tributary.testkit.sodp.SodpServer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary serve sodp}: the SODP reference server, until Ctrl-C. */
@Command(
        name = "sodp",
        description = {
            "Runs the SODP reference server on 127.0.0.1 with a few keys of sample data,",
            "and changes them steadily until Ctrl-C. Nothing is stored."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class ServeSodpCommand implements Callable<Integer> {

    private static final int DEFAULT_PORT = 7777;

    @Mixin
    private Serving serving = new Serving(DEFAULT_PORT);

    @Option(
            names = "--dialect",
            paramLabel = "DIALECT",
            description = "Which real server it behaves as: typescript, rust or go; ${DEFAULT-VALUE} unless told.")
    private SodpDialect dialect = SodpDialect.TYPESCRIPT;

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "Members of '" + SodpSampleData.CURSORS + "' at the start; ${DEFAULT-VALUE} unless told.")
    private int rows = 20;

    private final Shell shell;

    ServeSodpCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        serving.check("--rows", rows >= 0);
        return serving.run(
                shell,
                SodpSampleData.keys().size() + " keys",
                () -> SodpSample.start(SodpServer.builder(dialect).port(serving.port()), serving.seed(), rows));
    }
}
