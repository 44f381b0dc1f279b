package dev.tributary.replay.electric;

import static dev.tributary.replay.electric.Recording.SNAPSHOT_END;
import static dev.tributary.replay.electric.Recording.UP_TO_DATE;
import static dev.tributary.replay.electric.Recording.body;
import static dev.tributary.replay.electric.Recording.catchUpHeaders;
import static dev.tributary.replay.electric.Recording.change;
import static dev.tributary.replay.electric.Recording.held;
import static dev.tributary.replay.electric.Recording.liveHeaders;
import static dev.tributary.replay.electric.Recording.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.replay.QuietLog;
import dev.tributary.replay.recording.JsonTexts;
import dev.tributary.replay.recording.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Recordings of other clients, servers and mishaps than those that are bundled. */
@ExtendWith(QuietLog.class)
class UnseenTranscriptsTest {

    private static final String ONE_ROW = "{" + held("t", 1, "one") + "}";

    private static Recording loaded(String finalState) {
        return new Recording("\"t\"", finalState)
                .catchUp("table=t&offset=-1", "h", "0_0", row("t", 1, "one"), SNAPSHOT_END)
                .catchUp("table=t&offset=0_0&handle=h", "h", "0_inf", UP_TO_DATE);
    }

    private static void assertPassed(Outcome result) {
        assertThat(result.status()).as(result.toString()).isEqualTo(Outcome.Status.PASSED);
    }

    private static void assertFailed(Outcome result, String... words) {
        assertThat(result.status()).as(result.toString()).isEqualTo(Outcome.Status.FAILED);
        assertThat(result.detail()).contains(words);
    }

    @Test
    void theSmallestOnePasses() {
        Outcome result = loaded(ONE_ROW).replay();
        assertPassed(result);
        assertThat(result.used()).containsExactly("r1", "r2");
    }

    @Test
    void anyDifferenceIsNamedWithItsPlace() {
        assertFailed(
                loaded("{" + held("t", 1, "two") + "}").replay(),
                "column v is 'one', final has 'two'",
                "the last answer was r2 (line 4)",
                "then nothing answers GET /v1/shape?handle=h&live=true&offset=0_inf");
        assertFailed(loaded("{}").replay(), "row [1] is held, but not in final");
        assertFailed(
                loaded("{" + held("t", 1, "one") + "," + held("t", 2, "two") + "}")
                        .replay(),
                "is missing");
    }

    @Test
    void noRowsIsNotTheSameAsNothingLoaded() {
        Recording recording = new Recording("\"t\"", "{}")
                .catchUp("table=t&offset=-1", "h", "0_0", SNAPSHOT_END)
                .catchUp("table=t&offset=0_9&handle=h", "h", "0_inf", UP_TO_DATE);
        assertFailed(recording.replay(), "nothing of t was ever up to date");
    }

