package dev.tributary.benchmarks;

import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.Snapshot;
import dev.tributary.SourceListener;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import dev.tributary.driftdb.DriftDb;
import dev.tributary.testkit.driftdb.DriftDbServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Appends of three writers at once to one log that all three also view, at a server that drops what it cannot forward:
 * how long until everybody holds all of it, and what that took.
 */
final class DriftBurst {

    private static final int WRITERS = 3;
    private static final int APPENDS = 3_000;
    private static final String ROOM = "burst";
    private static final String KEY = "log";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private DriftBurst() {}

    /** The server, in a process of its own. */
    static final class Server {

        private Server() {}

        /** Serves one room until the standard input ends. */
        public static void main(String[] args) throws IOException {
            try (DriftDbServer server = DriftDbServer.start()) {
                server.with(model -> model.createRoom(ROOM));
                System.out.println("PORT " + server.port());
                Child.answer(order -> server.query(model -> String.format(
                        Locale.ROOT,
                        "%,d frames dropped, %,d messages received",
                        model.droppedFrames(),
                        model.receivedMessages())));
            }
        }
    }

    /** One writer and its view. */
    private static final class Writer implements AutoCloseable {

        private final int number;
        private final int all;
        private final AtomicInteger reads = new AtomicInteger();
        private final SyncSource source;
        private final MaterializedView<Row> view;
        private final CompletableFuture<Boolean> complete = new CompletableFuture<>();

        private Writer(String port, int number, int all) throws InterruptedException, TimeoutException {
            this.number = number;
            this.all = all;
            this.source = DriftDb.source(URI.create("ws://127.0.0.1:" + port + "/room/" + ROOM))
                    .listener(new SourceListener() {
                        @Override
                        public void onWireOpened(Query query, String address) {
                            if (address.startsWith("http")) {
                                reads.incrementAndGet();
                            }
                        }
                    })
                    .open();
            this.view = source.materialize(KEY + "?as=log").awaitUpToDate(PATIENCE);
            reads.set(0);
            view.listen(
                    new ViewListener<>() {
                        @Override
                        public void onCommit(Commit<Row> commit) {
                            look();
                        }

                        @Override
                        public void onStatus(ViewStatus status) {
                            look();
                        }
                    },
                    Runnable::run);
        }

        private void look() {
            Snapshot<Row> now = view.snapshot();
            if (now.size() >= all && now.isVerified()) {
                complete.complete(true);
            }
        }

        CompletableFuture<?> write(int appends) {
            return source.unwrap(DriftDb.class)
                    .appendAll(
                            KEY,
                            LongStream.range((long) number * appends, (number + 1L) * appends)
                                    .boxed()
                                    .toList(),
                            PATIENCE,
                            done -> {});
        }

        Set<Object> values() {
            return view.snapshot().stream()
                    .map(row -> String.valueOf(row.get("value")))
                    .collect(Collectors.toSet());
        }

        @Override
        public void close() {
            source.close();
        }
    }

    /** {@code drift-burst [appends]}. */
    static void main(String... args) throws IOException, InterruptedException, TimeoutException, ExecutionException {
        int each = (args.length > 0 ? Integer.parseInt(args[0]) : APPENDS) / WRITERS;
        try (Child server = Child.start(Child.java(Server.class, List.of("-Xmx512m")))) {
            String port = String.valueOf(server.line("PORT "));
            List<Writer> writers = new ArrayList<>();
            try {
                for (int i = 0; i < WRITERS; i++) {
                    writers.add(new Writer(port, i, WRITERS * each));
                }
                burst(server, writers, each);
            } finally {
                writers.forEach(Writer::close);
            }
        }
    }

    private static void burst(Child server, List<Writer> writers, int each)
            throws IOException, InterruptedException, TimeoutException, ExecutionException {
        long start = System.nanoTime();
        List<CompletableFuture<?>> written = writers.stream()
                .<CompletableFuture<?>>map(writer -> writer.write(each))
                .toList();
        CompletableFuture.allOf(written.toArray(new CompletableFuture<?>[0]))
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        long accepted = System.nanoTime();
        for (Writer writer : writers) {
            writer.complete.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        long complete = System.nanoTime();
        Set<Object> expected = LongStream.range(0, (long) WRITERS * each)
                .mapToObj(String::valueOf)
                .collect(Collectors.toSet());
        long whole = writers.stream()
                .filter(writer -> writer.view.snapshot().size() == WRITERS * each)
                .filter(writer -> writer.values().equals(expected))
                .count();
        System.out.printf(
                Locale.ROOT,
                "RESULT %,d appends by %d writers: confirmed after %.2f s, all views complete and verified after %.2f s;"
                        + " %d of %d views hold exactly them; reads to compare with the server: %s; server: %s%n",
                WRITERS * each,
                WRITERS,
                (accepted - start) / 1e9,
                (complete - start) / 1e9,
                whole,
                WRITERS,
                writers.stream().map(writer -> writer.reads.get()).toList(),
                server.ask("state"));
    }
}
