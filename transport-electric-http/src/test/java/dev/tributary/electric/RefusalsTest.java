package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ConnectionException;
import dev.tributary.Credential;
import dev.tributary.spi.Ending;
import dev.tributary.spi.WireEnd;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are errors. */
class RefusalsTest {

    private static ElectricException refusal(Scene scene) {
        return (ElectricException) scene.lastEnd().ending().reason();
    }

    @ParameterizedTest
    @Tag("E21")
    @ValueSource(ints = {429, 500, 502, 503, 504, 599, 301, 307, 399})
    void theseAreTriedAgainFromTheSamePlace(int status) {
        Scene scene = new Scene("items").live();

        scene.answer(Reply.status(status).text("{\"message\":\"not now\"}"));

        assertThat(scene.ended()).isEqualTo(Ending.Kind.RETRY);
        assertThat(scene.lastEnd().ending().notBefore()).isZero();
        assertThat(scene.lastEnd().ending().reason())
                .isInstanceOf(ConnectionException.class)
                .hasMessageStartingWith("items: " + status + " from http://localhost:3000/v1/shape?")
                .hasMessageEndingWith(": not now")
                .hasCauseInstanceOf(ElectricException.class);
        scene.nextSession();
        assertThat(scene.asked()).containsEntry("offset", "0_inf").doesNotContainKey("live");
        assertThat(scene.rows()).hasSize(2);
    }

    @ParameterizedTest
    @Tag("E21")
    @ValueSource(ints = {400, 401, 403, 404, 405, 408, 413, 414, 422, 499})
    void otherRefusalsEndTheQuery(int status) {
        Scene scene = new Scene("items").start();

        scene.answer(Reply.status(status).text("no"));

        assertThat(scene.ended()).isEqualTo(Ending.Kind.REJECTED);
        assertThat(refusal(scene).status()).isEqualTo(status);
        assertThat(refusal(scene).body()).isEqualTo("no");
        assertThat(scene.requests()).isEqualTo(1);
    }

    @Test
    @Tag("E21")
    void aConnectionThatCannotBeMadeIsTriedAgain() {
        Scene scene = new Scene("items").start();

        scene.end(scene.last(), WireEnd.of(WireEnd.Kind.REFUSED, "connection refused", null));

        assertThat(scene.ended()).isEqualTo(Ending.Kind.RETRY);
        assertThat(scene.lastEnd().ending().reason()).hasMessage("connection refused");
    }

    @Test
    @Tag("E21")
    void anEndWithoutAHeadIsTriedAgainToo() {
        Scene scene = new Scene("items").start();

        scene.end(scene.last(), WireEnd.complete());

        assertThat(scene.ended()).isEqualTo(Ending.Kind.RETRY);
    }

