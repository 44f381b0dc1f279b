package dev.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code demo}, {@code serve}, {@code replay}, {@code transports} and the helps. */
class OtherCommandsTest {

    @TempDir
    private Path directory;

    @Test
    void theDemoRunsAndEnds() throws Exception {
        CommandRun run = CommandRun.of("demo", "--seconds", "1", "--rows", "100");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("./tributary tail electric+http://127.0.0.1:", "… and 95 more\n", "The view ended");
        assertThat(run.lines().stream().filter(line -> line.startsWith("+ "))).hasSizeGreaterThanOrEqualTo(5);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void theDemoEndsWithCtrlC() throws Exception {
        CommandRun run = CommandRun.create().onTerminal().start("demo");
        run.awaitOut(text -> text.contains("more\n~") || text.contains("more\n+") || text.contains("more\n-"));
        assertThat(run.interrupt().code()).isZero();
    }

    @Test
    void whatIsServedCanBeTailed() throws Exception {
        CommandRun server =
                CommandRun.create().start("serve", "electric", "--port", "0", "--rows", "20", "--rate", "50");
        server.awaitOut(text -> text.contains("\n"));
        String line = server.lines().get(0);
        assertThat(line).matches("serving 20 rows; follow them: ./tributary tail electric\\+http://\\S+ items");
        String[] words = line.substring(line.indexOf("tail")).split(" ");
        CommandRun tail = CommandRun.create().start(words);
        tail.awaitOut(text -> text.lines().count() > 25 && text.contains("\n~ "));
        assertThat(tail.interrupt().code()).isZero();
        assertThat(server.interrupt().code()).isZero();
    }

    @Test
    void replayEndsWithZeroOnlyIfEveryFilePasses() throws Exception {
        Files.writeString(directory.resolve("bad.jsonl"), "no transcript\n");
        CommandRun run = CommandRun.of("replay", directory.toString());
        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.lines()).hasSize(2);
        assertThat(run.lines().get(0)).startsWith("bad.jsonl: FAILED: line 1");
        assertThat(run.lines().get(1)).startsWith("1 files: 0 passed, 1 failed");
    }

    @Test
    void transportsAreListed() throws Exception {
        CommandRun run = CommandRun.of("transports");
        assertThat(run.code()).isZero();
        assertThat(run.lines().get(0)).isEqualTo("electric+http, electric+https");
    }

    @Test
    void everyCommandHasAHelp() throws Exception {
        for (String command : new String[] {"demo", "tail", "replay", "transports", "serve"}) {
            CommandRun run = CommandRun.of(command, "--help");
            assertThat(run.code()).isZero();
            assertThat(run.out()).startsWith("Usage: tributary " + command);
            assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
        }
        CommandRun all = CommandRun.of("help");
        assertThat(all.code()).isZero();
        assertThat(all.out())
                .contains("demo", "tail", "serve", "replay", "Exit codes:")
                .doesNotContain("\n  generate-");
    }

    @Test
    void versionAndCompletion() throws Exception {
        assertThat(CommandRun.of("--version").out()).startsWith("tributary ");
        CommandRun completion = CommandRun.of("generate-completion");
        assertThat(completion.code()).isZero();
        assertThat(completion.out()).contains("complete -F _complete_tributary", "--snapshot-only");
    }
}
