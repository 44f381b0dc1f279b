package dev.tributary.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Another process, which says its result in one line. */
final class Child implements AutoCloseable {

    /** Java-WebSocket brings the logging API, and nothing that logs. */
    private static final String QUIET = "-Dslf4j.internal.verbosity=ERROR";

    private final Process process;
    private final BufferedReader out;
    private final Writer in;

    private Child(Process process) {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    }

    /**
     * How long a process took.
     *
     * @param toResult milliseconds from its start to its result
     * @param toExit milliseconds from its start to its end
     * @param cpu milliseconds of all processors up to the result; not a number where the system does not say it
     * @param peak the most memory that was resident, in MiB; not a number where the process does not say it
     */
    record Run(String result, double toResult, double toExit, double cpu, double peak) {}

    /** The command of a JVM of the same kind and class path as this one. */
    static List<String> java(Class<?> main, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.add(QUIET);
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    static Child start(List<String> command) throws IOException {
        return new Child(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Runs it from its start to its end. */
    static Run run(List<String> command) throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (Child child = start(command)) {
            String result = child.line("RESULT ");
            long told = System.nanoTime();
            double cpu = child.cpuMillis();
            String peak = child.line("PEAK ");
            int code = child.process.waitFor();
            long end = System.nanoTime();
            if (result == null || code != 0) {
                throw new IOException("exit " + code + ", result " + result + ": " + String.join(" ", command));
            }
            return new Run(
                    result,
                    (told - start) / 1e6,
                    (end - start) / 1e6,
                    cpu,
                    peak == null ? Double.NaN : Double.parseDouble(peak));
        }
    }

    /** What follows this word in the first line that begins with it; null when it ends without. */
    @Nullable
    String line(String beginning) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(beginning)) {
                return line.substring(beginning.length());
            }
        }
        return null;
    }

    /** Gives it an order of one word, and waits for the answer, which begins with the same word. */
    String ask(String order) throws IOException {
        in.write(order + "\n");
        in.flush();
        String answer = line(order + " ");
        if (answer == null) {
            throw new IOException("the process ended instead of answering " + order);
        }
        return answer;
    }

    /** In the other process: answers such orders until its input ends. */
    static void answer(Function<String, String> answers) throws IOException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            System.out.println(order + " " + answers.apply(order));
        }
    }

    private double cpuMillis() {
        return process.info()
                .totalCpuDuration()
                .map(time -> (double) time.toMillis())
                .orElse(Double.NaN);
    }

    /** Ends it if it has not ended. */
    @Override
    public void close() {
        process.destroy();
    }
}
