package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Credential;
import dev.tributary.Options;
import dev.tributary.electric.ScriptedOutput.FakeWire;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.WireEnd;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Asking for chunks before they are needed. */
@Tag("E67")
class PrefetchTest {

    private static Scene loading(int ahead) {
        Scene scene = new Scene("items").set(ElectricOptions.PREFETCH, ahead).start();
        scene.head(scene.last(), Reply.caughtUp("h1", "0_0"));
        return scene;
    }

    private static Reply chunk(int number) {
        return Reply.caughtUp("h1", "0_" + number, Reply.row(number, "v" + number));
    }

    private static void finish(Scene scene, FakeWire wire, Reply reply) {
        scene.body(wire, reply.body());
        scene.end(wire, WireEnd.complete());
    }

    @Test
    void theHeadOfAnAnswerLeadsToTheNextRequestUpToTwoAhead() {
        Scene scene = loading(2);
        assertThat(scene.requests()).isEqualTo(2);
        assertThat(scene.asked()).isEqualTo(Map.of("handle", "h1", "log", "full", "offset", "0_0", "table", "items"));

        scene.head(scene.wire(1), chunk(1));
        assertThat(scene.requests()).isEqualTo(3);
        assertThat(scene.asked()).containsEntry("offset", "0_1");

        scene.head(scene.wire(2), chunk(2));
        assertThat(scene.requests()).as("two ahead, no more").isEqualTo(3);

        finish(scene, scene.wire(0), chunk(0));
        assertThat(scene.requests()).as("one was taken, so one more").isEqualTo(4);
        assertThat(scene.asked()).containsEntry("offset", "0_2");
    }

    @Test
    void bodiesMayComeMixedAndAreTakenInOrder() {
        Scene scene = loading(2);
        scene.head(scene.wire(1), chunk(1));
        scene.head(scene.wire(2), Reply.caughtUp("h1", "0_inf", Reply.row(2, "v2"), Reply.UP_TO_DATE));
        byte[] last = Reply.caughtUp("h1", "0_inf", Reply.row(2, "v2"), Reply.UP_TO_DATE)
                .body();

        scene.body(scene.wire(2), last);
        scene.end(scene.wire(2), WireEnd.complete());
        scene.body(scene.wire(1), Arrays.copyOf(chunk(1).body(), 9));
        assertThat(scene.out.draftLog).isEmpty();
        finish(scene, scene.wire(0), chunk(0));
        assertThat(scene.out.draftLog).containsExactly("replaceAll", "put 0");
        byte[] middle = chunk(1).body();
        finish(scene, scene.wire(1), new Reply(200, Map.of(), Arrays.copyOfRange(middle, 9, middle.length)));

        assertThat(scene.out.draftLog).containsExactly("replaceAll", "put 0", "put 1", "put 2");
        assertThat(scene.rows()).isEqualTo(Map.of(0, "v0", 1, "v1", 2, "v2"));
        assertThat(scene.asked()).containsEntry("live", "true").containsEntry("offset", "0_inf");
        assertThat(scene.requests()).isEqualTo(4);
    }

    @Test
    void oneAheadIsOneAndNoneIsNone() {
        Scene one = loading(1);
        assertThat(one.requests()).isEqualTo(2);
        one.head(one.last(), chunk(1));
        assertThat(one.requests()).isEqualTo(2);
        assertThat(loading(0).requests()).isEqualTo(1);
        assertThat(loading(7).requests()).isEqualTo(2);
        Scene many = loading(7);
        many.head(many.last(), chunk(1));
        many.head(many.last(), chunk(2));
        assertThat(many.requests()).as("more than two count as two").isEqualTo(3);
    }

    @Test
    void theDefaultIsTwo() {
        ScriptedOutput out = new ScriptedOutput();
        assertThat(out.wires).isEmpty();
        SessionContext context =
                new SessionContext(URI.create("http://h"), Options.of(Map.of()), false, new Random(1), null);
        Protocol protocol = new ElectricTransport().session(context);
        Scene scene = new Scene("items").start();
        protocol.subscribe(scene.subscription(), out);
        protocol.opened(out.wires.get(0), chunk(0).head(), out);
        protocol.opened(out.wires.get(1), chunk(1).head(), out);
        protocol.opened(out.wires.get(2), chunk(2).head(), out);
        assertThat(out.wires).hasSize(3);
    }

    @Test
    void itStopsAtUpToDateAndWhereTheOffsetStands() {
        Scene scene = new Scene("items").set(ElectricOptions.PREFETCH, 2).start();
        scene.head(scene.last(), Reply.caughtUp("h1", "0_0").with("electric-up-to-date", ""));
        assertThat(scene.requests()).isEqualTo(1);

        Scene same = loading(2);
        same.head(same.last(), Reply.caughtUp("h1", "0_0"));
        assertThat(same.requests()).isEqualTo(2);
    }

    @Test
    void liveAnswersLeadToNothingAhead() {
        Scene scene = new Scene("items").set(ElectricOptions.PREFETCH, 2).start();
        finishAll(scene);
        int requests = scene.requests();

        scene.head(scene.last(), Reply.live("h1", "5_0", "c"));

        assertThat(scene.requests()).isEqualTo(requests);
    }

