package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ProtocolException;
import dev.tributary.spi.Ending;
import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Answers that announce more than they hold. */
class CompletenessTest {

    @Test
    @Tag("O1")
    void whatIsMissingIsReadAgainFromTheLastChangeHeld() {
        Scene scene = new Scene("items").live();

        scene.answer(Reply.live("h1", "5_4", "c1", Reply.change("insert", 3, "three", 5, 0), Reply.UP_TO_DATE));

        assertThat(scene.out.commits).hasSize(1);
        assertThat(scene.out.upToDate).isEqualTo(1);
        assertThat(scene.faults())
                .singleElement()
                .asString()
                .startsWith("the answer announces offset 5_4 but ends at 5_0: changes are missing @ http://");
        assertThat(scene.out.behind).hasSize(1);
        assertThat(scene.asked())
                .containsEntry("offset", "5_0")
                .containsEntry("handle", "h1")
                .containsEntry("cursor", "c1")
                .containsKey("cache-buster")
                .doesNotContainKey("live");

        scene.answer(Reply.caughtUp("h1", "5_4", Reply.change("insert", 4, "four", 5, 4), Reply.UP_TO_DATE));

        assertThat(scene.rows()).isEqualTo(Map.of(1, "one", 2, "two", 3, "three", 4, "four"));
        assertThat(scene.out.commits).hasSize(2);
        assertThat(scene.asked()).doesNotContainKey("cache-buster").containsEntry("live", "true");
    }

