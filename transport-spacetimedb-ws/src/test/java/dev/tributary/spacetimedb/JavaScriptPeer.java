package dev.tributary.spacetimedb;

import dev.tributary.conformance.interop.ForeignProcess;
import dev.tributary.conformance.interop.PublishedPackages;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** The official JavaScript client in a process of its own; {@code peer.mjs} says what it can be asked. */
final class JavaScriptPeer implements AutoCloseable {

    /** Which of its generations. */
    enum Version {
        /** The last that speaks {@code v1.bsatn}. */
        FIRST("1.11.3"),
        /** The current one, which speaks v2 and v3. */
        SECOND("2.10.1");

        private final String number;

        Version(String number) {
            this.number = number;
        }

        @Override
        public String toString() {
            return number;
        }
    }

    /** What the client asks its users to install, where Node has no WebSocket of its own. */
    private static final String SOCKETS = "undici@6.21.3";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ForeignProcess process;

    JavaScriptPeer(Version version) throws IOException {
        Path directory = PublishedPackages.shared().npm("spacetimedb@" + version, SOCKETS);
        Path script = directory.resolve("peer.mjs");
        try (InputStream source =
                Objects.requireNonNull(JavaScriptPeer.class.getResourceAsStream("peer.mjs"), "peer.mjs")) {
            Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
        }
        process = ForeignProcess.talking(
                directory, List.of("node", script.toString(), version == Version.FIRST ? "1" : "2"));
    }

    /**
     * Connects it.
     *
     * @param options as JSON: compression, light, confirmed, token
     * @return who it is and its token, as JSON
     */
    String connect(URI server, String database, String options) throws IOException, InterruptedException {
        return ask("connect", text(server.toString()), text(database), options);
    }

    /**
     * Asks it for something.
     *
     * @param arguments as JSON
     * @return its answer, as JSON
     */
    String ask(String command, String... arguments) throws IOException, InterruptedException {
        StringBuilder line = new StringBuilder("[").append(text(command));
        for (String argument : arguments) {
            line.append(',').append(argument);
        }
        String answer = process.ask(line.append(']').toString(), PATIENCE);
        if (answer.startsWith("FAILED")) {
            throw new AssertionError("the JavaScript client: " + answer + "; it wrote: " + process.written());
        }
        return answer;
    }

    /** A plain text as JSON. */
    static String text(String plain) {
        return '"' + plain + '"';
    }

    @Override
    public void close() {
        process.close();
    }
}
