package dev.tributary.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Change;
import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SourceBuilder;
import dev.tributary.SyncSource;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.testkit.simulation.SimulatedWireProvider;
import dev.tributary.testkit.sodp.SodpFault;
import dev.tributary.testkit.sodp.SodpFrame;
import dev.tributary.testkit.sodp.SodpModel;
import dev.tributary.testkit.sodp.SodpOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;

/** Several applications write to one server and read from it, and everything happens to them. */
class ManyWritersProperties {

    private static final int SOURCES = 3;
    private static final List<String> KEYS = List.of("a", "b.c", "d");
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    /** An audit of what a server dropped, and what it takes to come back from a long outage. */
    private static final Duration SETTLED = Duration.ofMinutes(3);

    /** Something that happens. */
    sealed interface Step {

        /** A write of a source, or of the application that embeds the server. */
        record Write(
                int who,
                int key,
                Kind kind,
                List<String> path,
                @Nullable Object value) implements Step {}

        record Pass(Duration time) implements Step {}

        /** All connections break. */
        record Cut() implements Step {}

        /** The process of the server begins anew, with or without what it had. */
        record Restart(boolean empty) implements Step {}

        /** From now on, messages of the server take so long. */
        record Slow(Duration time) implements Step {}

        /** A listener takes nothing for a while. */
        record Block(Duration time) implements Step {}
    }

    enum Kind {
        SET,
        SET_IN,
        PATCH,
        DELETE
    }