    private static void finishAll(Scene scene) {
        scene.answer(scene.wire(0), Reply.caughtUp("h1", "0_0", Reply.row(1, "one")));
        scene.answer(scene.wire(1), Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));
        assertThat(scene.asked()).containsEntry("live", "true");
    }

    @Test
    void oneAheadThatFailsIsAskedForAgainInItsTurn() {
        for (Reply bad : new Reply[] {
            Reply.status(503),
            Reply.status(409),
            Reply.status(204).with("electric-handle", "h1"),
            Reply.caughtUp("h2", "0_1"),
            Reply.caughtUp("h1", "0_1").without("electric-schema"),
        }) {
            Scene scene = loading(2);
            scene.head(scene.wire(1), bad);
            assertThat(scene.wire(1).closed).isTrue();
            assertThat(scene.requests()).as("no more ahead until the turn").isEqualTo(2);

            finish(scene, scene.wire(0), chunk(0));

            assertThat(scene.out.ends).isEmpty();
            assertThat(scene.requests()).isEqualTo(3);
            assertThat(scene.asked()).containsEntry("offset", "0_0");
            scene.head(scene.last(), chunk(1));
            assertThat(scene.requests()).as("and then again ahead").isEqualTo(4);
        }
    }

    @Test
    void oneAheadThatBreaksTakesThoseBehindItAlong() {
        Scene scene = loading(2);
        scene.head(scene.wire(1), chunk(1));
        scene.end(scene.wire(1), WireEnd.of(WireEnd.Kind.BROKEN, "reset", null));

        assertThat(scene.wire(2).closed).isTrue();
        assertThat(scene.out.ends).isEmpty();
        finish(scene, scene.wire(0), chunk(0));
        assertThat(scene.asked()).containsEntry("offset", "0_0");
        assertThat(scene.requests()).isEqualTo(4);
    }

    @Test
    void oneAheadThatCannotBeReadIsAskedForAgain() {
        Scene scene = loading(2);
        scene.head(scene.wire(1), chunk(1));
        scene.body(scene.wire(1), "[{x".getBytes(StandardCharsets.UTF_8));

        assertThat(scene.out.ends).isEmpty();
        assertThat(scene.wire(1).closed).isTrue();
        assertThat(scene.wire(2).closed).isTrue();
        finish(scene, scene.wire(0), chunk(0));
        assertThat(scene.asked()).containsEntry("offset", "0_0");
    }

    @Test
    void theEndOfTheFirstEndsAll() {
        Scene scene = loading(2);
        scene.head(scene.wire(1), chunk(1));

        scene.end(scene.wire(0), WireEnd.of(WireEnd.Kind.BROKEN, "reset", null));

        assertThat(scene.ended()).isEqualTo(Ending.Kind.RETRY);
        assertThat(scene.wire(1).closed && scene.wire(2).closed).isTrue();
        scene.nextSession();
        assertThat(scene.asked()).containsEntry("offset", "-1");
    }

    @Test
    @Tag("O1")
    void whatWasAskedForBehindAnIncompleteAnswerIsDropped() {
        Scene scene = new Scene("items").set(ElectricOptions.PREFETCH, 2).start();
        finishAll(scene);
        scene.protocol().unsubscribe(scene.subscription(), scene.out);
        scene.nextSession();
        FakeWire first = scene.last();
        scene.head(first, Reply.caughtUp("h1", "5_4"));
        FakeWire ahead = scene.last();
        assertThat(ahead).isNotSameAs(first);

        finish(scene, first, Reply.caughtUp("h1", "5_4", Reply.change("insert", 3, "x", 5, 0)));

        assertThat(ahead.closed).isTrue();
        assertThat(scene.asked()).containsEntry("offset", "5_0");
    }

    @Test
    void eachRequestAheadHasItsOwnCredentials() {
        Scene scene = new Scene("items")
                .set(ElectricOptions.PREFETCH, 2)
                .authenticated()
                .start();
        scene.credential(Credential.token("t1"));
        scene.head(scene.last(), chunk(0));
        assertThat(scene.requests()).isEqualTo(1);
        assertThat(scene.out.credentialsAsked).hasSize(2);

        scene.credential(Credential.token("t2"));

        assertThat(scene.last().target.credentials()).isEqualTo(Map.of("authorization", "Bearer t2"));
        assertThat(scene.asked()).containsEntry("offset", "0_0");
    }

    @Test
    void credentialsThatComeTooLateForOneAheadServeTheNextRequest() {
        Scene scene = new Scene("items")
                .set(ElectricOptions.PREFETCH, 2)
                .authenticated()
                .start();
        scene.credential(Credential.token("t1"));
        scene.head(scene.last(), chunk(0));

        finish(scene, scene.wire(0), chunk(0));
        assertThat(scene.out.credentialsAsked).hasSize(2);
        scene.credential(Credential.token("t2"));

        assertThat(scene.requests()).isEqualTo(2);
        assertThat(scene.asked()).containsEntry("offset", "0_0").containsEntry("handle", "h1");
    }
}
