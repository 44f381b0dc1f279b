package dev.tributary.driftdb;

import dev.tributary.conformance.interop.ForeignProcess;
import dev.tributary.conformance.interop.PublishedPackages;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;

/** The official JavaScript client in a process of its own; {@code peer.mjs} says what it can be asked. */
final class JavaScriptPeer implements AutoCloseable {

    private static final String CLIENT = "driftdb@1.0.12";
    /** The client is for browsers, and Node has had a WebSocket of its own only since version 22. */
    private static final String SOCKETS = "ws@8.18.0";

    private final ForeignProcess process;
    private final String root;

    JavaScriptPeer(URI server) throws IOException {
        root = "http" + server.toString().substring("ws".length());
        Path directory = PublishedPackages.shared().npm(CLIENT, SOCKETS);
        Path script = directory.resolve("peer.mjs");
        try (InputStream source =
                Objects.requireNonNull(JavaScriptPeer.class.getResourceAsStream("peer.mjs"), "peer.mjs")) {
            Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
        }
        process = ForeignProcess.talking(directory, List.of("node", script.toString()));
    }

    String newRoom() throws IOException, InterruptedException {
        String id = ask("newRoom", text(root));
        return id.substring(1, id.length() - 1);
    }

    String getRoom(String id) throws IOException, InterruptedException {
        return ask("getRoom", text(root), text(id));
    }

    JavaScriptPeer connect(String room, boolean cbor) throws IOException, InterruptedException {
        ask("connect", text(root), text(room), Boolean.toString(cbor));
        return this;
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
        String answer = process.ask(line.append(']').toString(), Visit.PATIENCE);
        if (answer.startsWith("FAILED")) {
            throw new AssertionError("the JavaScript client: " + answer + "; it wrote: " + process.written());
        }
        return answer;
    }

    /** A plain text as JSON. */
    static String text(String plain) {
        return '"' + plain + '"';
    }

    /** It goes without a word. */
    void crash() {
        process.close();
    }

    @Override
    public void close() {
        crash();
    }
}