    @Test
    void packedBodiesAreUnpacked() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(body(row("t", 1, "one"), SNAPSHOT_END).getBytes(StandardCharsets.UTF_8));
        }
        String base64 = Base64.getEncoder().encodeToString(packed.toByteArray());
        Recording recording = new Recording("\"t\"", ONE_ROW)
                .exchange(
                        "table=t&offset=-1",
                        5,
                        200,
                        catchUpHeaders("h", "0_0") + ";content-encoding=gzip;content-length=" + packed.size(),
                        "\"body64\":\"" + base64 + "\"")
                .catchUp("table=t&offset=0_0&handle=h", "h", "0_inf", UP_TO_DATE);
        assertPassed(recording.replay());
    }

    @Test
    void aClientThatWaitsWhereOursMustNotIsUnderstood() {
        Recording recording = new Recording("\"t\"", ONE_ROW)
                .catchUp("table=t&offset=-1", "h", "0_0", row("t", 1, "one"), SNAPSHOT_END)
                .live("table=t&offset=0_0&handle=h&live=true", "h", "0_inf", "7", UP_TO_DATE)
                .live("table=t&offset=0_inf&handle=h&live=true&cursor=7", "h", "0_inf", "9", UP_TO_DATE);
        Outcome result = recording.replay();
        assertPassed(result);
        assertThat(result.used()).containsExactly("r1", "r2", "r3");
    }

    @Test
    void aClientThatDoesNotWaitWhereOursDoesIsUnderstood() {
        Recording recording = loaded("{" + held("t", 1, "1") + "}")
                .catchUp("table=t&offset=0_inf&handle=h", "h", "9_0", change("update", "t", 1, "1", 9, 0), UP_TO_DATE);
        assertPassed(recording.replay());
    }

    @Test
    void whatASecondClientDoesIsLeftAlone() {
        Recording recording = loaded("{" + held("t", 1, "1") + "}")
                .catchUp("table=t&offset=-1", "h", "0_0", row("t", 1, "one"), SNAPSHOT_END)
                .exchange("table=t&offset=-1", 304, "electric-handle=h;electric-offset=0_0", "")
                .catchUp("table=u&offset=-1", "g", "0_0", row("u", 5, "five"), SNAPSHOT_END)
                .live(
                        "table=t&offset=0_inf&handle=h&live=true",
                        "h",
                        "9_0",
                        "7",
                        change("update", "t", 1, "1", 9, 0),
                        UP_TO_DATE)
                .line("{\"kind\":\"truth\",\"t\":1,\"note\":\"SQL\"}")
                .line("{\"kind\":\"something-new\",\"t\":1}");
        Outcome result = recording.replay();
        assertPassed(result);
        assertThat(result.unused()).containsExactly("r3", "r4", "r5");
        assertThat(result.toString()).contains("unused=[r3, r4, r5]");
    }

    @Test
    void severalQueriesAreKeptBySeveralViews() {
        Recording recording = new Recording(
                        "[\"t\",\"u\"]", "{" + held("t", 1, "one") + "," + held("u", 5, "five") + "}")
                .catchUp("table=t&offset=-1", "h", "0_0", row("t", 1, "one"), SNAPSHOT_END)
                .catchUp("table=u&offset=-1", "g", "0_0", row("u", 5, "five"), SNAPSHOT_END)
                .catchUp("table=u&offset=0_0&handle=g", "g", "0_inf", UP_TO_DATE)
                .later(60_000)
                .catchUp("table=t&offset=0_0&handle=h", "h", "0_inf", UP_TO_DATE);
        Outcome result = recording.replay();
        assertPassed(result);
        assertThat(result.unused()).isEmpty();
    }

    @Test
    void queriesOfOneTableShareItsRows() {
        Recording recording = new Recording(
                        "[\"t?where=id=1\",\"t?where=id<3\"]",
                        "{" + held("t", 1, "one") + "," + held("t", 2, "two") + "}")
                .catchUp("table=t&where=id=1&offset=-1", "h", "0_0", row("t", 1, "one"), SNAPSHOT_END)
                .catchUp("table=t&where=id=1&offset=0_0&handle=h", "h", "0_inf", UP_TO_DATE)
                .catchUp(
                        "table=t&where=id%3C3&offset=-1",
                        "g", "0_0", row("t", 1, "one"), row("t", 2, "two"), SNAPSHOT_END)
                .catchUp("table=t&where=id%3C3&offset=0_0&handle=g", "g", "0_inf", UP_TO_DATE);
        assertPassed(recording.replay());
    }

    @Test
    void failuresAreWaitedOut() {
        Recording recording = new Recording("\"t\"", ONE_ROW)
                .exchange("table=t&offset=-1", 503, "retry-after=5;date=Sat, 21 Nov 2026 02:10:43 GMT", "{}")
                .exchange("table=t&offset=-1", 429, "retry-after=Sat, 21 Nov 2026 02:10:55 GMT", "slow down")
                .exchange("table=t&offset=-1", 502, "", "<html>")
                .catchUp("table=t&offset=-1", "h", "0_0", row("t", 1, "one"), SNAPSHOT_END)
                .catchUp("table=t&offset=0_0&handle=h", "h", "0_inf", UP_TO_DATE);
        Outcome result = recording.replay();
        assertPassed(result);
        assertThat(result.used()).hasSize(5);
    }

    @Test
    void aConnectionThatBrokeIsMadeAgain() {
        String messages = body(row("t", 1, "one"), SNAPSHOT_END);
        Recording recording = new Recording("\"t\"", ONE_ROW)
                .exchange(
                        "table=t&offset=-1",
                        5,
                        200,
                        catchUpHeaders("h", "0_0"),
                        "\"ended_by\":\"drop\",\"body\":" + JsonTexts.quote(messages.substring(0, 40)))
                .catchUp("table=t&offset=-1", "h", "0_0", row("t", 1, "one"), SNAPSHOT_END)
                .catchUp("table=t&offset=0_0&handle=h", "h", "0_inf", UP_TO_DATE);
        Outcome result = recording.replay();
        assertPassed(result);
        assertThat(result.used()).containsExactly("r1", "r2", "r3");
    }

    @Test
    void aPauseLongerThanOurPatienceIsBridged() {
        Recording recording = loaded("{" + held("t", 1, "1") + "}")
                .later(300_000)
                .live(
                        "table=t&offset=0_inf&handle=h&live=true",
                        "h",
                        "9_0",
                        "7",
                        change("update", "t", 1, "1", 9, 0),
                        UP_TO_DATE);
        assertPassed(recording.replay());
    }

    @Test
    void rotationsWithAndWithoutAHandleAreFollowed() {
        Recording recording = loaded("{" + held("t", 3, "three") + "}")
                .exchange("table=t&offset=0_inf&handle=h&live=true", 409, "", "[]")
                .catchUp("table=t&offset=-1", "i", "0_0", row("t", 2, "two"), SNAPSHOT_END)
                .exchange("table=t&offset=0_0&handle=i", 409, "electric-handle=j", "[]")
                .catchUp("table=t&offset=-1", "j", "0_0", row("t", 3, "three"), SNAPSHOT_END)
                .catchUp("table=t&offset=0_0&handle=j", "j", "0_inf", UP_TO_DATE);
        Outcome result = recording.replay();
        assertPassed(result);
        assertThat(result.unused()).isEmpty();
    }

    @Test
    void refusedCredentialsAreReplaced() {
        Recording recording = new Recording("\"t\"", ONE_ROW)
                .exchange("table=t&offset=-1&secret=REDACTED", 401, "", "{\"message\":\"Unauthorized\"}")
                .catchUp("table=t&offset=-1&secret=REDACTED", "h", "0_0", row("t", 1, "one"), SNAPSHOT_END)
                .catchUp("table=t&offset=0_0&handle=h&secret=REDACTED", "h", "0_inf", UP_TO_DATE);
        Outcome result = recording.replay();
        assertPassed(result);
        assertThat(result.used()).containsExactly("r1", "r2", "r3");
    }

    @Test
    void whatOnlyAProxyKnowsIsSentToo() {
        Recording recording = new Recording("\"t\"", ONE_ROW)
                .catchUp("table=t&offset=-1&tenant=7", "h", "0_0", row("t", 1, "one"), SNAPSHOT_END)
                .catchUp("table=t&offset=0_0&handle=h&tenant=7", "h", "0_inf", UP_TO_DATE);
        assertPassed(recording.replay());
    }

    @Test
    void aViewThatFailsIsADifferenceUnlessItWasRefused() {
        Recording broken =
                loaded(ONE_ROW).exchange("table=t&offset=0_inf&handle=h&live=true", 200, "electric-handle=h", "[]");
        assertFailed(broken.replay(), "the view of t failed", "electric-offset");
        Recording refused =
                loaded(ONE_ROW).exchange("table=t&offset=0_inf&handle=h&live=true", 400, "", "{\"message\":\"no\"}");
        assertPassed(refused.replay());
    }

    @Test
    void aRepairThatTheRecordingLacksIsADifference() {
        // The answer lost its change; a second client reads it later, and ours must not be saved by that.
        Recording recording = loaded("{" + held("t", 1, "1") + "}")
                .live("table=t&offset=0_inf&handle=h&live=true", "h", "9_0", "7", UP_TO_DATE)
                .catchUp("table=t&offset=0_inf&handle=h", "h", "9_0", change("update", "t", 1, "1", 9, 0), UP_TO_DATE);
        assertFailed(recording.replay(), "found a fault and repaired it", "r3 (line 6)");
    }

    @Test
    void aRepairThatTheRecordedClientMadeIsNone() {
        Recording recording = loaded("{" + held("t", 1, "1") + "," + held("t", 2, "two") + "}")
                .exchange(
                        "table=t&offset=0_inf&handle=h&live=true",
                        200,
                        liveHeaders("h", "9_2", "7", UP_TO_DATE),
                        body(change("update", "t", 1, "1", 9, 0), UP_TO_DATE))
                .catchUp("table=t&offset=9_0&handle=h", "h", "9_2", change("insert", "t", 2, "two", 9, 2), UP_TO_DATE);
        assertPassed(recording.replay());
    }

    @Test
    void aDeadLogThatACacheGivesIsDiscardedAsTheRecordedClientDid() {
        Recording recording = loaded("{" + held("t", 2, "two") + "}")
                .exchange("table=t&offset=0_inf&handle=h&live=true&cursor=", 409, "", "[]")
                .catchUp(
                        "table=t&offset=-1&expired_handle=h&cache-buster=1",
                        "h",
                        "0_0",
                        row("t", 1, "one"),
                        SNAPSHOT_END)
                .catchUp(
                        "table=t&offset=-1&expired_handle=h&cache-buster=2",
                        "i",
                        "0_0",
                        row("t", 2, "two"),
                        SNAPSHOT_END)
                .catchUp("table=t&offset=0_0&handle=i&expired_handle=h", "i", "0_inf", UP_TO_DATE)
                // Another client goes on from the dead answer, so it is the preferred one.
                .exchange("table=t&offset=0_0&handle=h", 409, "electric-handle=i", "[]");
        Outcome result = recording.replay();
        assertPassed(result);
        assertThat(result.used()).contains("r4", "r5", "r6");
    }

    @Test
    void columnsOutsideLatinAreReadFromTheHeaderHoweverItWasRecorded() {
        String schema = Recording.SCHEMA.replace("\"v\"", "\"größe\"");
        String asBytes = new String(schema.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        for (String header : new String[] {schema, asBytes}) {
            Recording recording = new Recording("\"t\"", ONE_ROW.replace("\"v\"", "\"größe\""))
                    .exchange(
                            "table=t&offset=-1",
                            200,
                            "electric-handle=h;electric-offset=0_0;electric-schema=" + header,
                            body(row("t", 1, "one").replace("\"v\"", "\"größe\""), SNAPSHOT_END))
                    .exchange(
                            "table=t&offset=0_0&handle=h",
                            200,
                            "electric-up-to-date=;electric-handle=h;electric-offset=0_inf;electric-schema=" + header,
                            body(UP_TO_DATE));
            assertPassed(recording.replay());
        }
    }

    @Test
    void aRedirectIsFollowedByTheWire() {
        Recording recording = new Recording("\"t\"", ONE_ROW)
                .exchange("table=t&offset=-1", 307, "location=/v1/shape?table=t&offset=-1&region=eu", "")
                .catchUp("table=t&offset=-1&region=eu", "h", "0_0", row("t", 1, "one"), SNAPSHOT_END)
                .catchUp("table=t&offset=0_0&handle=h", "h", "0_inf", UP_TO_DATE);
        assertPassed(recording.replay());
    }

    @Test
    void withoutAFinalTheAnswersMustBeUnderstood() {
        assertPassed(loaded("null").replay());
        assertFailed(
                loaded("null")
                        .exchange("table=t&offset=0_inf&handle=h&live=true", 200, "electric-handle=h", "[]")
                        .replay(),
                "failed");
    }

    @Test
    void aQueryThatOursRefusesIsNamed() {
        assertFailed(new Recording("\"t?color=red\"", "{}").replay(), "our client refused", "color");
        assertFailed(new Recording("\"final\":{}").replay(), "the header has no query");
    }

    @Test
    void theDecoderIsJudgedByItsRows() {
        String header = "\"query\":\"t\",\"replay\":\"decode\",\"final\":";
        Recording good = decoded(header + "{" + held("t", 1, "1") + "}");
        assertPassed(good.replay());
        assertFailed(decoded(header + ONE_ROW).replay(), "column v is '1', final has 'one'");
        assertThat(decoded(header + "null").replay().unused()).containsExactly("r5");
    }

    private static Recording decoded(String header) {
        return new Recording(header)
                .exchange("table=t&offset=-1&where=nope", 400, "", "{\"message\":\"Invalid request\"}")
                .catchUp("table=t&offset=-1", "h", "0_0", row("t", 1, "one"), SNAPSHOT_END)
                .exchange("table=t&offset=0_0&handle=h", 401, "", "{\"message\":\"Unauthorized\"}")
                .catchUp("table=t&offset=0_0&handle=h", "h", "0_inf", UP_TO_DATE)
                .exchange("table=t&offset=-1&subset__where=x", 200, "electric-handle=h", "{\"data\":[]}")
                .exchange(
                        "table=t&offset=9_9&handle=h",
                        400,
                        "",
                        "{\"errors\":{\"offset\":[\"out of bounds for this shape\"]}}")
                .exchange("table=t&offset=0_0&handle=gone", 409, "electric-handle=h", "[]")
                .live(
                        "table=t&offset=0_inf&handle=h&live=true",
                        "h",
                        "9_0",
                        "7",
                        change("update", "t", 1, "1", 9, 0),
                        UP_TO_DATE);
    }

    @Test
    void whatIsNoAnswerMustGiveATypedErrorToTheDecoder() {
        Recording recording = new Recording("\"query\":\"t\",\"replay\":\"decode\",\"final\":null")
                .exchange("table=t&offset=-1", 200, catchUpHeaders("h", "0_0"), "<html>")
                .exchange("table=t&offset=-1", 200, "content-type=text/html", "<html>");
        assertPassed(recording.replay());
    }

    @Test
    void aFaultInWhatTheDecoderReadsIsADifference() {
        Recording recording = new Recording("\"query\":\"t\",\"replay\":\"decode\",\"final\":null")
                .catchUp("table=t&offset=-1", "h", "0_0", row("t", 1, "one"), SNAPSHOT_END)
                .catchUp("table=t&offset=0_0&handle=h", "h", "9_0", UP_TO_DATE);
        assertFailed(recording.replay(), "r2 (line 4): our protocol found a fault");
    }
}
