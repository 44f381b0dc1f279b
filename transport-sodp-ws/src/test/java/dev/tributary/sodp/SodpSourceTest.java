package dev.tributary.sodp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConnectionException;
import dev.tributary.MaterializedView;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.conformance.Fault;
import dev.tributary.conformance.Operation;
import dev.tributary.conformance.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A whole source over the models of the servers, as an application has it. */
class SodpSourceTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private static World world(dev.tributary.testkit.sodp.SodpDialect dialect) {
        return SodpDriver.simulated(dialect).newWorld(5);
    }

    @ParameterizedTest
    @EnumSource(dev.tributary.testkit.sodp.SodpDialect.class)
    @Tag("S40")
    @Tag("S41")
    @Tag("S37")
    void whatIsWrittenIsVisibleWhenTheFutureCompletes(dev.tributary.testkit.sodp.SodpDialect dialect) throws Exception {
        try (World world = world(dialect);
                SyncSource source = world.builder("").token(world::token).open();
                MaterializedView<Row> view = source.materialize("doc")) {
            view.awaitUpToDate(SOON);
            Sodp sodp = source.unwrap(Sodp.class);
            List<Object> seen = new ArrayList<>();
            CompletableFuture<?> done = sodp.set("doc", Map.of("a", 1, "list", List.of(1, 2)), SOON)
                    .thenCompose(set -> {
                        seen.add(view.get("doc").get("value"));
                        return sodp.setIn("doc", SodpPath.of("b"), "two", SOON);
                    })
                    .thenCompose(setIn -> {
                        seen.add(view.get("doc").get("value"));
                        return sodp.state("doc").patch(Map.of("a", 5), SOON);
                    })
                    .thenCompose(patch -> {
                        seen.add(view.get("doc").get("value"));
                        return sodp.delete("doc", SOON);
                    });
            world.advance(SOON);
            assertThat(done).isCompleted();
            List<Integer> list = List.of(1, 2);
            assertThat(seen)
                    .containsExactly(
                            Documents.PLAIN.of(Map.of("a", 1, "list", list)),
                            Documents.PLAIN.of(Map.of("a", 1, "list", list, "b", "two")),
                            Documents.PLAIN.of(Map.of("a", 5, "list", list, "b", "two")));
            assertThat(view.get("doc")).isNull();
            assertThat(view.status().condition()).startsWith("the key ");
            CompletableFuture<?> unknown = sodp.call("no.such.method", Map.of(), SOON);
            world.advance(SOON);
            assertThatThrownBy(unknown::join).hasCauseInstanceOf(SodpException.class);
        }
    }

    @Test
    @Tag("S6")
    @Tag("S7")
    @Tag("L8")
    void aRefusedFixedTokenStopsTheSource() {
        try (World world = world(dev.tributary.testkit.sodp.SodpDialect.RUST);
                SyncSource source = Sodp.source(java.net.URI.create("ws://model"))
                        .token("wrong s3cret")
                        .wires(wires(world))
                        .environment(world.environment())
                        .open();
                MaterializedView<Row> view = source.materialize("doc")) {
            CompletableFuture<?> ready = view.upToDate();
            CompletableFuture<?> call = source.unwrap(Sodp.class).set("doc", 1, Duration.ofHours(1));
            world.advance(Duration.ofMinutes(2));
            assertThat(view.status().phase()).isEqualTo(Phase.FAILED);
            assertThat(view.status().toString()).contains("token").doesNotContain("s3cret");
            assertThat(ready).isCompletedExceptionally();
            assertThat(call).isCompletedExceptionally();
            assertThat(world.openWires()).isZero();
        }
    }

    /** The wires of a world are in its builder; a world that is dropped into another builder shares its environment. */
    private static dev.tributary.spi.WireProvider wires(World world) {
        return ((SodpDriver.HasWires) world).wires();
    }

    @Test
    @Tag("S34")
    @Tag("S37")
    void callsEndAsTheyMustWhenTheConnectionIsGone() {
        try (World world = world(dev.tributary.testkit.sodp.SodpDialect.TYPESCRIPT);
                SyncSource source = world.builder("").token(world::token).open();
                MaterializedView<Row> view = source.materialize("doc")) {
            world.advance(SOON);
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
            Sodp sodp = source.unwrap(Sodp.class);
            world.inject(Fault.SILENCE);
            CompletableFuture<?> sent = sodp.set("doc", 1, Duration.ofMinutes(5));
            world.run();
            world.inject(Fault.DROP);
            world.inject(Fault.REFUSE);
            world.advance(Duration.ofSeconds(1));
            assertThatThrownBy(sent::join).hasCauseInstanceOf(OutcomeUnknownException.class);
            CompletableFuture<?> onlyNow = sodp.onlyNow().set("doc", 2, SOON);
            CompletableFuture<?> waiting = sodp.set("doc", 3, Duration.ofMinutes(5));
            CompletableFuture<?> tooLate = sodp.set("doc", 4, Duration.ofSeconds(2));
            CompletableFuture<?> takenBack = sodp.set("doc", 5, Duration.ofMinutes(5));
            takenBack.cancel(false);
            world.advance(Duration.ofSeconds(5));
            assertThatThrownBy(onlyNow::join).hasCauseInstanceOf(ConnectionException.class);
            assertThatThrownBy(tooLate::join).hasCauseInstanceOf(ConnectionException.class);
            world.heal();
            world.advance(Duration.ofMinutes(2));
            assertThat(waiting).isCompleted();
            assertThat(view.get("doc").get("value"))
                    .as("neither the late nor the cancelled one")
                    .isEqualTo(3L);
        }
    }

    @Test
    @Tag("S46")
    @Tag("S47")
    @Tag("S8")
    void listenersMayCallWaitThrowAndCloseAndNothingIsLeft() {
        World world = world(dev.tributary.testkit.sodp.SodpDialect.RUST);
        SyncSource source = world.builder("").token(world::token).open();
        MaterializedView<Row> view = source.materialize("stock?as=children");
        List<String> heard = new ArrayList<>();
        view.listen(commit -> {
            heard.add(commit.changes().size() + " " + commit.metadata(WatchMeta.class));
            if (heard.size() == 2) {
                source.unwrap(Sodp.class).setIn("stock", SodpPath.of("k7"), 7, SOON);
                throw new IllegalStateException("on purpose");
            }
            if (heard.size() == 3) {
                source.close();
            }
        });
        world.advance(SOON);
        world.apply(new Operation.Put(0, 1, 1));
        world.advance(SOON);
        world.apply(new Operation.Put(0, 2, 2));
        world.advance(SOON);
        assertThat(heard).hasSize(3);
        assertThat(view.status().phase()).isEqualTo(Phase.CLOSED);
        assertThat(world.openWires()).isZero();
        assertThat(world.leftovers()).isEmpty();
        source.close();
        world.close();
    }

    @Test
    @Tag("S29")
    @Tag("S43")
    void aDeadLinkIsReplacedWithinHalfAMinute() {
        try (World world = world(dev.tributary.testkit.sodp.SodpDialect.TYPESCRIPT);
                SyncSource source = world.builder("").token(world::token).open();
                MaterializedView<Row> view = source.materialize("doc")) {
            world.advance(SOON);
            world.inject(Fault.SILENCE);
            world.advance(Duration.ofSeconds(31));
            assertThat(view.status().phase()).isEqualTo(Phase.STALE);
            world.inject(Fault.DROP);
            world.heal();
            world.advance(Duration.ofMinutes(2));
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = dev.tributary.testkit.sodp.SodpDialect.class,
            names = {"TYPESCRIPT", "RUST"})
    @Tag("S36")
    void presenceIsWithdrawnAndGoneWithTheConnection(dev.tributary.testkit.sodp.SodpDialect dialect) throws Exception {
        try (World world = world(dialect);
                SyncSource other = world.builder("").token(world::token).open();
                MaterializedView<Row> who = other.materialize("who?as=children")) {
            try (SyncSource source = world.builder("").token(world::token).open()) {
                Sodp sodp = source.unwrap(Sodp.class);
                CompletableFuture<SodpPresence> here = sodp.presence("who", SodpPath.of("ada"), "here", SOON);
                world.advance(Duration.ofSeconds(5));
                assertThat(who.get("ada").get("value")).isEqualTo("here");
                CompletableFuture<SodpResult> withdrawn = here.join().withdraw(SOON);
                world.advance(Duration.ofSeconds(5));
                assertThat(withdrawn).isCompleted();
                assertThatThrownBy(() -> here.join().ended().join()).hasCauseInstanceOf(CancellationException.class);
                assertThat(who.get("ada").get("value")).isNull();
            }
            world.advance(Duration.ofSeconds(5));
            assertThat(who.get("ada")).isNull();
        }
    }

    @Test
    @Tag("S18")
    void aKeyThatWasUnwatchedFailsItsViewsAndCanBeFollowedAgain() throws Exception {
        try (World world = world(dev.tributary.testkit.sodp.SodpDialect.RUST);
                SyncSource source = world.builder("").token(world::token).open();
                MaterializedView<Row> view = source.materialize("stock?as=children");
                MaterializedView<Row> other = source.materialize("orders?as=children")) {
            world.apply(new Operation.Put(0, 1, 1));
            world.advance(SOON);
            Sodp sodp = source.unwrap(Sodp.class);
            CompletableFuture<Void> done = sodp.state("stock").unwatch(SOON);
            world.advance(Duration.ofSeconds(1));
            assertThat(done).isCompleted();
            assertThat(view.status().phase()).isEqualTo(Phase.FAILED);
            assertThat(view.status().reason()).isInstanceOf(dev.tributary.ClosedException.class);
            assertThat(view.snapshot().size())
                    .as("what it showed stays readable")
                    .isEqualTo(1);
            assertThat(other.status().phase()).isEqualTo(Phase.LIVE);
            world.apply(new Operation.Put(0, 2, 2));
            try (MaterializedView<Row> again = source.materialize("stock?as=children")) {
                world.advance(Duration.ofSeconds(1));
                assertThat(again.status().phase()).isEqualTo(Phase.LIVE);
                assertThat(again.snapshot().size()).isEqualTo(2);
            }
        }
    }

    @Test
    @Tag("S40")
    @Tag("S41")
    void aReferenceDoesWithItsKeyWhatTheSourceDoes() throws Exception {
        try (World world = world(dev.tributary.testkit.sodp.SodpDialect.GO);
                SyncSource source = world.builder("").token(world::token).open()) {
            Sodp sodp = source.unwrap(Sodp.class);
            StateRef doc = sodp.state("doc");
            assertThat(doc.key()).isEqualTo("doc");
            assertThat(doc).hasToString("doc");
            assertThat(doc.value()).isEqualTo(Sodp.value("doc"));
            assertThat(doc.children()).isEqualTo(Sodp.children("doc"));
            assertThat(finished(world, doc.isWatching(SOON))).isFalse();
            try (MaterializedView<Row> view = source.materialize(doc.value())) {
                view.awaitUpToDate(SOON);
                assertThat(finished(world, doc.isWatching(SOON))).isTrue();
                finished(world, doc.set(Map.of("a", 1), SOON));
                finished(world, doc.setIn(SodpPath.of("b"), 2, SOON));
                finished(world, doc.setIn("/c", List.of(3), SOON));
                finished(world, doc.patch(Map.of("a", 4), SOON));
                KeyState state = finished(world, doc.get(SOON));
                assertThat(state.key()).isEqualTo("doc");
                assertThat(state.value()).isEqualTo(Documents.PLAIN.of(Map.of("a", 4, "b", 2, "c", List.of(3))));
                CompletableFuture<Void> reached = doc.awaitVersion(view, state.version(), SOON);
                finished(world, reached);
                assertThat(reached).isCompleted();
                CompletableFuture<Void> later = doc.awaitVersion(view, state.version() + 1, Duration.ofMinutes(5));
                world.advance(SOON);
                assertThat(later).isNotDone();
                finished(world, doc.set(List.of(1), SOON));
                finished(world, doc.append(2, SOON));
                assertThat(later).isCompleted();
                assertThat(view.get("doc").get("value")).isEqualTo(Documents.PLAIN.of(List.of(1, 2)));
                finished(world, doc.delete(SOON));
                assertThat(finished(world, doc.get(SOON)).value()).isNull();
            }
        }
    }

    private static <T> T finished(World world, CompletableFuture<T> future) throws Exception {
        world.advance(Duration.ofSeconds(1));
        assertThat(future).isDone();
        return future.join();
    }
}
