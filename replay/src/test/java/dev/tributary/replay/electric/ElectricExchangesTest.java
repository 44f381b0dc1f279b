package dev.tributary.replay.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.replay.recording.RecordedExchange;
import dev.tributary.replay.recording.TranscriptException;
import dev.tributary.replay.recording.Transcripts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules by which a request of ours finds its answer. */
class ElectricExchangesTest {

    private final List<String> lines =
            new ArrayList<>(List.of("{\"protocol\":\"electric\",\"query\":\"t\",\"final\":null}"));

    private void exchange(String query, int status, String handle, String offset) {
        recorded(query, status, handle, offset, "");
    }

    private void recorded(String query, int status, String handle, String offset, String more) {
        int number = lines.size() / 2 + 1;
        lines.add(
                "{\"kind\":\"http-request\",\"id\":\"r%d\",\"t\":%d,\"method\":\"GET\",\"target\":\"/v1/shape?table=t&%s\",\"headers\":{},\"body\":null}"
                        .formatted(number, number, query));
        lines.add(
                "{\"kind\":\"http-response\",\"id\":\"r%d\",\"t\":%d,\"status\":%d,\"headers\":{\"electric-handle\":\"%s\",\"electric-offset\":\"%s\"},\"body\":\"[]\"%s}"
                        .formatted(number, number, status, handle, offset, more));
    }

    private ElectricExchanges exchanges() throws TranscriptException {
        return new ElectricExchanges(RecordedExchange.of(Transcripts.parse(lines.toArray(String[]::new))));
    }

    private static String take(ElectricExchanges exchanges, String query) {
        ElectricExchanges.Candidate found =
                exchanges.take(ElectricRequest.of("GET", "/v1/shape?table=t&" + query, null), false);
        return found == null ? null : found.exchange().id();
    }

    @Test
    void anEqualOneGoesBeforeOneThatDiffersInLive() throws TranscriptException {
        exchange("handle=h&offset=1_0", 200, "h", "2_0");
        exchange("handle=h&offset=1_0&live=true&cursor=3", 200, "h", "2_0");
        ElectricExchanges exchanges = exchanges();
        assertThat(take(exchanges, "handle=h&offset=1_0&live=true&cursor=3")).isEqualTo("r2");
        assertThat(take(exchanges, "handle=h&offset=1_0&live=true&cursor=3")).isEqualTo("r1");
        assertThat(take(exchanges, "handle=h&offset=1_0&live=true&cursor=3")).isNull();
    }

    @Test
    void oneThatLeadsOnGoesBeforeOneThatDoesNot() throws TranscriptException {
        exchange("offset=-1", 200, "h", "0_5");
        exchange("offset=-1", 200, "h", "0_0");
        exchange("handle=h&offset=0_0", 200, "h", "0_inf");
        assertThat(take(exchanges(), "offset=-1")).isEqualTo("r2");
    }

    @Test
    void aFailureGoesBeforeTheAnswerThatFollowsIt() throws TranscriptException {
        exchange("handle=h&offset=1_0", 200, "h", "1_0x");
        exchange("handle=h&offset=1_0", 503, "", "");
        ElectricExchanges exchanges = exchanges();
        assertThat(take(exchanges, "handle=h&offset=1_0")).isEqualTo("r2");
        assertThat(take(exchanges, "handle=h&offset=1_0")).isEqualTo("r1");
    }

    @Test
    void notModifiedIsForThoseWhoAskForIt() throws TranscriptException {
        exchange("offset=-1", 304, "h", "0_0");
        exchange("offset=-1", 200, "h", "0_0");
        exchange("handle=h&offset=0_0", 200, "h", "0_inf");
        ElectricExchanges exchanges = exchanges();
        assertThat(take(exchanges, "offset=-1")).isEqualTo("r2");
        assertThat(exchanges.unused()).containsExactly("r1", "r3");
    }

    @Test
    void whatTheRecordedClientCutIsTheLastChoice() throws TranscriptException {
        recorded("handle=h&offset=0_0&live=true", 200, "h", "1_0", ",\"ended_by\":\"client\"");
        exchange("handle=h&offset=0_0&live=true", 200, "h", "1_0");
        assertThat(take(exchanges(), "handle=h&offset=0_0&live=true")).isEqualTo("r2");
    }

    @Test
    void whatWasGivenBackIsThereAgain() throws TranscriptException {
        exchange("offset=-1", 200, "h", "0_0");
        exchange("handle=h&offset=0_0", 200, "h", "0_inf");
        ElectricExchanges exchanges = exchanges();
        ElectricRequest request = ElectricRequest.of("GET", "/v1/shape?table=t&offset=-1", null);
        ElectricExchanges.Candidate taken = exchanges.take(request, false);
        exchanges.release(taken);
        assertThat(exchanges.used()).isEmpty();
        assertThat(exchanges.unused()).containsExactly("r1", "r2");
        assertThat(exchanges.take(request, false)).isSameAs(taken);
    }
}
