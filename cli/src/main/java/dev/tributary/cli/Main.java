package dev.tributary.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Runs the command in a process of its own. */
public final class Main {

    /** How long a command that was asked to end may take to save its view and to say its last words. */
    private static final int SECONDS_TO_END = 30;

    /** From this Java on, MessagePack's faster buffers make the JVM print a warning. */
    private static final int WARNS_OF_UNSAFE = 24;

    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String... arguments) {
        if (Runtime.version().feature() >= WARNS_OF_UNSAFE) {
            System.setProperty("msgpack.universal-buffer", "true");
        }
        Stop stop = new Stop();
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endCleanly(stop, ended), "tributary-stop"));
        int code = TributaryCommand.run(Shell.ofProcess(stop), arguments);
        ended.countDown();
        // All output was flushed and all files are written. An orderly exit would add nothing but the wait for threads
        // of HTTP clients; and after Ctrl-C it could not set the code, for the shutdown is under way already.
        Runtime.getRuntime().halt(code);
    }

    private static void endCleanly(Stop stop, CountDownLatch ended) {
        if (!stop.request()) {
            return;
        }
        try {
            if (!ended.await(SECONDS_TO_END, TimeUnit.SECONDS)) {
                System.err.println("tributary: did not end in " + SECONDS_TO_END + " s.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
