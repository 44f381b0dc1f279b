package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Change;
import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.testkit.electric.ElectricModel;
import dev.tributary.testkit.electric.Fault;
import dev.tributary.testkit.electric.ModelOptions;
import dev.tributary.testkit.electric.SampleData;
import dev.tributary.testkit.simulation.ElectricModelServer;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.testkit.simulation.SimulatedWireProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Flow;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** What a whole client does with a whole server, in virtual time: how often it tells, asks and waits. */
class LiveShapeTest {

    private final SimulatedEnvironment environment = new SimulatedEnvironment(7);
    private final ElectricModelServer server =
            new ElectricModelServer(environment, ModelOptions.defaults().withChunkBytes(2_000));
    private final ElectricModel model = server.model();
    private final SampleData data = new SampleData(7);

    private SyncSource open() {
        return SyncSource.builder("electric+http://server.invalid:3000")
                .environment(environment)
                .wires(new SimulatedWireProvider(Set.of("http"), server, SimulatedNetwork.PERFECT))
                .open();
    }

    @Example
    @Tag("E23")
    void aCloseDuringALongWaitEndsItAtOnce() {
        data.create(model, 3);
        model.faults().next(Fault.unavailable("3600"));
        SyncSource source = open();
        source.materialize("items");
        environment.advance(Duration.ofSeconds(5));
        assertThat(source.status().toString()).startsWith("waiting 3600");
        Duration before = environment.elapsed();
        source.close();
        environment.run();
        assertThat(environment.pending().isNothing())
                .as(environment.pending().toString())
                .isTrue();
        assertThat(environment.elapsed()).isEqualTo(before);
    }

    /** Each step: 0 lets a live poll time out, n makes n transactions. */
    @Property(tries = 100)
    @Tag("E44")
    void aListenerIsToldOnceOfTheLoadAndOnceOfEachBatchThatChangesRows(
            @ForAll @Size(max = 12) List<@IntRange(max = 3) Integer> steps) {
        SimulatedEnvironment time = new SimulatedEnvironment(steps.hashCode());
        ElectricModelServer each =
                new ElectricModelServer(time, ModelOptions.defaults().withChunkBytes(1_500));
        SampleData rows = new SampleData(steps.size());
        rows.create(each.model(), 20);
        try (SyncSource source = SyncSource.builder("electric+http://server.invalid")
                .environment(time)
                .wires(new SimulatedWireProvider(Set.of("http"), each, SimulatedNetwork.PERFECT))
                .open()) {
            MaterializedView<Row> view = source.materialize("items");
            List<Commit<Row>> heard = new ArrayList<>();
            view.listen(heard::add);
            time.run();
            assertThat(heard).extracting(Commit::origin).containsExactly(Commit.Origin.INITIAL);
            Map<List<@Nullable Object>, Row> held = new HashMap<>();
            for (int step : steps) {
                int before = heard.size();
                Map<String, Row> rowsBefore = byId(view);
                if (step == 0) {
                    time.advance(Duration.ofSeconds(21));
                }
                for (int i = 0; i < step; i++) {
                    rows.step(each.model());
                }
                time.run();
                boolean changed = !byId(view).equals(rowsBefore);
                assertThat(heard.size() - before).isBetween(changed ? 1 : 0, step);
            }
            heard.forEach(commit -> commit.changes().forEach(change -> {
                if (change.after() == null) {
                    held.remove(change.key());
                } else {
                    held.put(change.key(), change.after());
                }
            }));
            assertThat(held.values())
                    .containsExactlyInAnyOrderElementsOf(view.snapshot().toList());
            assertThat(view.snapshot().size())
                    .isEqualTo(each.model().truth("items").size());
        }
    }

    private static Map<String, Row> byId(MaterializedView<Row> view) {
        Map<String, Row> rows = new HashMap<>();
        view.snapshot().forEach(row -> rows.put(row.keyText(), row));
        return rows;
    }

    @Example
    @Tag("E53")
    void aSubscriberThatAsksForNothingMakesTheServerWait() {
        data.create(model, 3);
        Slow slow = new Slow();
        try (SyncSource source = SyncSource.open(
                "electric+http://server.invalid?changesBuffer=4",
                options -> options.environment(environment)
                        .wires(new SimulatedWireProvider(Set.of("http"), server, SimulatedNetwork.PERFECT)))) {
            source.changes("items").subscribe(slow);
            for (int i = 0; i < 50; i++) {
                data.step(model);
                environment.advance(Duration.ofSeconds(1));
            }
            long asked = model.requestCount();
            for (int i = 0; i < 50; i++) {
                data.step(model);
                environment.advance(Duration.ofSeconds(1));
            }
            assertThat(model.requestCount()).isEqualTo(asked);
            assertThat(slow.failure).isNull();
            slow.ask(Long.MAX_VALUE);
            environment.advance(Duration.ofSeconds(30));
            assertThat(slow.failure).isNull();
            assertThat(slow.rows.keySet()).hasSize(model.truth("items").size());
        }
    }

    @Example
    @Tag("E35")
    void aFullReplicaTellsTheOldRowEvenWhereNoRowsAreKept() {
        data.create(model, 3);
        Slow slow = new Slow();
        try (SyncSource source = open()) {
            source.changes("items?replica=full").subscribe(slow);
            environment.run();
            slow.ask(Long.MAX_VALUE);
            environment.run();
            Map<String, @Nullable Object> was = new HashMap<>(slow.row(1).toMap());
            model.commit(tx -> tx.update("items", Map.of("id", "1", "name", "renamed")));
            environment.run();
            Change<Row> change = slow.last.changes().get(0);
            assertThat(change.kind()).isEqualTo(Change.Kind.UPDATE);
            assertThat(change.before()).isNotNull();
            assertThat(change.before().toMap()).isEqualTo(was);
            was.put("name", "renamed");
            assertThat(change.after().toMap()).isEqualTo(was);
        }
    }

    @Example
    @Tag("E53")
    void aListenerThatThrowsHarmsNobody() {
        data.create(model, 3);
        try (SyncSource source = open()) {
            MaterializedView<Row> view = source.materialize("items");
            List<Long> heard = new ArrayList<>();
            view.listen(commit -> {
                throw new IllegalStateException("a bad listener");
            });
            view.listen(commit -> heard.add(commit.version()));
            environment.run();
            data.step(model);
            environment.advance(Duration.ofSeconds(1));
            assertThat(heard).containsExactly(1L, 2L);
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        }
    }

    /** Keeps the rows that it heard of; asks only when it is told to. */
    private static final class Slow implements Flow.Subscriber<Commit<Row>> {

        private final Map<List<@Nullable Object>, Row> rows = new HashMap<>();
        private Flow.@Nullable Subscription subscription;
        private @Nullable Throwable failure;
        private Commit<Row> last;

        Row row(long id) {
            return rows.get(List.of(id));
        }

        void ask(long commits) {
            if (subscription != null) {
                subscription.request(commits);
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(Commit<Row> commit) {
            last = commit;
            commit.changes().forEach(change -> {
                if (change.after() == null) {
                    rows.remove(change.key());
                } else {
                    rows.put(change.key(), change.after());
                }
            });
        }

        @Override
        public void onError(Throwable reason) {
            failure = reason;
        }

        @Override
        public void onComplete() {}
    }
}