    @Test
    @Tag("E22")
    void theServersWordIsPassedOn() {
        Scene scene = new Scene("items").start();
        scene.answer(Reply.status(503).with("retry-after", "7").text("{\"error\":\"busy\"}"));

        assertThat(scene.lastEnd().ending().notBefore()).isEqualTo(Duration.ofSeconds(7));
        assertThat(scene.lastEnd().ending().reason()).hasMessageEndingWith(": busy");

        scene.nextSession();
        scene.answer(Reply.status(429).with("Retry-After", "Sat, 21 Nov 2026 10:00:20 GMT"));
        assertThat(scene.lastEnd().ending().notBefore()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    @Tag("O11")
    void errorBodiesAreNotParsedByAssumption() {
        assertThat(ErrorText.of("{\"message\":\"Invalid request\",\"errors\":{\"table\":[\"can't be blank\",\"x\"],"
                        + "\"subset\":{\"limit\":[\"must be greater than 0\"]},\"y\":\"z\"}}"))
                .isEqualTo("table: can't be blank; table: x; subset.limit: must be greater than 0; y: z");
        assertThat(ErrorText.of("{\"message\":\"Unauthorized\"}")).isEqualTo("Unauthorized");
        assertThat(ErrorText.of("{\"error\":\"bad\",\"details\":\"byte 1\"}")).isEqualTo("bad; byte 1");
        assertThat(ErrorText.of("{\"code\":7}")).isEqualTo("{code=7}");
        assertThat(ErrorText.of("Not  found\n")).isEqualTo("Not found");
        assertThat(ErrorText.of("{not json")).isEqualTo("{not json");
        assertThat(ErrorText.of("")).isEmpty();
        assertThat(ErrorText.of("x".repeat(300))).isEqualTo("x".repeat(300));
        assertThat(ErrorText.of("x".repeat(301))).isEqualTo("x".repeat(300) + "…");
    }

    @Test
    @Tag("E21")
    void aRefusalSaysWhatTheServerSaidAndWhere() {
        Scene scene = new Scene("no_such_table").start();

        scene.answer(Reply.status(400)
                .with("x-request-id", "r7")
                .with("set-cookie", "session=1")
                .text("{\"message\":\"Invalid request\",\"errors\":{\"table\":[\"does not exist\"]}}"));

        assertThat(refusal(scene))
                .hasMessage("no_such_table: 400 from http://localhost:3000/v1/shape?log=full&offset=-1"
                        + "&table=no_such_table: table: does not exist");
        assertThat(refusal(scene).headers()).isEqualTo(Map.of("x-request-id", List.of("r7")));
        assertThat(refusal(scene).url()).startsWith("http://localhost:3000/v1/shape?");
    }

    @Test
    void refusalsSayWhatToDo() {
        assertThat(hint(401)).endsWith("; give the source a token or a secret that is good here");
        assertThat(hint(403)).endsWith("; give the source a token or a secret that is good here");
        assertThat(hint(404)).endsWith("a source URI without a path asks /v1/shape");
        assertThat(hint(414)).endsWith("; the filter is too long for this server's address line");
        assertThat(hint(418)).endsWith("&table=items");
    }

    private static String hint(int status) {
        Scene scene = new Scene("items").start();
        scene.answer(Reply.status(status));
        return refusal(scene).getMessage();
    }

    @Test
    @Tag("L9")
    void theBodyOfAnErrorIsBounded() {
        Scene scene = new Scene("items").start();
        scene.head(scene.last(), Reply.status(404));
        scene.body(scene.last(), "x".repeat(16_383).getBytes(StandardCharsets.UTF_8));
        assertThat(scene.out.ends).isEmpty();

        scene.body(scene.last(), "yz".getBytes(StandardCharsets.UTF_8));

        assertThat(scene.ended()).isEqualTo(Ending.Kind.REJECTED);
        assertThat(refusal(scene).body()).hasSize(16_384).endsWith("xy");
        assertThat(scene.last().closed).isTrue();
    }

    @Test
    void anErrorWhoseBodyBreaksOffIsStillThatError() {
        Scene scene = new Scene("items").start();

        scene.breakOff(Reply.status(404).text("Not found"), 3);

        assertThat(refusal(scene).status()).isEqualTo(404);
        assertThat(refusal(scene).body()).isEqualTo("Not");
    }

    @Test
    @Tag("L8")
    void secretsThatTheServerRepeatsAreNotShown() {
        Scene scene = new Scene("items")
                .set(ElectricOptions.SECRET, "s3cr3t")
                .authenticated()
                .start();
        scene.credential(Credential.token("t0k3n").withHeader("X-Key", "h34d3r").withParameter("p", "p4r4m"));

        scene.answer(Reply.status(400).text("bad: s3cr3t t0k3n h34d3r p4r4m"));

        assertThat(refusal(scene).body()).isEqualTo("bad: *** *** *** ***");
        assertThat(refusal(scene).getMessage() + refusal(scene).url())
                .contains("secret=***")
                .contains("p=***")
                .doesNotContain("s3cr3t", "t0k3n", "h34d3r", "p4r4m");
    }

    @Test
    @Tag("E25")
    @Tag("L8")
    void aRefusedTokenIsAskedForAnewAndTheSyncGoesOn() {
        Scene scene = new Scene("items").authenticated().start();
        scene.credential(Credential.token("old"));
        assertThat(scene.last().target.credentials()).isEqualTo(Map.of("authorization", "Bearer old"));
        scene.answer(Reply.caughtUp("h1", "0_0", Reply.row(1, "one")));
        scene.credential(Credential.token("old"));

        scene.answer(Reply.status(401).text("expired"));

        assertThat(scene.ended()).isEqualTo(Ending.Kind.REAUTHENTICATE);
        ElectricException refused = refusal(scene);
        int requests = scene.requests();
        scene.nextSession();
        assertThat(scene.requests())
                .as("nothing is sent before new credentials came")
                .isEqualTo(requests);
        assertThat(scene.out.credentialsAsked).containsExactly(null, null, refused);

        scene.credential(Credential.token("new"));
        assertThat(scene.asked()).containsEntry("offset", "0_0").containsEntry("handle", "h1");
        assertThat(scene.last().target.credentials()).isEqualTo(Map.of("authorization", "Bearer new"));
        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));
        assertThat(scene.rows()).isEqualTo(Map.of(1, "one"));
        assertThat(scene.out.credentialsAsked.get(3)).isNull();
    }