    @Provide
    Arbitrary<List<Step>> programs() {
        Arbitrary<Object> leaf = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 3).map(i -> (Object) (long) i),
                Arbitraries.of("tea", "", true, 1.5),
                Arbitraries.just(null));
        Arbitrary<String> name = Arbitraries.of("x", "y", "z", "0", "~t");
        Arbitrary<Object> value = Arbitraries.oneOf(
                leaf,
                leaf.list().ofMaxSize(3).map(list -> (Object) list),
                Arbitraries.maps(name, leaf).ofMaxSize(3).map(map -> (Object) map),
                Arbitraries.maps(name, Arbitraries.maps(name, leaf).ofMaxSize(2).map(map -> (Object) map))
                        .ofMaxSize(2)
                        .map(map -> (Object) map));
        Arbitrary<Step> write = Combinators.combine(
                        Arbitraries.integers().between(0, SOURCES),
                        Arbitraries.integers().between(0, KEYS.size() - 1),
                        Arbitraries.of(Kind.SET, Kind.SET_IN, Kind.SET_IN, Kind.PATCH, Kind.PATCH, Kind.DELETE),
                        name.list().ofMinSize(1).ofMaxSize(2),
                        value)
                .as(Step.Write::new);
        Arbitrary<Duration> short_ = Arbitraries.integers().between(0, 60).map(Duration::ofMillis);
        Arbitrary<Step> other = Arbitraries.oneOf(
                short_.map(Step.Pass::new),
                Arbitraries.of(Duration.ofSeconds(2), Duration.ofSeconds(12)).map(Step.Pass::new),
                Arbitraries.just(new Step.Cut()),
                Arbitraries.of(true, false).map(Step.Restart::new),
                Arbitraries.of(Duration.ZERO, Duration.ofMillis(300)).map(Step.Slow::new),
                Arbitraries.just(new Step.Block(Duration.ofSeconds(3))));
        return Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(4, write),
                        net.jqwik.api.Tuple.of(2, short_.map(Step.Pass::new)),
                        net.jqwik.api.Tuple.of(1, other))
                .list()
                .ofMinSize(5)
                .ofMaxSize(60);
    }

    @Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
    @Tag("S50")
    @Tag("S26")
    @Tag("L1")
    @Tag("L4")
    @Label("with several writers, cuts, deletions and slow readers every copy ends as the server's")
    void everyCopyEndsAsTheServers(
            @ForAll("programs") List<Step> program,
            @ForAll dev.tributary.testkit.sodp.SodpDialect dialect,
            @ForAll long seed) {
        try (Run run = new Run(dialect, seed)) {
            program.forEach(run::take);
            run.settle();
        }
    }

    /** One run of a program. */
    private static final class Run implements AutoCloseable {

        private final dev.tributary.testkit.sodp.SodpDialect dialect;
        private final SimulatedEnvironment environment;
        private final SodpModel model;
        private final SimulatedSodp server;
        private final List<SyncSource> sources = new ArrayList<>();
        private final List<MaterializedView<Row>> views = new ArrayList<>();
        private final List<Replay> replays = new ArrayList<>();
        private final List<CompletableFuture<?>> calls = new ArrayList<>();
        private long blockedUntil;

        Run(dev.tributary.testkit.sodp.SodpDialect dialect, long seed) {
            this.dialect = dialect;
            environment = new SimulatedEnvironment(seed);
            SplittableRandom random = new SplittableRandom(seed);
            model = new SodpModel(
                    SodpOptions.of(dialect), () -> environment.trueNow().toEpochMilli(), random.split());
            server = new SimulatedSodp(environment, model);
            if (dialect == dev.tributary.testkit.sodp.SodpDialect.GO) {
                model.faults()
                        .when(
                                event -> event.isSent(SodpFrame.DELTA) && random.nextInt(8) == 0,
                                Integer.MAX_VALUE,
                                SodpFault.drop());
            }
            for (int i = 0; i < SOURCES; i++) {
                open();
            }
        }

        private void open() {
            SyncSource source = SourceBuilder.of(URI.create("sodp+ws://model?audit=20s"))
                    .transport(new SodpTransport())
                    .wires(new SimulatedWireProvider(
                            Set.of("ws"),
                            server,
                            SimulatedNetwork.PERFECT.latency(Duration.ofMillis(1), Duration.ofMillis(20))))
                    .environment(environment)
                    .open();
            sources.add(source);
            for (String key : KEYS) {
                for (String query : List.of(key, key + "?as=children")) {
                    MaterializedView<Row> view = source.materialize(query);
                    Replay replay = new Replay();
                    // The listeners of the first source are slow, and all of it can be blocked.
                    if (sources.size() == 1) {
                        view.listen(replay::hear, this::slowly);
                    } else {
                        view.listen(replay::hear);
                    }
                    views.add(view);
                    replays.add(replay);
                }
            }
        }

        private void slowly(Runnable task) {
            long wait = Math.max(0, blockedUntil - environment.nanoTime());
            environment.after(Duration.ofNanos(wait).plusMillis(40), task);
        }

        void take(Step step) {
            if (step instanceof Step.Write write) {
                write(write);
            } else if (step instanceof Step.Pass pass) {
                environment.advance(pass.time());
            } else if (step instanceof Step.Cut) {
                server.drop();
            } else if (step instanceof Step.Restart restart) {
                server.drop();
                Map<String, @Nullable Object> values = new HashMap<>();
                model.keys().forEach(key -> values.put(key, model.value(key)));
                model.restart(false);
                if (!restart.empty()) {
                    values.forEach(model::set);
                }
            } else if (step instanceof Step.Slow slow) {
                server.delay(slow.time());
            } else if (step instanceof Step.Block block) {
                blockedUntil = environment.nanoTime() + block.time().toNanos();
            }
            server.arm();
        }

        private void write(Step.Write write) {
            String key = KEYS.get(write.key());
            Object patch = Map.of(write.path().get(0), write.value() == null ? 7L : write.value());
            if (write.who() < SOURCES) {
                Sodp sodp = sources.get(write.who()).unwrap(Sodp.class);
                calls.add(
                        switch (write.kind()) {
                            case SET -> sodp.set(key, write.value(), DEADLINE);
                            case SET_IN -> sodp.setIn(key, new SodpPath(write.path()), write.value(), DEADLINE);
                            case PATCH -> sodp.patch(key, patch, DEADLINE);
                            case DELETE -> sodp.delete(key, DEADLINE);
                        });
            } else if (write.kind() == Kind.DELETE) {
                model.delete(key);
            } else {
                model.set(key, write.value());
            }
        }

        /** All faults are over; what is still wrong after so long stays so. */
        void settle() {
            server.heal();
            model.faults().clear();
            environment.advance(SETTLED);
            assertThat(environment.failures()).isEmpty();
            assertThat(calls).allMatch(CompletableFuture::isDone);
            for (int i = 0; i < views.size(); i++) {
                MaterializedView<Row> view = views.get(i);
                String key = view.query().name();
                Object held = model.value(key);
                String what = dialect + ", view " + i + " of " + view.query();
                assertThat(view.status().phase()).as(what).isEqualTo(Phase.LIVE);
                assertThat(view.snapshot().isVerified()).as(what).isTrue();
                Map<Object, @Nullable Object> shown = contentOf(view);
                if (view.query().toString().contains("as=children")) {
                    assertThat(shown).as(what).isEqualTo(held instanceof Map ? Documents.PLAIN.of(held) : Map.of());
                } else {
                    Map<Object, @Nullable Object> wanted = new HashMap<>();
                    if (model.exists(key)) {
                        wanted.put(key, Documents.PLAIN.of(held));
                    }
                    assertThat(shown).as(what).isEqualTo(wanted);
                }
                assertThat(replays.get(i).rows)
                        .as("what listeners heard of " + what)
                        .isEqualTo(shown);
            }
        }

        private static Map<Object, @Nullable Object> contentOf(MaterializedView<Row> view) {
            Map<Object, @Nullable Object> rows = new HashMap<>();
            view.snapshot().forEach(row -> rows.put(Objects.requireNonNull(row.get(0)), row.get(1)));
            return rows;
        }

        @Override
        public void close() {
            sources.forEach(SyncSource::close);
            environment.run();
        }
    }

    /** What a listener makes of the commits that it hears. */
    private static final class Replay {

        private final Map<Object, @Nullable Object> rows = new HashMap<>();

        void hear(Commit<Row> commit) {
            for (Change<Row> change : commit.changes()) {
                Row row = change.after() == null ? change.before() : change.after();
                Object key = Objects.requireNonNull(Objects.requireNonNull(row).get(0));
                if (change.after() == null) {
                    rows.remove(key);
                } else {
                    rows.put(key, row.get(1));
                }
            }
        }
    }
}
