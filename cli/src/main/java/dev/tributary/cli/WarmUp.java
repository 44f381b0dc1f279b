package dev.tributary.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Uses what {@code tail} uses, so that the launcher can make an archive of the classes loaded. Not a part of the
 * command.
 */
final class WarmUp {

    private static final int ROWS = 2_000;
    private static final int FEW = 20;

    private WarmUp() {}

    /** Tails a little of each protocol, Electric in each format, and prints nothing. */
    public static void main(String... arguments) {
        int worst = 0;
        for (SampleProtocol protocol : SampleProtocol.values()) {
            try (SampleServer server = protocol.start(protocol == SampleProtocol.ELECTRIC ? ROWS : FEW)) {
                for (Format format : Format.values()) {
                    if (protocol == SampleProtocol.ELECTRIC || format == Format.TABLE) {
                        worst = Math.max(worst, tail(server, format));
                    }
                }
            }
        }
        // An orderly exit: only then is the archive written.
        System.exit(worst);
    }

    private static int tail(SampleServer server, Format format) {
        OutputStream nowhere = OutputStream.nullOutputStream();
        PrintStream silent = new PrintStream(nowhere, true, StandardCharsets.UTF_8);
        Shell shell = new Shell(nowhere, silent, false, false, name -> null, new Stop());
        return TributaryCommand.run(
                shell,
                "tail",
                server.uri(),
                server.queries().get(0),
                "--until",
                "up-to-date",
                "--format",
                format.toString());
    }
}
