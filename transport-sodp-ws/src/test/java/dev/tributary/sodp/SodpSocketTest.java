package dev.tributary.sodp;

import static dev.tributary.sodp.Packed.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Backoff;
import dev.tributary.Commit;
import dev.tributary.Credential;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewStatus;
import dev.tributary.conformance.Fault;
import dev.tributary.conformance.World;
import dev.tributary.testkit.sodp.SodpModel;
import dev.tributary.testkit.sodp.SodpOptions;
import dev.tributary.testkit.sodp.SodpServer;
import dev.tributary.testkit.sodp.SodpTokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers on real sockets, through the real wires. Nothing waits for time to pass, only for what must happen. */
@Timeout(300)
class SodpSocketTest {

    private static final Duration PATIENCE = Duration.ofSeconds(WordByWord.PATIENCE_SECONDS);

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static ViewStatus awaitStatus(MaterializedView<Row> view, Predicate<ViewStatus> wanted) throws Exception {
        CompletableFuture<ViewStatus> reached = new CompletableFuture<>();
        view.onStatus(status -> {
            if (wanted.test(status)) {
                reached.complete(status);
            }
        });
        return get(reached);
    }

    private static void awaitValue(MaterializedView<Row> view, Object value) throws Exception {
        CompletableFuture<Void> reached = new CompletableFuture<>();
        view.listen(commit -> {
            Row row = view.get(view.query().name());
            if (row != null && value.equals(row.get("value"))) {
                reached.complete(null);
            }
        });
        get(reached);
    }

