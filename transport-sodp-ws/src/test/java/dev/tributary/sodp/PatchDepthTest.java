package dev.tributary.sodp;

import static dev.tributary.sodp.Packed.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ConfigurationException;
import dev.tributary.conformance.World;
import dev.tributary.sodp.Packed.Sent;
import dev.tributary.spi.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A patch does the same on each server, where that is asked for. */
class PatchDepthTest {

    private static final Map<String, Object> BEFORE = map("a", map("x", 1, "y", 2), "b", 1, "c", map("z", 1));
    private static final Map<String, Object> PATCH = map("a", map("x", 7, "in", map("q", 8)), "b", 9);

    private static Map<String, Object> after(PatchDepth depth) {
        Map<String, Object> inner =
                depth == PatchDepth.DEEP ? map("x", 7L, "y", 2L, "in", map("q", 8L)) : map("x", 7L, "in", map("q", 8L));
        return map("a", inner, "b", 9L, "c", map("z", 1L));
    }

    @ParameterizedTest
    @EnumSource(dev.tributary.testkit.sodp.SodpDialect.class)
    @Tag("S40")
    void aPatchOfADepthIsTheSameOnEachServer(dev.tributary.testkit.sodp.SodpDialect dialect) throws Exception {
        Duration soon = Duration.ofSeconds(20);
        for (PatchDepth depth : List.of(PatchDepth.MEMBERS, PatchDepth.DEEP)) {
            try (World world = SodpDriver.simulated(dialect).newWorld(3);
                    var source = world.builder("").token(world::token).open();
                    var view = source.materialize("doc")) {
                view.awaitUpToDate(soon);
                Sodp sodp = source.unwrap(Sodp.class);
                List<Object> seen = new ArrayList<>();
                CompletableFuture<?> done = sodp.set("doc", BEFORE, soon)
                        .thenCompose(set -> sodp.state("doc").patch(PATCH, depth, soon))
                        .thenAccept(result -> seen.add(view.get("doc").get("value")));
                world.advance(soon);
                assertThat(done).isCompleted();
                assertThat(seen)
                        .as("all of it is visible when the future completes")
                        .containsExactly(Documents.PLAIN.of(after(depth)));
            }
        }
    }

    private static Scene live(SodpDialect dialect) {
        Scene scene = new Scene(dialect);
        scene.wish(new Wish.AskServer(), null);
        return scene.live();
    }

    private static Invocation patch(Map<String, Object> members, PatchDepth depth) {
        return Invocation.patch("k", Documents.PLAIN.of(members), depth);
    }

    @Test
    @Tag("S40")
    @Tag("S37")
    void theFirstRefusalIsTheAnswerAndWhatWasNotSentStays() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT).limit("rate_limit_writes", 2);
        scene.wish(new Wish.AskServer(), null);
        scene.live();
        Call call = scene.call(patch(map("a", map("x", 1, "y", 2, "z", 3), "b", 1), PatchDepth.DEEP));
        List<Sent> sent = scene.sent();
        assertThat(sent).hasSize(2);
        scene.result(sent.get(0).callId(), true, null).result(sent.get(1).callId(), false, "a is a number");
        assertThat(scene.out.refusals.get(call)).isInstanceOf(SodpException.class);
        scene.advance(Duration.ofMinutes(1));
        assertThat(scene.sent()).isEmpty();
        assertThat(scene.out.replies).doesNotContainKey(call);
    }

    @Test
    @Tag("S40")
    @Tag("S34")
    void aCancelledPatchSendsNoMoreOfItsCalls() {
        Scene scene = new Scene(SodpDialect.GO).limit("rate_limit", 1);
        scene.wish(new Wish.AskServer(), null);
        scene.live();
        Call call = scene.call(patch(map("a", map("x", 1, "y", 2)), PatchDepth.DEEP));
        Sent first = scene.sentOne();
        assertThat(first.args()).isEqualTo(map("state", "k", "path", "a.x", "value", 1L));
        assertThat(scene.out.sentCalls).contains(call);
        scene.protocol().cancel(call, scene.out);
        scene.advance(Duration.ofMinutes(1));
        assertThat(scene.sent()).isEmpty();
    }

    @Test
    @Tag("S40")
    void whatTheServerDoesItselfIsOneCall() {
        assertThat(PatchSteps.of("k", doc(PATCH), PatchDepth.DEEP, SodpDialect.RUST))
                .hasSize(1);
        assertThat(PatchSteps.of("k", doc(PATCH), PatchDepth.MEMBERS, SodpDialect.GO))
                .hasSize(1);
        for (SodpDialect dialect : SodpDialect.values()) {
            for (PatchDepth depth : PatchDepth.values()) {
                assertThat(PatchSteps.of("k", doc(map("b", 1)), depth, dialect))
                        .containsExactly(Invocation.patch("k", doc(map("b", 1))));
                assertThat(PatchSteps.of("k", doc(map()), depth, dialect)).hasSize(1);
            }
        }
    }

    @Test
    @Tag("S12")
    void aNameThatWouldMakeAnArrayIsRefused() {
        for (String name : List.of("0", "12", "-")) {
            Scene scene = live(SodpDialect.TYPESCRIPT);
            Call call = scene.call(patch(map("a", map(name, 1)), PatchDepth.DEEP));
            assertThat(scene.out.refusals.get(call)).isInstanceOf(ConfigurationException.class);
            assertThat(scene.sent()).isEmpty();
        }
    }

    private static DocMap doc(Map<String, Object> members) {
        return (DocMap) Documents.PLAIN.of(members);
    }
}
