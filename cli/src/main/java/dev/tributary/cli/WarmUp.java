package dev.tributary.cli;

import dev.tributary.testkit.electric.ElectricServer;
import dev.tributary.testkit.electric.SampleData;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Uses what {@code tail} uses, so that the launcher can make an archive of the classes loaded. Not a part of the
 * command.
 */
final class WarmUp {

    private static final int ROWS = 2_000;

    private WarmUp() {}

    /** Tails a small table in each format and prints nothing. */
    public static void main(String... arguments) {
        int worst = 0;
        try (ElectricServer server = ElectricServer.start()) {
            server.with(model -> new SampleData(1).create(model, ROWS));
            for (Format format : Format.values()) {
                worst = Math.max(worst, tail(server, format));
            }
        }
        // An orderly exit: only then is the archive written.
        System.exit(worst);
    }

    private static int tail(ElectricServer server, Format format) {
        OutputStream nowhere = OutputStream.nullOutputStream();
        PrintStream silent = new PrintStream(nowhere, true, StandardCharsets.UTF_8);
        Shell shell = new Shell(nowhere, silent, false, false, name -> null, new Stop());
        return TributaryCommand.run(
                shell,
                "tail",
                server.uri().toString(),
                "items",
                "--until",
                "up-to-date",
                "--format",
                format.toString());
    }
}
