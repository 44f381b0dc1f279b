package dev.tributary.replay.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Query;
import dev.tributary.replay.recording.RecordedExchange;
import dev.tributary.replay.recording.TranscriptException;
import dev.tributary.replay.recording.Transcripts;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A replay in which our client repaired what the recorded one did not is no pass. */
class ElectricRepairsTest {

    private static final Query QUERY = Query.of("t");

    private static ElectricExchanges exchanges(String... targetsAndAnswers) throws TranscriptException {
        String[] lines = new String[targetsAndAnswers.length + 1];
        lines[0] = "{\"protocol\":\"electric\"}";
        for (int i = 0; i < targetsAndAnswers.length; i += 2) {
            String id = "r" + (i / 2 + 1);
            String[] answer = targetsAndAnswers[i + 1].split(" ");
            lines[i + 1] =
                    "{\"kind\":\"http-request\",\"id\":\"%s\",\"t\":%d,\"method\":\"GET\",\"target\":\"/v1/shape?table=t&%s\"}"
                            .formatted(id, i, targetsAndAnswers[i]);
            lines[i + 2] =
                    "{\"kind\":\"http-response\",\"id\":\"%s\",\"t\":%d,\"status\":%s,\"headers\":{%s},\"body\":\"[]\"}"
                            .formatted(
                                    id,
                                    i,
                                    answer[0],
                                    answer.length == 1
                                            ? ""
                                            : "\"electric-handle\":\"%s\",\"electric-offset\":\"%s\""
                                                    .formatted(answer[1], answer[2]));
        }
        return new ElectricExchanges(RecordedExchange.of(Transcripts.parse(lines)));
    }

    private ElectricRepairs repairs;
    private ElectricExchanges exchanges;

    private void record(String... targetsAndAnswers) throws TranscriptException {
        exchanges = exchanges(targetsAndAnswers);
        repairs = new ElectricRepairs(exchanges.all());
    }

    private void ask(String query) {
        ElectricRequest ours = ElectricRequest.of("GET", "/v1/shape?table=t&" + query, null);
        ElectricExchanges.Candidate match = exchanges.take(ours, false);
        repairs.requested(ours, match);
        if (match != null) {
            repairs.answering(match);
            repairs.answered(ours, match, true);
        }
    }

    @Test
    void goingOnIsNoRepair() throws TranscriptException {
        record("offset=-1", "200 h 0_0", "handle=h&offset=0_0", "200 h 0_inf", "handle=h&offset=0_inf", "200 h 0_inf");
        ask("offset=-1");
        ask("handle=h&offset=0_0");
        ask("handle=h&offset=0_inf");
        ask("handle=h&offset=0_inf");
        assertThat(repairs.first()).isNull();
    }

    @Test
    void aFaultIsARepair() throws TranscriptException {
        record("offset=-1", "200 h 0_0");
        ask("offset=-1");
        repairs.onFault(QUERY, "incomplete", "0_0");
        assertThat(repairs.first()).contains("incomplete (0_0)", "after r1 (line 2)");
        ask("handle=h&offset=0_0");
        assertThat(repairs.first()).contains("incomplete");
    }

    @Test
    void startingOverUntoldIsARepair() throws TranscriptException {
        record("offset=-1", "200 h 0_0", "handle=h&offset=0_0", "200 h 0_inf", "offset=-1", "200 h 0_0");
        ask("offset=-1");
        ask("handle=h&offset=0_0");
        ask("offset=-1");
        assertThat(repairs.first()).contains("started over", "after r2");
    }

    @Test
    void startingOverAfterAConflictIsNot() throws TranscriptException {
        record("offset=-1", "200 h 0_0", "handle=h&offset=0_0", "409", "offset=-1", "200 i 0_0");
        ask("offset=-1");
        ask("handle=h&offset=0_0");
        ask("offset=-1");
        assertThat(repairs.first()).isNull();
    }

    @Test
    void askingAgainForWhatWasAnsweredIsARepair() throws TranscriptException {
        record("handle=h&offset=1_0", "200 h 2_0", "handle=h&offset=1_0", "200 h 2_0");
        ask("handle=h&offset=1_0");
        ask("handle=h&offset=1_0");
        assertThat(repairs.first()).contains("asked again from 1_0");
    }

    @Test
    void askingAgainAfterAFailureIsNot() throws TranscriptException {
        record("handle=h&offset=1_0", "200 h 2_0", "handle=h&offset=2_0", "503", "handle=h&offset=1_0", "200 h 2_0");
        ask("handle=h&offset=1_0");
        ask("handle=h&offset=2_0");
        ask("handle=h&offset=1_0");
        assertThat(repairs.first()).isNull();
    }

    @Test
    void discardingADeadLogAsTheRecordedClientDidIsNot() throws TranscriptException {
        record("offset=-1", "200 dead 0_0", "offset=-1&expired_handle=dead&cache-buster=1", "200 h 0_0");
        ask("offset=-1");
        repairs.onFault(QUERY, "an answer of a dead log", "dead");
        ask("offset=-1");
        assertThat(repairs.first()).isNull();
    }

    @Test
    void readingAgainFromAPlaceThatNoAnswerNamedIsInTheRecordingToo() throws TranscriptException {
        record("handle=h&offset=1_0", "200 h 3_0", "handle=h&offset=2_4", "200 h 3_0");
        ask("handle=h&offset=1_0");
        repairs.onFault(QUERY, "incomplete", "3_0");
        ask("handle=h&offset=2_4");
        assertThat(repairs.first()).isNull();
        assertThat(exchanges.used()).isEqualTo(List.of("r1", "r2"));
    }
}
