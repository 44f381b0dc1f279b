package dev.tributary.replay.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class RecordedResponseTest {

    private static RecordedResponse response(String members) throws TranscriptException {
        return RecordedResponse.of(Transcripts.parse(
                        "{\"protocol\":\"electric\"}",
                        "{\"kind\":\"http-response\",\"id\":\"r1\",\"t\":90," + members + "}")
                .events()
                .get(0));
    }

    private static String text(RecordedResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void aPackedBodyIsUnpackedAndItsHeadersGo() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write("[{\"ü\":1}]".getBytes(StandardCharsets.UTF_8));
        }
        RecordedResponse response =
                response("\"status\":200,\"headers\":{\"Content-Encoding\":\"gzip\",\"content-length\":\"9\","
                        + "\"Electric-Handle\":\"h\"},\"body64\":\""
                        + Base64.getEncoder().encodeToString(packed.toByteArray()) + "\"");
        assertThat(text(response)).isEqualTo("[{\"ü\":1}]");
        assertThat(response.headers()).containsOnlyKeys("electric-handle");
    }

    @Test
    void aBodyThatTheRecorderUnpackedIsLeft() throws Exception {
        RecordedResponse response =
                response("\"status\":200,\"headers\":{\"content-encoding\":\"br\"},\"body\":\"[]\"");
        assertThat(text(response)).isEqualTo("[]");
        assertThat(response.headers()).isEmpty();
    }

    @Test
    void whatCannotBeUnpackedIsNamed() {
        String packed = Base64.getEncoder().encodeToString(new byte[] {1, 2, 3});
        assertThatThrownBy(() -> response(
                        "\"status\":200,\"headers\":{\"content-encoding\":\"br\"},\"body64\":\"" + packed + "\""))
                .isInstanceOf(TranscriptException.class)
                .hasMessage("line 2: the replayer cannot unpack content-encoding 'br'");
        assertThatThrownBy(() -> response("\"status\":200,\"body64\":\"*\"")).hasMessageContaining("no base64");
        assertThatThrownBy(() -> response("\"headers\":{}")).hasMessageContaining("no number 'status'");
    }

    @Test
    void piecesComeAtTheirTimes() throws Exception {
        RecordedResponse response = response(
                "\"t_headers\":10,\"status\":200,\"headers\":{},\"body\":\"[\\\"é\\\"]\",\"body_chunks\":[[20,1],[30,3]]");
        assertThat(response.headTime()).isEqualTo(Duration.ofMillis(10));
        assertThat(response.pieces())
                .extracting(RecordedResponse.Piece::time)
                .containsExactly(Duration.ofMillis(20), Duration.ofMillis(30), Duration.ofMillis(90));
        assertThat(text(response)).isEqualTo("[\"é\"]");
        assertThat(response.end()).isEqualTo(Duration.ofMillis(90));
    }

    @Test
    void piecesThatDoNotFitAreNamed() {
        assertThatThrownBy(() -> response("\"status\":200,\"headers\":{},\"body\":\"[]\",\"body_chunks\":[[20,3]]"))
                .hasMessage("line 2: body_chunks do not fit the body");
    }

    @Test
    void aBodyThatWasCutIsNotWhole() throws Exception {
        assertThat(response("\"status\":200,\"body\":\"[{\",\"ended_by\":\"drop\"")
                        .isWhole())
                .isFalse();
        assertThat(response("\"status\":200,\"body\":\"[]\",\"ended_by\":\"server\"")
                        .isWhole())
                .isTrue();
        assertThat(response("\"status\":200,\"body\":\"[{\"").isWhole()).isTrue();
    }

    @Test
    void noBodyIsAnEmptyOne() throws IOException, TranscriptException {
        assertThat(response("\"status\":204,\"body\":null").pieces()).isEmpty();
    }
}
