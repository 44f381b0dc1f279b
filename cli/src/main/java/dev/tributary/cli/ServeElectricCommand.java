package dev.tributary.cli;

import dev.tributary.testkit.electric.ElectricServer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary serve electric}: the Electric reference server, until Ctrl-C. */
@Command(
        name = "electric",
        description = {
            "Runs the Electric reference server on 127.0.0.1 with a table 'items' of sample data,",
            "and changes it steadily until Ctrl-C, by transactions of 1 to 4 changes. Nothing is stored."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class ServeElectricCommand implements Callable<Integer> {

    private static final int DEFAULT_PORT = 3000;

    @Mixin
    private Serving serving = new Serving(DEFAULT_PORT);

    @Option(names = "--rows", paramLabel = "N", description = "Rows at the start; ${DEFAULT-VALUE} unless told.")
    private int rows = 1000;

    @Option(
            names = "--chunk-bytes",
            paramLabel = "N",
            description = "About how long an answer may be; the real server's 10 MB unless told.")
    private int chunkBytes;

    private final Shell shell;

    ServeElectricCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        serving.check("--rows", rows >= 0);
        serving.check("--chunk-bytes", chunkBytes >= 0);
        return serving.run(shell, Shell.grouped(rows) + " rows", () -> {
            ElectricServer.Builder builder = ElectricServer.builder().port(serving.port());
            return ElectricSample.start(
                    chunkBytes == 0 ? builder : builder.chunkBytes(chunkBytes), serving.seed(), rows);
        });
    }
}
