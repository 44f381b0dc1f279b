package dev.tributary.conformance.interop;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * Installs published packages, each set of them once for a run. A test that asks for one that cannot be installed here is
 * skipped, and the reason is printed: it never passes in silence.
 *
 * <p>They go into a directory that is removed when the JVM ends. With {@code -Dtributary.interop.directory=DIR} they stay
 * there and are used again: a server that has to be compiled takes minutes.
 */
public final class PublishedPackages {

    private static final Duration PATIENCE = Duration.ofMinutes(40);
    private static final int MOST_REASON = 600;
    private static final PublishedPackages SHARED = new PublishedPackages(root());

    /** What came of an installation: a reason where it failed. */
    private record Outcome(Path directory, @Nullable String problem) {}

    private final Path root;
    private final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();

    private PublishedPackages(Path root) {
        this.root = root;
    }

    /** The one of this run. */
    public static PublishedPackages shared() {
        return SHARED;
    }

    private static Path root() {
        String kept = System.getProperty("tributary.interop.directory", "");
        try {
            if (!kept.isEmpty()) {
                return Files.createDirectories(Path.of(kept).toAbsolutePath());
            }
            Path temporary = Files.createTempDirectory("tributary-interop");
            Runtime.getRuntime().addShutdownHook(new TemporaryFiles(temporary).remover());
            return temporary;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A program of a Rust crate, compiled with the versions of its lock file.
     *
     * @return the program
     */
    public Path crate(String crate, String version, String program) {
        Path directory = installed(
                crate + "-" + version,
                "cargo",
                into -> List.of(
                        "cargo", "install", crate, "--version", "=" + version, "--locked", "--root", into.toString()));
        return directory.resolve("bin").resolve(program);
    }

    /**
     * JavaScript packages, with a script put beside them.
     *
     * @param packages as npm takes them, with their versions
     * @return the directory that holds {@code node_modules}
     */
    public Path npm(String... packages) {
        require("node");
        return installed("npm-" + named(packages), "npm", into -> {
            List<String> command = new java.util.ArrayList<>(
                    List.of("npm", "install", "--no-audit", "--no-fund", "--prefix", into.toString()));
            command.addAll(List.of(packages));
            return command;
        });
    }

    /**
     * Python packages in an environment of their own.
     *
     * @param packages as pip takes them, with their versions
     * @return the Python that has them
     */
    public Path python(String... packages) {
        Path environment = installed("venv", "python3", into -> List.of("python3", "-m", "venv", into.toString()));
        Path python = environment.resolve("bin/python");
        installed("pip-" + named(packages), python.toString(), into -> {
            List<String> command =
                    new java.util.ArrayList<>(List.of(python.toString(), "-m", "pip", "install", "--quiet"));
            command.addAll(List.of(packages));
            return command;
        });
        return python;
    }

    private static String named(String... packages) {
        return String.join("-", packages).replaceAll("[^A-Za-z0-9.]+", "_");
    }

    private Path installed(String name, String tool, Command command) {
        require(tool);
        Outcome outcome = outcomes.computeIfAbsent(name, any -> install(name, command));
        skipIf(outcome.problem());
        return outcome.directory();
    }

    private void require(String tool) {
        String problem = outcomes.computeIfAbsent("tool-" + tool, any -> new Outcome(root, missing(tool)))
                .problem();
        skipIf(problem);
    }

    private static @Nullable String missing(String tool) {
        try {
            Process process = new ProcessBuilder(tool, "--version")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0 ? null : tool + " does not run here";
        } catch (IOException e) {
            return tool + " is not on the PATH";
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while looking for " + tool, e);
        }
    }

    private Outcome install(String name, Command command) {
        Path directory = root.resolve(name);
        Path done = root.resolve(name + ".done");
        if (Files.exists(done)) {
            return new Outcome(directory, null);
        }
        Path log = root.resolve(name + ".log");
        try {
            Files.createDirectories(directory);
            Process process = new ProcessBuilder(command.into(directory))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .start();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Outcome(directory, name + " was not installed within " + PATIENCE.toMinutes() + " minutes");
            }
            if (process.exitValue() != 0) {
                return new Outcome(directory, name + " could not be installed: " + end(Files.readString(log)));
            }
            Files.createFile(done);
            return new Outcome(directory, null);
        } catch (IOException e) {
            return new Outcome(directory, name + " could not be installed: " + e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while installing " + name, e);
        }
    }

    private static String end(String log) {
        String text = log.strip();
        return text.length() > MOST_REASON ? "… " + text.substring(text.length() - MOST_REASON) : text;
    }

    private static void skipIf(@Nullable String problem) {
        if (problem != null) {
            System.out.println("SKIPPED: " + problem + ". Nothing was tested.");
            Assumptions.abort(problem);
        }
    }

    /** How something is installed. */
    private interface Command {

        List<String> into(Path directory);
    }

    /** A directory that goes with the JVM. */
    private record TemporaryFiles(Path directory) {

        /** Threads that run when the JVM ends cannot be made otherwise. */
        Thread remover() {
            return java.util.concurrent.Executors.defaultThreadFactory().newThread(this::remove);
        }

        private void remove() {
            try (Stream<Path> files = Files.walk(directory)) {
                Consumer<Path> remove = file -> file.toFile().delete();
                files.sorted(java.util.Comparator.reverseOrder()).forEach(remove);
            } catch (IOException e) {
                System.err.println(directory + " could not be removed: " + e);
            }
        }
    }
}
