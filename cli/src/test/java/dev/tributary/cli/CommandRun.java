package dev.tributary.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** One run of the command in this process, with its output captured. */
final class CommandRun {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Captured out = new Captured();
    private final Captured err = new Captured();
    private final Stop stop = new Stop();
    private final Map<String, String> environment = new HashMap<>();
    private final CompletableFuture<Integer> code = new CompletableFuture<>();
    private boolean terminal;
    private int mostBytes = Integer.MAX_VALUE;

    /** What was written, as it grows. */
    private final class Captured extends OutputStream {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] data, int offset, int length) throws IOException {
            synchronized (CommandRun.this) {
                if (bytes.size() + length > mostBytes) {
                    throw new IOException("Broken pipe");
                }
                bytes.write(data, offset, length);
                CommandRun.this.notifyAll();
            }
        }

        String text() {
            synchronized (CommandRun.this) {
                return bytes.toString(StandardCharsets.UTF_8);
            }
        }
    }

    static CommandRun create() {
        return new CommandRun();
    }

    /** Runs it to its end. */
    static CommandRun of(String... arguments) throws Exception {
        CommandRun run = create().start(arguments);
        run.code();
        return run;
    }

    CommandRun onTerminal() {
        terminal = true;
        return this;
    }

    /** Its reader goes away after so many bytes. */
    CommandRun readerLeavesAfter(int bytes) {
        mostBytes = bytes;
        return this;
    }

    CommandRun with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    CommandRun start(String... arguments) {
        PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        Shell shell = new Shell(out, errors, terminal, terminal, environment::get, stop);
        Thread thread = new Thread(() -> {
            try {
                code.complete(TributaryCommand.run(shell, arguments));
            } catch (Throwable e) {
                code.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /** As Ctrl-C does. */
    CommandRun interrupt() {
        stop.request();
        return this;
    }

    int code() throws InterruptedException, ExecutionException, TimeoutException {
        return code.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    String out() {
        return out.text();
    }

    String err() {
        return err.text();
    }

    List<String> lines() {
        return out().lines().toList();
    }

    /** Waits until the standard output is as told. */
    CommandRun awaitOut(Predicate<String> condition) throws InterruptedException {
        return await(out, condition);
    }

    CommandRun awaitErr(Predicate<String> condition) throws InterruptedException {
        return await(err, condition);
    }

    private synchronized CommandRun await(Captured stream, Predicate<String> condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.test(stream.text())) {
            long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (millis <= 0) {
                throw new AssertionError("never came to that; stdout:\n" + out() + "\nstderr:\n" + err());
            }
            wait(millis);
        }
        return this;
    }
}
