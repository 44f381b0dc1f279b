package dev.tributary.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads the first rows of a subscription to SpacetimeDB, one message in frames of 4,096 bytes: into a view, beside a bare
 * receive of the same message by the same wires, and beside the official JavaScript client where it can be installed.
 */
final class SpacetimeLoad {

    private static final String CLIENT = "spacetimedb@2.10.1";
    /** The WebSocket that the client asks for where Node has none of its own. */
    private static final String SOCKETS = "undici@6.21.3";

    private static final String NO_CLIENT = "none";

    private SpacetimeLoad() {}

    /** {@code spacetime-load [rows [turns [none]]]}. */
    static void main(String... args) throws IOException, InterruptedException {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : LoadComparison.ROWS;
        int turns = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        boolean withClient = args.length < 3 || !args[2].equals(NO_CLIENT);
        Path directory = Files.createTempDirectory("tributary-spacetimedb");
        Path script = withClient ? script(directory) : null;
        try (Child server = server()) {
            String port = String.valueOf(server.line("PORT "));
            for (String compression : List.of("none", "gzip")) {
                System.out.println("compression " + compression);
                String[] arguments = {port, String.valueOf(rows), compression};
                LoadComparison comparison = new LoadComparison(rows, turns);
                ways(comparison, directory, arguments);
                if (script != null) {
                    List<String> command =
                            new ArrayList<>(List.of("node", "--max-old-space-size=8192", script.toString()));
                    command.addAll(List.of(arguments));
                    comparison.add(CLIENT, command);
                }
                comparison.run();
                System.out.println("pings within the messages: " + server.ask("pongs"));
            }
        }
    }

    static Child server() throws IOException {
        return Child.start(Child.java(ReadingServer.class, List.of("-Xmx4g")));
    }

    private static void ways(LoadComparison comparison, Path directory, String... arguments)
            throws IOException, InterruptedException {
        String name = arguments[arguments.length - 1];
        comparison.add("bare receive", Child.java(BareReceive.class, List.of(), arguments));
        comparison.add("view", Child.java(ReadingLoad.class, List.of(), arguments));
        comparison.add(
                "bare, class archive",
                LoadComparison.archived(
                        directory.resolve("bare-" + name + ".jsa"), BareReceive.class, List.of(), arguments));
        comparison.add(
                "view, class archive",
                LoadComparison.archived(
                        directory.resolve("view-" + name + ".jsa"), ReadingLoad.class, List.of(), arguments));
        comparison.add(
                "bare, short-lived",
                LoadComparison.archived(
                        directory.resolve("bare-short-" + name + ".jsa"),
                        BareReceive.class,
                        LoadComparison.SHORT_LIVED,
                        arguments));
        comparison.add(
                "view, short-lived",
                LoadComparison.archived(
                        directory.resolve("view-short-" + name + ".jsa"),
                        ReadingLoad.class,
                        LoadComparison.SHORT_LIVED,
                        arguments));
    }

    private static @Nullable Path script(Path directory) throws IOException, InterruptedException {
        if (!has("node") || !has("npm")) {
            System.out.println(
                    "SKIPPED: the comparison with " + CLIENT + " needs node and npm on the PATH. It was not measured.");
            return null;
        }
        Process npm = new ProcessBuilder("npm", "install", "--no-audit", "--no-fund", "--prefix", ".", CLIENT, SOCKETS)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (npm.waitFor() != 0) {
            System.out.println(
                    "SKIPPED: npm could not install " + CLIENT + " (see its words above). It was not measured.");
            return null;
        }
        Path script = directory.resolve("spacetime-load.mjs");
        try (InputStream source = SpacetimeLoad.class.getResourceAsStream("spacetime-load.mjs")) {
            if (source == null) {
                throw new IllegalStateException("spacetime-load.mjs is missing in the jar");
            }
            Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
        }
        return script;
    }

    private static boolean has(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
