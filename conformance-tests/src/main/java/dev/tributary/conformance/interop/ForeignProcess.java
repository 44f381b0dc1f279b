package dev.tributary.conformance.interop;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A program of others that runs beside a test, and what it is told and says. For one thread. */
public final class ForeignProcess implements AutoCloseable {

    private static final int PROBE_MILLIS = 50;

    private final Process process;
    private final Path errors;
    private final BufferedReader said;
    private final BufferedWriter told;
    private final ExecutorService reader = Executors.newSingleThreadExecutor();

    private ForeignProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        this.said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.told = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    /** Starts a program whose lines are read by {@link #line} and {@link #ask}. */
    public static ForeignProcess talking(Path directory, List<String> command) throws IOException {
        return start(directory, Map.of(), command, true);
    }

    /** Starts a program that is not listened to: a server. */
    public static ForeignProcess silent(Map<String, String> environment, List<String> command) throws IOException {
        return start(Path.of("").toAbsolutePath(), environment, command, false);
    }

    private static ForeignProcess start(
            Path directory, Map<String, String> environment, List<String> command, boolean heard) throws IOException {
        Path errors = Files.createTempFile("tributary-interop", ".log");
        errors.toFile().deleteOnExit();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        if (!heard) {
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        }
        builder.environment().putAll(environment);
        return new ForeignProcess(builder.start(), errors);
    }

    /** A port of this machine that nobody uses now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Waits until it takes connections.
     *
     * @throws IllegalStateException with what it wrote, when it ends or the time is over first
     */
    public void awaitPort(int port, Duration patience) throws InterruptedException {
        for (long left = patience.toMillis(); left > 0; left -= PROBE_MILLIS) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                // It does not listen yet. Its end would be the end of the waiting.
                if (process.waitFor(PROBE_MILLIS, TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
        }
        throw new IllegalStateException("nothing listens at port " + port + ": " + written());
    }

    /** The next line that it says. */
    public String line(Duration patience) throws InterruptedException {
        CompletableFuture<String> next = CompletableFuture.supplyAsync(this::read, reader);
        try {
            return next.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IllegalStateException("it says nothing (" + e + "); it wrote: " + written(), e);
        }
    }

    private String read() {
        try {
            String line = said.readLine();
            if (line == null) {
                throw new IllegalStateException("it has ended");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tells it a line and waits for its answer of one line. */
    public String ask(String line, Duration patience) throws IOException, InterruptedException {
        told.write(line);
        told.newLine();
        told.flush();
        return line(patience);
    }

    /** What it wrote beside its lines. */
    public String written() {
        try {
            return Files.readString(errors).strip();
        } catch (IOException e) {
            return "(unreadable: " + e + ")";
        }
    }

    /** Ends it as a crash does, and waits until it is gone. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        reader.shutdown();
    }
}
