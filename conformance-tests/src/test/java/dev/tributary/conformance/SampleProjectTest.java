package dev.tributary.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page on writing a transport is followed from an empty folder: its files are written out, compiled against what is
 * published and nothing else, and tested in a process of their own. {@code -Dtributary.write=true} writes the files of
 * the sample project into the page.
 */
class SampleProjectTest {

    private static final Path PAGE = Path.of("../docs/transports.md");
    private static final Path SAMPLE = Path.of("src/sample/line-transport");
    private static final Pattern BLOCK = Pattern.compile("<!-- file (\\S+) -->\n```(\\w*)\n(.*?)```\n", Pattern.DOTALL);

    /** Runs all tests of the project, prints what came of them, and ends with 1 where one failed. */
    private static final String LAUNCHER = """
            import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

            import java.io.PrintWriter;
            import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
            import org.junit.platform.launcher.core.LauncherFactory;
            import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

            public class RunTests {
                public static void main(String[] classes) throws Exception {
                    var request = LauncherDiscoveryRequestBuilder.request();
                    for (String name : classes) {
                        request.selectors(selectClass(name));
                    }
                    var summary = new SummaryGeneratingListener();
                    LauncherFactory.create().execute(request.build(), summary);
                    var counts = summary.getSummary();
                    counts.printFailuresTo(new PrintWriter(System.out), 5);
                    System.out.println("succeeded " + counts.getTestsSucceededCount()
                            + " aborted " + counts.getTestsAbortedCount()
                            + " failed " + counts.getTotalFailureCount());
                    System.exit(counts.getTotalFailureCount() == 0 ? 0 : 1);
                }
            }
            """;

    @Test
    void thePageShowsTheSampleProject() throws IOException {
        if (Boolean.getBoolean("tributary.write")) {
            Files.writeString(PAGE, written(Files.readString(PAGE)));
        }
        assertThat(filesOfThePage()).as("made anew by -Dtributary.write=true").isEqualTo(filesOfTheSample());
    }

    private static String written(String page) {
        Map<String, String> files = filesOfTheSample();
        return BLOCK.matcher(page)
                .replaceAll(block -> Matcher.quoteReplacement("<!-- file " + block.group(1) + " -->\n```"
                        + block.group(2) + "\n" + files.getOrDefault(block.group(1), "") + "```\n"));
    }

    private static Map<String, String> filesOfThePage() throws IOException {
        Map<String, String> files = new TreeMap<>();
        BLOCK.matcher(Files.readString(PAGE)).results().forEach(block -> files.put(block.group(1), block.group(3)));
        return files;
    }

    private static Map<String, String> filesOfTheSample() {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(SAMPLE)) {
            all.filter(Files::isRegularFile)
                    .filter(file -> !SAMPLE.relativize(file).startsWith("target"))
                    .forEach(file ->
                            files.put(SAMPLE.relativize(file).toString().replace(File.separatorChar, '/'), read(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whoFollowsThePageFromAnEmptyFolderHasAGreenSuite(@TempDir Path folder) throws Exception {
        writeOut(filesOfThePage(), folder);
        Output run = build(folder);
        assertThat(run.text()).contains(" failed 0");
        assertThat(run.exit()).as(run.text()).isZero();
        int laws = (int) LawTests.all().stream()
                .filter(test ->
                        LawTests.lawsOf(test).get(0).notApplicable(new Line()).isEmpty())
                .count();
        assertThat(run.text())
                .contains("succeeded " + laws + " aborted " + (LawTests.all().size() - laws));
    }

    /** Break the code once and see it fail: a transport that forgets deletes, in the same project. */
    @Test
    void whoMakesAMistakeIsToldWhichLawAndWhereToLook(@TempDir Path folder) throws Exception {
        Map<String, String> files = new LinkedHashMap<>(filesOfThePage());
        files.computeIfPresent(
                "src/main/java/com/example/line/LineProtocol.java",
                (name, code) -> code.replace(
                        "case \"gone\" -> {", "case \"gone\", \"forgotten\" -> {}\n            case \"never\" -> {"));
        writeOut(files, folder);
        Output run = build(folder);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.text())
                .contains("L1.1 is broken: " + Law.CONVERGES.statement())
                .contains("look at: " + Law.CONVERGES.advice());
    }

    /** What the sample declares. */
    private static final class Line implements TransportDriver {

        @Override
        public java.util.Set<dev.tributary.Capability> capabilities() {
            return java.util.Set.of(dev.tributary.Capability.LOSSLESS, dev.tributary.Capability.TRANSACTIONS);
        }

        @Override
        public java.util.Set<Fault> faults() {
            return Fault.common();
        }

        @Override
        public World newWorld(long seed) {
            throw new AssertionError("not asked for");
        }
    }

    private static void writeOut(Map<String, String> files, Path folder) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        Files.writeString(Files.createDirectories(folder.resolve("launcher")).resolve("RunTests.java"), LAUNCHER);
    }

    private record Output(int exit, String text) {}

    private static Output build(Path folder) throws Exception {
        Path classes = folder.resolve("target/classes");
        Path tests = folder.resolve("target/test-classes");
        List<String> published = published();
        compile(folder.resolve("src/main/java"), classes, published);
        copy(folder.resolve("src/main/resources"), classes);
        List<String> all = new ArrayList<>(List.of(tests.toString(), classes.toString()));
        all.addAll(published);
        compile(folder.resolve("src/test/java"), tests, all);
        compile(folder.resolve("launcher"), tests, all);
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Djqwik.reporting.onlyfailures=true",
                        "-cp",
                        String.join(File.pathSeparator, all),
                        "RunTests",
                        "com.example.line.LineConformanceTest")
                .directory(folder.toFile())
                .redirectErrorStream(true);
        Process process = builder.start();
        try {
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            return new Output(process.exitValue(), text);
        } finally {
            process.destroyForcibly();
        }
    }

    /** The class path without the tests of this module, and without the transports of this project. */
    private static List<String> published() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes") && !entry.contains("surefire"))
                .toList();
    }

    private static void compile(Path sources, Path into, List<String> classPath) throws IOException {
        Files.createDirectories(into);
        List<String> arguments = new ArrayList<>(List.of("--release", "17", "-proc:none", "-d", into.toString()));
        arguments.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
        try (Stream<Path> all = Files.walk(sources)) {
            all.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(arguments::add);
        }
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int exit = ToolProvider.findFirst("javac").orElseThrow().run(out, out, arguments.toArray(String[]::new));
        assertThat(exit).as(said.toString()).isZero();
    }

    private static void copy(Path from, Path into) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path to = into.resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
    }
}
