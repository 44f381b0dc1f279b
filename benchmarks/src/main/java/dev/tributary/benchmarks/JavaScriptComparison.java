package dev.tributary.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Loads a shape beside the official JavaScript client, which npm installs into a directory of its own. */
final class JavaScriptComparison {

    private static final String CLIENT = "@electric-sql/client@1.5.26";

    private JavaScriptComparison() {}

    /** {@code javascript [rows [turns]]}. */
    static void main(String... args) throws IOException, InterruptedException {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : LoadComparison.ROWS;
        int turns = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        if (!has("node") || !has("npm")) {
            System.out.println("SKIPPED: the comparison with " + CLIENT
                    + " needs node and npm on the PATH. Nothing was measured.");
            return;
        }
        Path directory = Files.createTempDirectory("tributary-javascript");
        if (!install(directory)) {
            System.out.println(
                    "SKIPPED: npm could not install " + CLIENT + " (see its words above). Nothing was measured.");
            return;
        }
        Path script = directory.resolve("load.mjs");
        try (InputStream source = JavaScriptComparison.class.getResourceAsStream("load.mjs")) {
            if (source == null) {
                throw new IllegalStateException("load.mjs is missing in the jar");
            }
            Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
        }
        try (Child server = LoadComparison.server(rows)) {
            String address = LoadComparison.address(server);
            LoadComparison comparison = new LoadComparison(rows, turns);
            comparison.add(CLIENT, List.of("node", "--max-old-space-size=8192", script.toString(), address));
            comparison.add("view", Child.java(ViewLoad.class, List.of(), address));
            comparison.add(
                    "view, class archive",
                    LoadComparison.archived(directory.resolve("view.jsa"), ViewLoad.class, List.of(), address));
            comparison.add(
                    "view, short-lived",
                    LoadComparison.archived(
                            directory.resolve("short.jsa"), ViewLoad.class, LoadComparison.SHORT_LIVED, address));
            comparison.run();
        }
    }

    private static boolean has(String program) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(program, "--version").start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean install(Path directory) throws IOException, InterruptedException {
        Process npm = new ProcessBuilder("npm", "install", "--no-audit", "--no-fund", "--prefix", ".", CLIENT)
                .directory(directory.toFile())
                .inheritIO()
                .start();
        return npm.waitFor() == 0;
    }
}
