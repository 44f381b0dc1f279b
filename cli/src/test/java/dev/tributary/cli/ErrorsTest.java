package dev.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.electric.ElectricServer;
import dev.tributary.testkit.electric.SampleData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each kind of error: one plain sentence on stderr, nothing on stdout, its exit code. */
class ErrorsTest {

    private static ElectricServer server;

    @BeforeAll
    static void startServer() {
        server = ElectricServer.builder().secret("s3cret").start();
        server.with(model -> new SampleData(1).create(model, 3));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static String uri() {
        return server.uri() + "?secret=s3cret";
    }

    private static void isRefused(int code, String part, String... arguments) throws Exception {
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.code()).as(run.err()).isEqualTo(code);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(part).doesNotContain("\tat ").doesNotContain("s3cret");
        List<String> sentences =
                run.err().lines().filter(line -> line.startsWith("tributary: ")).toList();
        assertThat(sentences).hasSize(1);
        assertThat(sentences.get(0)).matches(".*[.?!]");
    }

    @Test
    void wrongCommandLines() throws Exception {
        isRefused(2, "Missing the command.");
        isRefused(2, "Unmatched argument at index 0: 'tial'", "tial");
        isRefused(2, "Unknown option: '--frobnicate'", "tail", uri(), "items", "--frobnicate");
        isRefused(2, "Missing required parameter: 'QUERY'", "tail", uri());
        isRefused(2, "'xml' is none of table, json, csv, none", "tail", uri(), "items", "--format", "xml");
        isRefused(2, "'soon' is no time such as 500ms", "tail", uri(), "items", "--timeout", "soon");
        isRefused(2, "exclude each other", "tail", uri(), "items", "--snapshot-only", "--changes-only");
        isRefused(2, "Missing the protocol; there are electric, sodp, driftdb and spacetimedb", "serve");
        isRefused(2, "'memory' is none of electric, sodp, driftdb, spacetimedb", "demo", "memory");
        isRefused(2, "'python' is none of typescript, rust, go", "serve", "sodp", "--dialect", "python");
        isRefused(2, "Unmatched argument at index 3: 'electric://***'", "tail", uri(), "items", "electric://s3cret");
        isRefused(2, "--port is out of range", "serve", "electric", "--port", "70000");
    }

    @Test
    void wrongSources() throws Exception {
        isRefused(2, "Did you mean electric+http?", "tail", "electrc+http://localhost:3000", "items");
        isRefused(2, "is no scheme of the transport", "tail", "electric://localhost:3000", "items");
        isRefused(2, "did you mean 'prefetch'?", "tail", uri(), "items", "-o", "prefech=1");
        isRefused(2, "NAME=VALUE", "tail", uri(), "items", "-o", "prefetch");
        isRefused(2, "variable NOWHERE for the token is not set", "tail", uri(), "items", "--token-env", "NOWHERE");
        isRefused(2, "given twice", "tail", uri(), "items", "-o", "secret=other");
    }

    @Test
    void wrongQueries() throws Exception {
        isRefused(2, "did you mean where?", "tail", uri(), "items?were=id>1");
        isRefused(2, "percent sign", "tail", uri(), "items?where=name LIKE '%a'");
    }

    @Test
    void refusalsOfTheServer() throws Exception {
        isRefused(1, "does not exist", "tail", uri(), "nowhere");
        isRefused(1, "401", "tail", server.uri().toString(), "items");
    }

    @Test
    void aServerThatIsNone() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> answerAll(other));
            thread.setDaemon(true);
            thread.start();
            String address = "electric+http://127.0.0.1:" + other.getLocalPort();
            isRefused(1, "127.0.0.1", "tail", address, "items", "--timeout", "5s");
        }
    }

    /** As a web server does that knows nothing of shapes. */
    private static void answerAll(ServerSocket server) {
        String page = "<html><body>Welcome to nginx!</body></html>";
        String answer = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: "
                + page.length() + "\r\n\r\n" + page;
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                BufferedReader request =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                String line = request.readLine();
                while (line != null && !line.isEmpty()) {
                    line = request.readLine();
                }
                client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // The client went away, or the test is over.
                continue;
            }
        }
    }

    @Test
    void nobodyThere() throws Exception {
        isRefused(
                1, "not up to date after 0.3 s", "tail", "electric+http://127.0.0.1:1", "items", "--timeout", "300ms");
        CommandRun run = CommandRun.of("tail", "electric+http://127.0.0.1:1", "items", "--timeout", "300ms");
        assertThat(run.err()).contains("the connection was refused").contains("serve electric");
        run = CommandRun.of("tail", "sodp+ws://127.0.0.1:1", "game.player", "--timeout", "300ms");
        assertThat(run.err()).contains("the connection was refused").contains("serve sodp");
    }

    @Test
    void aPortThatIsTaken() throws Exception {
        for (String protocol : new String[] {"electric", "sodp", "driftdb"}) {
            isRefused(1, "choose another with --port", "serve", protocol, "--port", String.valueOf(server.port()));
        }
    }

    @Test
    void tracesAreShownWhenAskedFor() throws Exception {
        CommandRun run = CommandRun.of("tail", "electrc+http://localhost", "items", "--debug");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("\tat dev.tributary");
        QuietLogs.show(System.Logger.Level.ERROR, false, System.err);
    }

    @Test
    void theTokenComesFromTheEnvironment() throws Exception {
        CommandRun run = CommandRun.create()
                .with("TOKEN", "abc")
                .start("tail", uri(), "items", "--token-env", "TOKEN", "--until", "up-to-date");
        assertThat(run.code()).isZero();
        assertThat(run.lines()).hasSize(3);
    }

    @Test
    void optionsAreThoseOfTheUri() throws Exception {
        CommandRun run =
                CommandRun.of("tail", server.uri().toString(), "items", "-o", "secret=s3cret", "--snapshot-only");
        assertThat(run.code()).isZero();
        assertThat(run.lines()).hasSize(3);
    }
}