    @Test
    @Tag("O1")
    void theSameAgainLoadsAnew() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.live("h1", "5_4", "c1", Reply.change("insert", 3, "three", 5, 0), Reply.UP_TO_DATE));

        scene.answer(Reply.caughtUp("h1", "5_4", Reply.UP_TO_DATE));

        assertThat(scene.out.commits).hasSize(1);
        assertThat(scene.asked())
                .containsEntry("offset", "-1")
                .containsKey("cache-buster")
                .doesNotContainKeys("handle", "live", "expired_handle");
        scene.answer(Reply.caughtUp("h1", "0_0", Reply.row(1, "one"), Reply.row(4, "four")));
        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));
        assertThat(scene.rows()).isEqualTo(Map.of(1, "one", 4, "four"));
    }

    @Test
    @Tag("O1")
    void anEmptiedBodyThatMovesOnIsIncompleteToo() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.live("h1", "5_0", "c1", Reply.change("insert", 3, "three", 5, 0), Reply.UP_TO_DATE));

        scene.answer(Reply.live("h1", "6_0", "c2", Reply.UP_TO_DATE));

        assertThat(scene.out.upToDate).isEqualTo(2);
        assertThat(scene.faults()).hasSize(1);
        assertThat(scene.asked())
                .containsEntry("offset", "5_0")
                .containsKey("cache-buster")
                .doesNotContainKey("live");
        scene.answer(Reply.caughtUp("h1", "6_0", Reply.change("delete", 3, "", 6, 0), Reply.UP_TO_DATE));
        assertThat(scene.rows()).isEqualTo(Map.of(1, "one", 2, "two"));
    }

    @Test
    @Tag("O1")
    void goodAnswersBetweenMakeTheNextOneTheFirstAgain() {
        Scene scene = new Scene("items").live();
        for (int lsn = 5; lsn < 20; lsn++) {
            scene.answer(Reply.live("h1", lsn + "_4", "c", Reply.change("insert", 3, "x", lsn, 0), Reply.UP_TO_DATE));
            assertThat(scene.asked()).containsEntry("offset", lsn + "_0");
            scene.answer(Reply.caughtUp("h1", lsn + "_4", Reply.change("insert", 4, "y", lsn, 4), Reply.UP_TO_DATE));
        }
        assertThat(scene.out.ends).isEmpty();
        assertThat(scene.out.replaced).isEqualTo(1);
    }

    @Test
    @Tag("O1")
    void loadingAnewIsBounded() {
        Scene scene = new Scene("items").live();
        for (int round = 0; round < 3; round++) {
            incompleteTwice(scene);
            assertThat(scene.out.ends).isEmpty();
            scene.answer(Reply.caughtUp("h1", "0_0", Reply.row(1, "one")));
            scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));
        }

        incompleteTwice(scene);

        assertThat(scene.ended()).isEqualTo(Ending.Kind.RETRY);
        assertThat(scene.lastEnd().ending().reason())
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("items: the answer announces offset 5_4 but ends at 5_0: changes are missing (")
                .hasMessageEndingWith("even after loading anew");
        scene.nextSession();
        assertThat(scene.asked()).containsEntry("offset", "-1");
        assertThat(scene.rows()).isEqualTo(Map.of(1, "one"));
    }

    private static void incompleteTwice(Scene scene) {
        scene.answer(Reply.live("h1", "5_4", "c1", Reply.change("insert", 3, "three", 5, 0), Reply.UP_TO_DATE));
        scene.answer(Reply.caughtUp("h1", "5_4", Reply.UP_TO_DATE));
    }

    @Test
    @Tag("O1")
    @Tag("O13")
    void theOrdinaryMovesAreComplete() {
        assertThat(gap("-1", "0_0")).isNull();
        assertThat(gap("now", "77_0")).isNull();
        assertThat(gap("0_0", "0_inf")).isNull();
        assertThat(gap("0_inf", "0_inf")).isNull();
        assertThat(gap("5_0", "5_0")).isNull();
        assertThat(gap("0_0", "0_1")).isNull();
        assertThat(gap("0_0", "000_7")).isNull();
        assertThat(gap("0_inf", "5_0")).isEqualTo("0_inf");
        assertThat(gap("5_0", "5_1")).isEqualTo("5_0");
        assertThat(gap("5_0", "070_1")).isEqualTo("5_0");
        assertThat(gap("-1", "0_0", Reply.row(1, "x"))).isNull();
        assertThat(gap("5_0", "9_9", Reply.row(1, "x")))
                .as("O13: no position, no check")
                .isNull();
        assertThat(gap("5_0", "9_9", Reply.change("delete", 1, "", 9, 9))).isNull();
        assertThat(gap("5_0", "9_9", Reply.change("delete", 1, "", 9, 8))).isEqualTo("9_8");
        assertThat(gap("0_0", "9_9", Reply.change("delete", 1, "", 9, 8), Reply.row(1, "x")))
                .isNull();
    }

    private static String gap(String requested, String announced, String... messages) {
        LogSchema schema =
                LogSchema.parse(Reply.SCHEMA, new LogSchema.Reading(ColumnNames.unchanged(), Map.of()), List.of());
        ChunkDecoder decoder = new ChunkDecoder(schema, true, "", text -> text, Long.MAX_VALUE);
        Reply reply = Reply.caughtUp("h", announced, messages);
        decoder.feed(ByteBuffer.wrap(reply.body()));
        return Completeness.gap(requested, ResponseHead.of(reply.head()), decoder.end());
    }

    /** A server whose answers lose their ends, whose connections break, and which forgets its log now and then. */
    @Property(tries = 300)
    @net.jqwik.api.Tag("O1")
    @net.jqwik.api.Tag("L1")
    @net.jqwik.api.Tag("L2")
    @net.jqwik.api.Tag("E70")
    void whateverIsLostTheRowsAreRightInTheEnd(@ForAll long seed, @ForAll @IntRange(max = 2) int prefetch) {
        Random random = new Random(seed);
        LogModel model = new LogModel(random);
        Scene scene = new Scene("items").set(ElectricOptions.PREFETCH, prefetch).start();
        int commits = 0;
        for (int step = 0; step < 120; step++) {
            scene.advance(Duration.ofMillis(300));
            if (random.nextInt(3) == 0) {
                model.transaction();
            }
            if (random.nextInt(60) == 0) {
                model.rotate();
            }
            turn(scene, model, random, step < 100);
            for (; commits < scene.out.commits.size(); commits++) {
                assertThat(model.states())
                        .contains(LogModel.text(scene.out.commits.get(commits).rows()));
            }
        }
        for (int quiet = 0; quiet < 60 && !scene.rows().equals(model.rows()); quiet++) {
            scene.advance(Duration.ofMillis(300));
            turn(scene, model, random, false);
        }
        assertThat(scene.rows()).isEqualTo(model.rows());
    }

    private static void turn(Scene scene, LogModel model, Random random, boolean faults) {
        ScriptedOutput.FakeWire wire = scene.out.wires.stream()
                .filter(open -> !open.closed)
                .findFirst()
                .orElse(null);
        if (wire == null) {
            assertThat(scene.ended()).isIn(Ending.Kind.RETRY, Ending.Kind.RESET);
            scene.nextSession();
            return;
        }
        Map<String, String> asked = Scene.parameters(wire.target.uri());
        Reply reply = model.answer(asked);
        int luck = faults ? random.nextInt(8) : 7;
        if (luck == 0 && reply.status() == 200) {
            reply = model.losingItsEnd(asked);
        }
        scene.head(wire, reply);
        if (luck == 1) {
            int cut = reply.body().length == 0 ? 0 : random.nextInt(reply.body().length);
            scene.body(wire, Arrays.copyOf(reply.body(), cut));
            // A body of no bytes that ends well is an empty answer (E18): nobody can tell that it was cut.
            boolean broken = random.nextBoolean() || cut == 0;
            scene.end(wire, broken ? WireEnd.of(WireEnd.Kind.BROKEN, "reset", null) : WireEnd.complete());
        } else {
            scene.body(wire, reply.body());
            scene.end(wire, WireEnd.complete());
        }
    }
}
