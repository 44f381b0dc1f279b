package dev.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
    void theDemoKnowsEachProtocol() throws Exception {
        for (String protocol : new String[] {"sodp", "driftdb", "spacetimedb"}) {
            CommandRun run = CommandRun.create().onTerminal().start("demo", protocol, "--rows", "7");
            run.awaitOut(text -> text.contains("more\n~") || text.contains("more\n+") || text.contains("more\n-"));
            assertThat(run.interrupt().code()).as(run.err()).isZero();
            assertThat(run.out())
                    .contains("./tributary tail " + protocol + "+ws://127.0.0.1:", "./tributary call " + protocol)
                    .contains("… and 2 more\n");
        }
    }

    @Test
    void whatIsServedCanBeTailed() throws Exception {
        CommandRun server =
                CommandRun.create().start("serve", "electric", "--port", "0", "--rows", "20", "--rate", "50");
        server.awaitOut(text -> text.contains("\n"));
        String line = server.lines().get(0);
        assertThat(line).matches("serving 20 rows; follow them: ./tributary tail electric\\+http://\\S+ items");
        follows(line, 20);
        assertThat(server.interrupt().code()).isZero();
    }

    /** Runs the command that a line ends with, until a row changed. */
    private static void follows(String line, int rows) throws Exception {
        CommandRun tail = CommandRun.create().start(words(line));
        tail.awaitOut(text -> text.lines().count() > rows && text.contains("\n~ ") || text.contains("\n+ "));
        assertThat(tail.interrupt().code()).as(tail.err()).isZero();
    }

    /** As a shell takes it apart. */
    private static String[] words(String line) {
        String command = line.substring(line.indexOf("./tributary ") + "./tributary ".length());
        return Pattern.compile("'([^']*)'|(\\S+)")
                .matcher(command)
                .results()
                .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
                .toArray(String[]::new);
    }

    @Test
    void whatIsServedByASocketCanBeTailedAndCalled() throws Exception {
        for (String[] serve : new String[][] {
            {"serve", "sodp", "--dialect", "typescript"},
            {"serve", "sodp", "--dialect", "rust"},
            {"serve", "sodp", "--dialect", "go"},
            {"serve", "driftdb"},
            {"serve", "spacetimedb"}
        }) {
            CommandRun server = CommandRun.create()
                    .start(Stream.concat(Stream.of(serve), Stream.of("--port", "0", "--rows", "3", "--rate", "50"))
                            .toArray(String[]::new));
            server.awaitOut(text -> text.contains("./tributary call"));
            assertThat(server.lines().get(0)).startsWith("serving ");
            follows(server.lines().get(0), 3);
            CommandRun call = CommandRun.create()
                    .start(words(server.lines().get(server.lines().size() - 1)));
            assertThat(call.code()).as(call.err()).isZero();
            assertThat(server.interrupt().code()).isZero();
        }
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
        assertThat(run.lines())
                .contains(
                        "electric+http, electric+https",
                        "sodp+ws, sodp+wss",
                        "driftdb+http, driftdb+https, driftdb+ws, driftdb+wss",
                        "spacetimedb+http, spacetimedb+https, spacetimedb+ws, spacetimedb+wss",
                        "all over ws or wss");
    }

    @Test
    void everyCommandHasAHelp() throws Exception {
        for (String command : new String[] {"demo", "tail", "call", "replay", "transports", "serve"}) {
            CommandRun run = CommandRun.of(command, "--help");
            assertThat(run.code()).isZero();
            assertThat(run.out()).startsWith("Usage: tributary " + command);
            assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
        }
        for (String protocol : new String[] {"electric", "sodp", "driftdb", "spacetimedb"}) {
            CommandRun run = CommandRun.of("serve", protocol, "--help");
            assertThat(run.code()).isZero();
            assertThat(run.out())
                    .startsWith("Usage: tributary serve " + protocol)
                    .contains("--port", "--rate");
            assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
        }
        CommandRun all = CommandRun.of("help");
        assertThat(all.code()).isZero();
        assertThat(all.out())
                .contains("demo", "tail", "call", "serve", "replay", "Exit codes:")
                .doesNotContain("\n  generate-");
    }

    @Test
    void versionAndCompletion() throws Exception {
        assertThat(CommandRun.of("--version").out()).startsWith("tributary ");
        CommandRun completion = CommandRun.of("generate-completion");
        assertThat(completion.code()).isZero();
        assertThat(completion.out())
                .contains("complete -F _complete_tributary", "--snapshot-only", "--deadline", "driftdb", "--dialect");
    }
}
