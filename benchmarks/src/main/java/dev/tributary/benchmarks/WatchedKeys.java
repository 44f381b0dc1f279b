package dev.tributary.benchmarks;

import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.sodp.Sodp;
import dev.tributary.sodp.SodpStatistics;
import dev.tributary.testkit.sodp.SodpDialect;
import dev.tributary.testkit.sodp.SodpFrame;
import dev.tributary.testkit.sodp.SodpOptions;
import dev.tributary.testkit.sodp.SodpServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** What so many watched keys cost on one connection, and how they come back after it was lost. */
final class WatchedKeys {

    private static final int DEFAULT = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long SECOND = 1_000_000_000L;

    private WatchedKeys() {}

    /** The server, in a process of its own: dialect, WATCH and RESUME frames in a second, keys. */
    static final class Server {

        private final List<Long> asked = new ArrayList<>();
        private final SodpServer server;
        private final int keys;
        private int writes;

        private Server(SodpDialect dialect, int watchesPerSecond, int keys) {
            this.server = SodpServer.builder(dialect)
                    .options(SodpOptions.of(dialect).withRates(0, watchesPerSecond))
                    .start();
            this.keys = keys;
            server.with(model -> model.onFrame(event -> {
                if (event.isAsked(SodpFrame.WATCH) || event.isAsked(SodpFrame.RESUME)) {
                    asked.add(System.nanoTime());
                }
            }));
            write();
        }

        /** Serves until the standard input ends. */
        public static void main(String[] args) throws IOException {
            Server server =
                    new Server(SodpDialect.valueOf(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
            System.out.println("PORT " + server.server.port());
            Child.answer(order -> order.equals("cut") ? server.cut() : server.asked());
            server.server.close();
        }

        private void write() {
            writes++;
            server.with(model -> {
                for (int i = 0; i < keys; i++) {
                    model.set(key(i), Map.of("n", (long) i, "writes", (long) writes));
                }
            });
        }

        /** Ends every connection, and changes every key before anybody can come back. */
        private String cut() {
            server.leavePort();
            write();
            server.returnToPort();
            return String.valueOf(writes);
        }

        private String asked() {
            return server.query(model -> {
                int most = 0;
                for (int last = 0, first = 0; last < asked.size(); last++) {
                    while (asked.get(last) - asked.get(first) >= SECOND) {
                        first++;
                    }
                    most = Math.max(most, last - first + 1);
                }
                double took = asked.isEmpty() ? 0 : (asked.get(asked.size() - 1) - asked.get(0)) / 1e9;
                String answer = String.format(
                        Locale.ROOT,
                        "%,d WATCH and RESUME frames in %.1f s, never more than %d in a second",
                        asked.size(),
                        took,
                        most);
                asked.clear();
                return answer;
            });
        }
    }

    private static String key(int number) {
        return "key." + number;
    }

    /** {@code watched-keys [keys]}. */
    static void main(String... args) throws IOException, InterruptedException, TimeoutException, ExecutionException {
        int keys = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT;
        System.out.printf("no source: %d threads%n", Footprint.now().threads());
        scenario(SodpDialect.TYPESCRIPT, 10, keys, 32);
        scenario(SodpDialect.RUST, 100, keys, keys);
    }

    /** @param resumed up to how many keys are asked for the steps that they missed */
    private static void scenario(SodpDialect dialect, int watchesPerSecond, int keys, int resumed)
            throws IOException, InterruptedException, TimeoutException, ExecutionException {
        System.out.printf(
                "%n%s server, %d WATCH and RESUME frames in a second, steps wanted of up to %,d keys%n",
                dialect, watchesPerSecond, resumed);
        List<String> command = Child.java(
                Server.class,
                List.of("-Xmx512m"),
                dialect.name(),
                String.valueOf(watchesPerSecond),
                String.valueOf(keys));
        try (Child server = Child.start(command);
                SyncSource source = Sodp.source(URI.create("ws://127.0.0.1:" + server.line("PORT ") + "/"))
                        .resume(resumed)
                        .open()) {
            run(server, source, keys);
        }
    }

    private static void run(Child server, SyncSource source, int keys)
            throws IOException, InterruptedException, TimeoutException, ExecutionException {
        List<MaterializedView<Row>> views = new ArrayList<>();
        views.add(source.materialize(key(0)).awaitUpToDate(PATIENCE));
        Footprint one = Footprint.now();
        long start = System.nanoTime();
        for (int i = 1; i < keys; i++) {
            views.add(source.materialize(key(i)));
        }
        for (MaterializedView<Row> view : views) {
            view.awaitUpToDate(PATIENCE);
        }
        double took = (System.nanoTime() - start) / 1e9;
        String names = threads();
        Footprint all = Footprint.now();
        System.out.printf(
                Locale.ROOT,
                "%,d keys live after %.1f s: %d threads (%d with one key); for each further key: heap %.1f KiB,"
                        + " resident %.1f KiB%n",
                keys,
                took,
                all.threads(),
                one.threads(),
                (all.heap() - one.heap()) * 1024 / (keys - 1),
                (all.resident() - one.resident()) * 1024 / (keys - 1));
        System.out.println("  of the library: " + names);
        System.out.println("  as the server saw it: " + server.ask("asked"));
        reconnect(server, source, views);
    }

    /** The threads that sources and wires have, by their names without numbers. */
    private static String threads() {
        return new TreeMap<>(Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> name.startsWith("tributary"))
                        .collect(Collectors.groupingBy(name -> name.replaceAll("\\d+", "N"), Collectors.counting())))
                .toString();
    }

    private static void reconnect(Child server, SyncSource source, List<MaterializedView<Row>> views)
            throws IOException, InterruptedException, TimeoutException, ExecutionException {
        long writes = Long.parseLong(server.ask("cut"));
        long start = System.nanoTime();
        List<CompletableFuture<Boolean>> back = new ArrayList<>();
        for (MaterializedView<Row> view : views) {
            CompletableFuture<Boolean> shown = new CompletableFuture<>();
            back.add(shown);
            view.listen(
                    commit -> commit.snapshot().stream()
                            .filter(row -> shows(row, writes))
                            .forEach(row -> shown.complete(true)),
                    Runnable::run);
        }
        for (CompletableFuture<Boolean> shown : back) {
            shown.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        double took = (System.nanoTime() - start) / 1e9;
        for (MaterializedView<Row> view : views) {
            view.awaitUpToDate(PATIENCE);
        }
        long live = views.stream()
                .filter(view -> view.status().phase() == Phase.LIVE)
                .count();
        SodpStatistics statistics =
                source.unwrap(Sodp.class).statistics(PATIENCE).get();
        System.out.printf(
                Locale.ROOT,
                "connection lost, every key changed: all %,d show it after %.1f s (%,d live), %,d refused for their"
                        + " rate, %,d read again%n",
                views.size(),
                took,
                live,
                statistics.rateRefusals(),
                statistics.refetches());
        System.out.println("  as the server saw it: " + server.ask("asked"));
    }

    private static boolean shows(Row row, long writes) {
        return row.get("value") instanceof Map<?, ?> value
                && Long.valueOf(writes).equals(value.get("writes"));
    }
}