    @Test
    @Tag("E24")
    void withoutAHookOtherRefusalsEndTheQueryWhateverTheCredentials() {
        Scene scene = new Scene("items").authenticated().start();
        scene.credential(Credential.token("t"));

        scene.answer(Reply.status(400));

        assertThat(scene.ended()).isEqualTo(Ending.Kind.REJECTED);
    }

    @Test
    @Tag("E24")
    void theHookIsAskedFiftyTimesInARowAndNoMore() {
        Scene scene = hooked();
        for (int i = 0; i < 50; i++) {
            scene.answer(Reply.status(400));
            assertThat(scene.ended()).isEqualTo(Ending.Kind.REAUTHENTICATE);
            scene.nextSession();
            scene.credential(Credential.NONE);
            assertThat(scene.asked()).containsEntry("offset", "0_0").containsEntry("handle", "h1");
        }

        scene.answer(Reply.status(400));

        assertThat(scene.ended()).isEqualTo(Ending.Kind.REJECTED);
    }

    @Test
    @Tag("E24")
    void onlyDataAndTwoHundredAndFourResetTheCount() {
        Scene scene = hooked();
        for (int i = 0; i < 49; i++) {
            refuse(scene);
        }
        scene.answer(Reply.caughtUp("h1", "0_0").text("[]"));
        scene.credential(Credential.NONE);
        refuse(scene);
        scene.answer(Reply.status(403));
        assertThat(scene.ended()).as("an empty body is no data").isEqualTo(Ending.Kind.REJECTED);

        scene = hooked();
        for (int i = 0; i < 50; i++) {
            refuse(scene);
        }
        scene.answer(Reply.caughtUp("h1", "0_1", Reply.row(2, "two")));
        scene.credential(Credential.NONE);
        scene.answer(Reply.status(403));
        assertThat(scene.ended()).as("rows are").isEqualTo(Ending.Kind.REAUTHENTICATE);

        scene = hooked();
        for (int i = 0; i < 50; i++) {
            refuse(scene);
        }
        scene.answer(new Reply(204, Reply.caughtUp("h1", "0_1").headers(), new byte[0]));
        scene.credential(Credential.NONE);
        scene.answer(Reply.status(403));
        assertThat(scene.ended()).as("and so is 204").isEqualTo(Ending.Kind.REAUTHENTICATE);
    }

    private static Scene hooked() {
        Scene scene = new Scene("items")
                .authenticated()
                .set(ElectricOptions.ERROR_HOOK, error -> Credential.NONE)
                .start();
        scene.credential(Credential.NONE);
        scene.answer(Reply.caughtUp("h1", "0_0", Reply.row(1, "one")));
        return scene.credential(Credential.NONE);
    }

    private static void refuse(Scene scene) {
        scene.answer(Reply.status(400));
        assertThat(scene.ended()).isEqualTo(Ending.Kind.REAUTHENTICATE);
        scene.nextSession();
        scene.credential(Credential.NONE);
    }

    @Test
    @Tag("E32")
    @Tag("O10")
    void anOffsetBeyondTheLogBeginsAnew() {
        Scene scene = new Scene("items").live();

        scene.answer(Reply.status(400)
                .text("{\"message\":\"Invalid request\",\"errors\":{\"offset\":[\"out of bounds for this shape\"]}}"));

        assertThat(scene.out.ends).isEmpty();
        assertThat(scene.asked())
                .containsEntry("offset", "-1")
                .containsKey("cache-buster")
                .doesNotContainKeys("handle", "expired_handle", "live");
        assertThat(scene.out.behind).singleElement().asString().contains("out of bounds for this shape");
    }

    @Test
    @Tag("E32")
    void atTheBeginningItIsARefusalLikeAnyOther() {
        Scene scene = new Scene("items").start();

        scene.answer(Reply.status(400).text("{\"errors\":{\"offset\":[\"out of bounds for this shape\"]}}"));

        assertThat(scene.ended()).isEqualTo(Ending.Kind.REJECTED);
    }

    @Test
    @Tag("O9")
    void aPermanentServerErrorIsTriedAgainWithItsCause() {
        Scene scene = new Scene("pg_catalog.pg_class").start();
        for (int i = 0; i < 3; i++) {
            scene.answer(Reply.status(500).text("{\"message\":\"cannot add relation\"}"));
            assertThat(scene.lastEnd().ending().reason()).hasMessageEndingWith("cannot add relation");
            scene.nextSession();
        }
        assertThat(scene.requests()).isEqualTo(4);
    }
}
