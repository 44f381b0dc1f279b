package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ConnectionException;
import dev.tributary.LimitExceededException;
import dev.tributary.ProtocolException;
import dev.tributary.http.HttpOptions;
import dev.tributary.spi.Ending;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are empty, odd or broken. */
class BodiesTest {

    @ParameterizedTest
    @Tag("E18")
    @ValueSource(strings = {"", "[]", " \n", "[null]", "[{}]", "[1,\"x\",[{}]]"})
    void nothingInABodyChangesNoRow(String body) {
        Scene scene = new Scene("items").live();

        scene.answer(Reply.live("h1", "0_inf", "c1").text(body));

        assertThat(scene.out.commits).hasSize(1);
        assertThat(scene.out.upToDate).isEqualTo(1);
        assertThat(scene.faults()).isEmpty();
        assertThat(scene.out.ends).isEmpty();
        assertThat(scene.asked()).containsEntry("live", "true").containsEntry("cursor", "c1");
    }

    @Test
    @Tag("E18")
    void anEmptyFirstAnswerIsFollowedFromItsOffset() {
        Scene scene = new Scene("items").start();

        scene.answer(Reply.caughtUp("h1", "0_0"));

        assertThat(scene.asked()).containsEntry("offset", "0_0").containsEntry("handle", "h1");
        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));
        assertThat(scene.out.commits).hasSize(1);
        assertThat(scene.rows()).isEmpty();
    }

    @Test
    @Tag("E18")
    @Tag("L10")
    void aBodyThatIsNoArrayIsShownInTheError() {
        Scene scene = new Scene("items").live();

        scene.answer(Reply.live("h1", "0_inf", "c1").text("<html><body>Please log in"));

        assertThat(scene.ended()).isEqualTo(Ending.Kind.RETRY);
        assertThat(scene.lastEnd().ending().reason())
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("items from http://localhost:3000/v1/shape?")
                .hasMessageEndingWith(": expected a JSON array of messages, got '<html><body>Please log in'");
        assertThat(scene.rows()).hasSize(2);
    }

    @ParameterizedTest
    @Tag("E18")
    @ValueSource(strings = {"{\"message\":\"no\"}", "\"text\"", "123", "true", "{", "nul"})
    void otherJsonIsNoArrayEither(String body) {
        Scene scene = new Scene("items").start();

        scene.answer(Reply.caughtUp("h1", "0_0").text(body));

        assertThat(scene.lastEnd().ending().reason()).hasMessageEndingWith("got '" + body + "'");
    }

    @Test
    @Tag("E18")
    @Tag("L8")
    void theShownBeginningIsBoundedAndHoldsNoSecret() {
        Scene scene = new Scene("items").set(ElectricOptions.SECRET, "s3cr3t").start();

        scene.answer(Reply.caughtUp("h1", "0_0").text("<a href=?s3cr3t>" + "x".repeat(5_000)));

        String message = scene.lastEnd().ending().reason().getMessage();
        assertThat(message).contains("got '<a href=?***>xxx").endsWith("x…'").hasSizeLessThan(400);
        assertThat(message).doesNotContain("s3cr3t");
    }

    @ParameterizedTest
    @Tag("L10")
    @ValueSource(
            strings = {
                "[{\"key\":",
                "[",
                "[{}",
                "[{\"key\":\"a\"}",
                "[{\"headers\":{\"control\":\"up-to-date\"}}",
                "[{\"headers\":{\"control\":\"up-to-d",
            })
    void aTruncatedBodyChangesNothingAndIsAskedForAgain(String body) {
        Scene scene = new Scene("items").live();

        scene.answer(Reply.live("h1", "9_9", "c1").text(body));

        assertThat(scene.ended()).isEqualTo(Ending.Kind.RETRY);
        assertThat(scene.lastEnd().ending().reason())
                .isInstanceOf(ProtocolException.class)
                .hasMessageMatching(
                        "(?s)items from http://.*(the body ends too early|lacks|neither).* \\(message \\d+, byte \\d+\\)");
        assertThat(scene.out.commits).hasSize(1);
        scene.nextSession();
        assertThat(scene.asked()).containsEntry("offset", "0_inf").doesNotContainKey("live");
    }

    @Test
    @Tag("L10")
    void aFaultIsNamedWithItsPlace() {
        Scene scene = new Scene("items").start();

        scene.answer(Reply.caughtUp("h1", "0_0").text("[" + Reply.row(1, "one") + "," + "{\"key\":x}]"));

        assertThat(scene.lastEnd().ending().reason())
                .hasMessageContaining("malformed JSON: Unexpected character ('x' (code 120))")
                .hasMessageContaining("(message 1, byte ");
    }

    @Test
    @Tag("L10")
    void whatFollowsTheArrayIsAnError() {
        Scene scene = new Scene("items").start();

        scene.answer(Reply.caughtUp("h1", "0_0").text("[]\n[]"));

        assertThat(scene.lastEnd().ending().reason())
                .hasMessageContaining("something follows the array of messages (message 0, byte ");
    }

    @Test
    @Tag("L10")
    void deepNestingIsATypedError() {
        Scene scene = new Scene("items").start();

        scene.answer(Reply.caughtUp("h1", "0_0").text("[".repeat(100_000)));

        assertThat(scene.lastEnd().ending().reason())
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("nesting depth (101) exceeds the maximum allowed (100");
    }

    @Test
    @Tag("L10")
    void aBodyBeyondTheBoundIsATypedErrorNamingTheOption() {
        Scene scene = new Scene("items").set(HttpOptions.MAX_BODY_BYTES, 50L).start();

        scene.answer(Reply.caughtUp("h1", "0_0", Reply.row(1, "one")));

        assertThat(scene.lastEnd().ending().reason())
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("the body is larger than 50 bytes; raise the option 'maxBodyBytes'");
        assertThat(scene.ended()).isEqualTo(Ending.Kind.RETRY);
    }

    @Test
    @Tag("L10")
    void aBodyOfExactlyTheBoundIsRead() {
        Reply reply = Reply.caughtUp("h1", "0_0", Reply.row(1, "one"));
        Scene scene = new Scene("items")
                .set(HttpOptions.MAX_BODY_BYTES, (long) reply.body().length)
                .start();

        scene.answer(reply);

        assertThat(scene.out.ends).isEmpty();
    }

    @Test
    @Tag("E70")
    void aConnectionThatBreaksWithinABodyChangesNothing() {
        Scene scene = new Scene("items").live();

        scene.breakOff(Reply.live("h1", "5_0", "c", Reply.change("insert", 3, "x", 5, 0), Reply.UP_TO_DATE), 90);

        assertThat(scene.ended()).isEqualTo(Ending.Kind.RETRY);
        assertThat(scene.lastEnd().ending().reason())
                .isInstanceOf(ConnectionException.class)
                .hasMessage("connection reset");
        assertThat(scene.out.draftLog).doesNotContain("put 3");
        scene.nextSession();
        assertThat(scene.asked()).containsEntry("offset", "0_inf");
    }

    @Test
    @Tag("E70")
    void aLoadThatBreaksGoesOnWithWhatItHas() {
        Scene scene = new Scene("items").start();
        scene.answer(Reply.caughtUp("h1", "0_0", Reply.row(1, "one")));

        scene.breakOff(Reply.caughtUp("h1", "0_1", Reply.row(2, "two")), 20);
        assertThat(scene.out.hasOpenDraft()).isTrue();
        scene.nextSession();

        assertThat(scene.asked()).containsEntry("offset", "0_0").containsEntry("handle", "h1");
        scene.answer(Reply.caughtUp("h1", "0_1", Reply.row(2, "two")));
        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));
        assertThat(scene.rows()).isEqualTo(Map.of(1, "one", 2, "two"));
        assertThat(scene.out.replaced).isEqualTo(1);
    }

    @Test
    @Tag("E19")
    void twoHundredAndFourMakesItLive() {
        Scene scene = new Scene("items").start();
        scene.answer(Reply.caughtUp("h1", "0_0", Reply.row(1, "one")));

        scene.answer(new Reply(204, Reply.caughtUp("h1", "0_inf").headers(), new byte[0]));

        assertThat(scene.rows()).isEqualTo(Map.of(1, "one"));
        assertThat(scene.out.upToDate).isEqualTo(1);
        assertThat(scene.asked()).containsEntry("live", "true").containsEntry("offset", "0_inf");
    }

    @Test
    @Tag("E19")
    void twoHundredAndFourNeedsItsHeadersToo() {
        Scene scene = new Scene("items").start();

        scene.answer(Reply.status(204));

        assertThat(scene.ended()).isEqualTo(Ending.Kind.REJECTED);
    }

    @Test
    @Tag("E19")
    void threeHundredAndFourLeavesThePositionAndTakesTheCursor() {
        Scene scene = new Scene("items").live();

        scene.answer(Reply.status(304).with("electric-cursor", "c9").with("electric-offset", "77_0"));

        assertThat(scene.asked())
                .containsEntry("offset", "0_inf")
                .containsEntry("cursor", "c9")
                .doesNotContainKey("live");
        assertThat(scene.out.commits).hasSize(1);
        assertThat(scene.out.ends).isEmpty();
    }
}
