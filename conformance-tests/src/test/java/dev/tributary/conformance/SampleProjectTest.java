package dev.tributary.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The sample project and the page on writing a transport are the same. {@code -Dtributary.write=true} writes its files
 * into the page. That it builds, and that the laws hold, is shown by {@link SampleBuild}.
 */
class SampleProjectTest {

    private static final Path PAGE = Path.of("../docs/transports.md");
    private static final Path SAMPLE = Path.of("src/sample/line-transport");
    private static final Path PARENT = Path.of("../pom.xml");

    private static final Pattern PLUGIN =
            Pattern.compile("<artifactId>(maven-\\S+-plugin)</artifactId>\\s*<version>(\\S+)</version>");

    @Test
    void thePageShowsTheSampleProject() throws IOException {
        if (Boolean.getBoolean("tributary.write")) {
            Files.writeString(
                    PAGE, SamplePage.read(PAGE).with(filesOfTheSample()).text());
        }
        assertThat(SamplePage.read(PAGE).files())
                .as("made anew by -Dtributary.write=true")
                .isEqualTo(filesOfTheSample());
    }

    /** Who follows the page gets this version; who builds it here without a network has these plugins already. */
    @Test
    void itsVersionsAreThoseOfThisBuild() throws IOException {
        String parent = Files.readString(PARENT);
        String sample = Files.readString(SAMPLE.resolve("pom.xml"));
        String version = parent.split("</?version>")[1];
        assertThat(sample).contains("<tributary.version>" + version + "</tributary.version>");
        assertThat(PLUGIN.matcher(sample).results())
                .hasSize(4)
                .allSatisfy(plugin ->
                        assertThat(parent).contains("<" + plugin.group(1) + ".version>" + plugin.group(2) + "<"));
    }

    private static Map<String, String> filesOfTheSample() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(SAMPLE)) {
            all.filter(Files::isRegularFile)
                    .filter(file -> !SAMPLE.relativize(file).startsWith("target"))
                    .forEach(file ->
                            files.put(SAMPLE.relativize(file).toString().replace(File.separatorChar, '/'), read(file)));
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
}
