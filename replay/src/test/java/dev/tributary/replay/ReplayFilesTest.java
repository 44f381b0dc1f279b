package dev.tributary.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayFilesTest {

    private static final String HEADER = "{\"protocol\":\"electric\",\"query\":\"t\",\"final\":null}";

    @TempDir
    Path directory;

    private String detail(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("a.jsonl"), content);
        ReplayReport report = Replay.create().replay(file);
        assertThat(report.allPassed()).isFalse();
        assertThat(report.exitCode()).isEqualTo(1);
        return report.results().get(0).detail();
    }

    @Test
    void anEmptyDirectoryFails() {
        ReplayReport report = Replay.create().replay(directory);
        assertThat(report.noneFailed()).isFalse();
        assertThat(report.exitCode()).isEqualTo(1);
        assertThat(report.lines().get(0)).contains(directory.toString(), "holds no transcript");
        assertThat(report.lines()).last().isEqualTo("1 files: 0 passed, 1 failed, 0 not yet supported");
    }

    @Test
    void nothingAtAllIsNoPass() {
        ReplayReport report = Replay.create().replay();
        assertThat(report.allPassed()).isFalse();
        assertThat(report.noneFailed()).isFalse();
    }

    @Test
    void aFileThatIsNotThereFails() {
        ReplayReport report = Replay.create().replay(directory.resolve("no.jsonl"));
        assertThat(report.lines().get(0)).startsWith("no.jsonl: FAILED: the file cannot be read");
    }

    @Test
    void aBrokenLineIsNamed() throws IOException {
        assertThat(detail(HEADER + "\n\n{\"kind\":\"truth\",\"t\":1}\n{\"kind\":"))
                .startsWith("line 4: no JSON");
        assertThat(detail(HEADER + "\n[]")).isEqualTo("line 2: no JSON object");
        assertThat(detail(HEADER + "\n{\"t\":1}")).isEqualTo("line 2: the event has no text 'kind'");
        assertThat(detail("{}")).isEqualTo("line 1: the header has no text 'protocol'");
        assertThat(detail("")).isEqualTo("it is empty: the header is missing");
        assertThat(detail(HEADER + "\n{\"kind\":\"http-request\",\"t\":1}"))
                .isEqualTo("line 2: the http-request has no text 'id'");
        assertThat(detail(HEADER + "\n{\"kind\":\"http-response\",\"t\":1,\"id\":\"r1\",\"status\":200}"))
                .isEqualTo("line 2: an answer to r1, which was not asked");
    }

    @Test
    void aFileThatIsNoTextIsNamed() throws IOException {
        Path file = Files.write(directory.resolve("a.jsonl"), new byte[] {'{', (byte) 0xff});
        assertThat(Replay.create().replay(file).results().get(0).detail()).isEqualTo("it is not UTF-8 text");
    }

    @Test
    void anUnknownProtocolIsNamed() throws IOException {
        assertThat(detail("{\"protocol\":\"carrier-pigeon\"}"))
                .isEqualTo("unknown protocol 'carrier-pigeon'; there are driftdb, electric, sodp, spacetimedb");
    }

    @Test
    void filesBelowADirectoryAreFoundInOrderAndReportedOneByOne() throws IOException {
        Files.createDirectories(directory.resolve("b"));
        Files.writeString(directory.resolve("b/one.jsonl"), "{}");
        Files.writeString(directory.resolve("a.jsonl"), "{}");
        Files.writeString(directory.resolve("README.md"), "no transcript");
        List<String> heard = new ArrayList<>();
        Replay.create().replay(List.of(directory), result -> heard.add(result.file()));
        assertThat(heard).containsExactly("a.jsonl", "b/one.jsonl");
    }
}