    private static SodpModel await(SodpServer server, Predicate<SodpModel> condition) throws InterruptedException {
        assertThat(server.await(condition, PATIENCE)).isTrue();
        return server.query(model -> model);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- liveness ----

    @ParameterizedTest
    @EnumSource(dev.tributary.testkit.sodp.SodpDialect.class)
    @Tag("S43")
    @Tag("L5")
    void aDeadLinkIsNoticedWithinHalfAMinuteAndReplaced(dev.tributary.testkit.sodp.SodpDialect dialect) {
        try (World world = SodpDriver.overSockets(dialect).newWorld(5);
                SyncSource source = world.builder("").token(world::token).open();
                MaterializedView<Row> view = source.materialize("doc")) {
            world.advance(Duration.ofMinutes(10));
            assertThat(view.status().phase())
                    .as("idle, but for pings and heartbeats")
                    .isEqualTo(Phase.LIVE);
            world.inject(Fault.SILENCE);
            world.advance(Duration.ofSeconds(31));
            assertThat(view.status().phase()).isEqualTo(Phase.STALE);
            // The old link stays dead; others may be made again.
            world.inject(Fault.DROP);
            world.heal();
            world.advance(Duration.ofSeconds(31));
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
            assertThat(world.openWires()).isEqualTo(1);
        }
    }

    @Test
    @Tag("S43")
    void aDeadLinkOfTheReferenceServerIsReplaced() throws Exception {
        try (SodpServer server = SodpServer.start(dev.tributary.testkit.sodp.SodpDialect.TYPESCRIPT);
                SteppedEnvironment environment = new SteppedEnvironment();
                SyncSource source = Sodp.source(server.webSocketUri())
                        .environment(environment)
                        .open();
                MaterializedView<Row> view = source.materialize("k")) {
            get(view.upToDate());
            server.with(model -> model.faults().next(dev.tributary.testkit.sodp.SodpFault.silence()));
            server.with(model -> model.set("k", 1));
            environment.advance(Duration.ofSeconds(20));
            await(server, model -> model.sessions().get(0).pings() == 1);
            // Not further than to the deadline: the next attempt is to begin after it was seen.
            environment.advance(Duration.ofSeconds(10));
            awaitStatus(view, status -> status.phase() == Phase.STALE);
            environment.advance(Duration.ofSeconds(2));
            awaitValue(view, 1L);
            assertThat(server.query(SodpModel::connectionCount)).isEqualTo(2);
        }
    }

    @Test
    @Tag("S44")
    @Tag("S42")
    @Tag("S8")
    void pingsAndHeartbeatsAreAnsweredInEveryPhase() throws Exception {
        CompletableFuture<Credential> token = new CompletableFuture<>();
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        try (WordByWord server = new WordByWord()) {
            WordByWord.Peer peer;
            try (SyncSource source = Sodp.source(server.uri())
                            .credentials(refusal -> token)
                            .open();
                    MaterializedView<Row> view = source.materialize("k")) {
                peer = server.next();
                answersAt(peer, "before HELLO");
                peer.hello(true);
                answersAt(peer, "while the application looks for its token");
                token.complete(Credential.token("good"));
                assertThat(peer.heard().type()).isEqualTo(FrameType.AUTH);
                answersAt(peer, "before AUTH_OK");
                peer.say(FrameType.AUTH_OK, 0, map("sub", "ada"));
                assertThat(peer.heard().type()).isEqualTo(FrameType.WATCH);
                answersAt(peer, "before STATE_INIT");
                view.listen(commit -> {
                    blocked.countDown();
                    await(free);
                });
                peer.say(FrameType.STATE_INIT, 10, map("state", "k", "version", 1, "value", 1, "initialized", true));
                await(blocked);
                answersAt(peer, "live, with a listener that blocks");
                free.countDown();
            }
            assertThat(peer.end()).isEqualTo("1000");
        }
    }

    private static void answersAt(WordByWord.Peer peer, String phase) throws InterruptedException {
        peer.socket().ping(phase.getBytes(StandardCharsets.UTF_8));
        assertThat(peer.pong()).isEqualTo(phase);
        peer.say(FrameType.HEARTBEAT, 0, null);
        assertThat(peer.heard().type()).as(phase).isEqualTo(FrameType.HEARTBEAT);
        assertThat(peer.heardNothingMore()).as(phase).isTrue();
    }

    @Test
    @Tag("S55")
    void pingsOfAnIdleServerAreAnsweredAndTwoPongsForOneDoNoHarm() throws Exception {
        try (SodpServer server = SodpServer.builder(dev.tributary.testkit.sodp.SodpDialect.RUST)
                        .manualClock(Instant.ofEpochSecond(1_800_000_000))
                        .start();
                SteppedEnvironment environment = new SteppedEnvironment();
                SyncSource source = Sodp.source(server.webSocketUri())
                        .environment(environment)
                        .open();
                MaterializedView<Row> view = source.materialize("k")) {
            get(view.upToDate());
            for (int round = 1; round <= 4; round++) {
                int wanted = round;
                // The client hears nothing for 20 s and asks; this server answers each ping twice.
                environment.advance(Duration.ofSeconds(20));
                await(server, model -> model.sessions().get(0).pings() == wanted);
                server.with(model -> model.set("k", wanted));
                awaitValue(view, (long) wanted);
                // The server asks, and would cut a client that did not answer before it asks again.
                server.advance(Duration.ofSeconds(25));
                await(server, model -> model.sessions().get(0).pongs() == wanted);
            }
            assertThat(server.query(SodpModel::connectionCount)).isEqualTo(1);
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        }
    }

    @Test
    @Tag("S55")
    @Tag("S6")
    @Tag("L8")
    void aTokenThatIsRefusedByTheBareEndOfTheConnectionIsRefused() throws Exception {
        SodpTokens tokens = new SodpTokens().accept("good", "ada");
        SodpOptions options =
                SodpOptions.of(dev.tributary.testkit.sodp.SodpDialect.RUST).withTokens(tokens);
        try (SodpServer server = SodpServer.builder(dev.tributary.testkit.sodp.SodpDialect.RUST)
                .options(options)
                .start()) {
            try (SyncSource source =
                            Sodp.source(server.webSocketUri()).token("s3cret").open();
                    MaterializedView<Row> view = source.materialize("k")) {
                ViewStatus failed = awaitStatus(view, status -> status.phase() == Phase.FAILED);
                assertThat(failed.reason()).isInstanceOf(SodpException.class).hasMessageContaining("401");
                assertThat(failed.toString()).doesNotContain("s3cret");
            }
            AtomicInteger asked = new AtomicInteger();
            try (SyncSource source = Sodp.source(server.webSocketUri())
                            .token(() -> asked.incrementAndGet() == 1 ? "old" : "good")
                            .backoff(Backoff.exponential(Duration.ofMillis(1), Duration.ofMillis(2)))
                            .open();
                    MaterializedView<Row> view = source.materialize("k")) {
                get(view.upToDate());
                assertThat(asked).hasValue(2);
                assertThat(get(source.unwrap(Sodp.class).server(PATIENCE)).subject())
                        .isEqualTo("ada");
            }
        }
    }

    // ---- messages ----

    @Test
    @Tag("S10")
    void fragmentsWithPingsBetweenThemArePutTogether() throws Exception {
        try (WordByWord server = new WordByWord();
                SyncSource source = Sodp.source(server.uri()).open();
                MaterializedView<Row> view = source.materialize("k")) {
            WordByWord.Peer peer = server.next();
            peer.socket()
                    .binaryInFragments(Packed.frame(FrameType.HELLO, 0, 0, map("version", "0.1", "auth", false)), 1);
            assertThat(peer.heard().type()).isEqualTo(FrameType.WATCH);
            peer.socket().text("not a word of SODP");
            String value = "tea ".repeat(30_000);
            byte[] init = Packed.frame(
                    FrameType.STATE_INIT, 10, 1, map("state", "k", "version", 1, "value", value, "initialized", true));
            peer.socket().binaryInFragments(init, 777);
            get(view.upToDate());
            assertThat(view.get("k").getString("value")).isEqualTo(value);
            byte[] delta = Packed.frame(
                    FrameType.DELTA, 10, 1, map("version", 2, "ops", List.of(Scene.op("UPDATE", "/", "short"))));
            int middle = delta.length / 2;
            peer.socket().raw(frame(0x02, delta, 0, middle));
            peer.socket().ping("between".getBytes(StandardCharsets.UTF_8));
            assertThat(peer.pong()).isEqualTo("between");
            peer.socket().raw(frame(0x80, delta, middle, delta.length));
            awaitValue(view, "short");
        }
    }

    /** A frame of a server: the first byte, a short length, a part of the message. */
    private static byte[] frame(int first, byte[] message, int from, int to) {
        byte[] frame = new byte[2 + to - from];
        frame[0] = (byte) first;
        frame[1] = (byte) (to - from);
        System.arraycopy(message, from, frame, 2, to - from);
        return frame;
    }

    @Test
    @Tag("S10")
    @Tag("L10")
    void fragmentsTogetherMayNotExceedTheBound() throws Exception {
        try (WordByWord server = new WordByWord();
                SyncSource source = SyncSource.open("sodp+" + server.uri() + "?maxMessage=1000");
                MaterializedView<Row> view = source.materialize("k")) {
            WordByWord.Peer peer = server.next();
            peer.hello(false);
            assertThat(peer.heard().type()).isEqualTo(FrameType.WATCH);
            peer.socket().binaryInFragments(new byte[1001], 100);
            ViewStatus status = awaitStatus(view, one -> one.reason() != null);
            assertThat(status.reason()).hasMessageContaining("larger than 1000 bytes");
            peer.end();
        }
    }

    @Test
    @Tag("S45")
    @Tag("L9")
    void aLargeValueAndALongBurstPassWhileAListenerBlocks() throws Exception {
        int deltas = 100_000;
        List<String> large = Collections.nCopies(10_000, "x".repeat(1_000));
        SodpOptions options = SodpOptions.of(dev.tributary.testkit.sodp.SodpDialect.TYPESCRIPT);
        try (SodpServer server = SodpServer.builder(dev.tributary.testkit.sodp.SodpDialect.TYPESCRIPT)
                        .options(options)
                        .start();
                SyncSource source = Sodp.source(server.webSocketUri()).open();
                MaterializedView<Row> burst = source.materialize("burst?as=children")) {
            server.with(model -> {
                model.set("large", large);
                model.set("burst", Map.of("n", 0));
            });
            burst.awaitUpToDate(PATIENCE);
            CountDownLatch free = new CountDownLatch(1);
            List<Long> heard = Collections.synchronizedList(new ArrayList<>());
            List<Boolean> merged = Collections.synchronizedList(new ArrayList<>());
            CompletableFuture<Void> all = new CompletableFuture<>();
            burst.listen((Commit<Row> commit) -> {
                await(free);
                merged.add(commit.isMerged());
                heard.add(commit.snapshot().get("n").getLong("value"));
                if (heard.get(heard.size() - 1) == deltas) {
                    all.complete(null);
                }
            });
            server.with(model -> {
                for (int i = 1; i <= deltas; i++) {
                    model.setIn("burst", "/n", i);
                }
            });
            // Behind the burst on the same socket.
            try (MaterializedView<Row> view = source.materialize("large")) {
                view.awaitUpToDate(PATIENCE);
                assertThat(view.get("large").get("value")).isEqualTo(large);
            }
            assertThat(burst.get("n").getLong("value")).isEqualTo(deltas);
            free.countDown();
            get(all);
            assertThat(merged).as("a bounded mailbox").contains(true).hasSizeLessThan(deltas / 10);
            assertThat(heard).isSorted();
            SodpStatistics statistics = get(source.unwrap(Sodp.class).statistics(PATIENCE));
            assertThat(statistics.connects()).isEqualTo(1);
            assertThat(statistics.refetches() + statistics.droppedFrames()).isZero();
        }
    }

    // ---- the end ----

    @Test
    @Tag("S47")
    @Tag("L12")
    void manyConnectionsLeaveNoThreadAndNoSocket() throws Exception {
        int cycles = Integer.getInteger("tributary.tries", 500);
        try (SodpServer server = SodpServer.start(dev.tributary.testkit.sodp.SodpDialect.RUST)) {
            cycle(server);
            Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
            long files = openFiles();
            for (int i = 0; i < cycles; i++) {
                cycle(server);
            }
            await(server, model -> model.sessions().isEmpty());
            assertThat(server.query(SodpModel::connectionCount)).isEqualTo(cycles + 1);
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (!before.contains(thread) && !thread.getName().startsWith("ForkJoinPool")) {
                    thread.join(PATIENCE.toMillis());
                    assertThat(thread.isAlive()).as(thread.getName()).isFalse();
                }
            }
            assertThat(openFiles() - files).as("files and sockets").isLessThan(20);
        }
    }

    private static void cycle(SodpServer server) throws Exception {
        try (SyncSource source = Sodp.source(server.webSocketUri()).open();
                MaterializedView<Row> view = source.materialize("k")) {
            get(view.upToDate());
        }
    }

    /** Zero where this system does not show them as files. */
    private static long openFiles() throws IOException {
        Path all = Path.of("/proc/self/fd");
        if (!Files.isDirectory(all)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(all)) {
            return files.count();
        }
    }
}
