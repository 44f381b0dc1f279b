package dev.tributary.cli;

import dev.tributary.Option;
import dev.tributary.spi.TransportProvider;
import dev.tributary.spi.WireProvider;
import java.io.PrintStream;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code tributary transports}: what sources there can be. */
@Command(
        name = "transports",
        description = "Lists the transports that are found: the schemes and options of their URIs.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class TransportsCommand implements Callable<Integer> {

    private final Shell shell;

    TransportsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        PrintStream out = shell.printer();
        List<TransportProvider> transports = ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        for (TransportProvider transport : transports) {
            out.println(transport.wireSchemes().stream()
                    .sorted()
                    .map(wire -> transport.scheme() + "+" + wire)
                    .collect(Collectors.joining(", ")));
            transport.options().forEach(option -> print(out, option));
        }
        for (WireProvider wires : ServiceLoader.load(WireProvider.class)) {
            out.println("all over " + wires.schemes().stream().sorted().collect(Collectors.joining(" or ")));
            wires.options().forEach(option -> print(out, option));
        }
        if (transports.isEmpty()) {
            throw CommandException.failed("no transport was found; add one to the class path or module path", null);
        }
        return ExitCode.OK;
    }

    private static void print(PrintStream out, Option<?> option) {
        out.printf("    %-22s %s%n", option.name(), option.about());
    }
}
