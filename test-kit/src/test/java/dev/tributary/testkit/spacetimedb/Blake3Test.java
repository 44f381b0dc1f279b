package dev.tributary.testkit.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class Blake3Test {

    @Test
    void theEmptyInputHasTheHashThatEveryoneKnows() {
        assertThat(HexFormat.of().formatHex(Blake3.hash(new byte[0])))
                .isEqualTo("af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
    }

    /** The token of a recorded connection names its issuer, its subject and the identity that the real server made. */
    @Test
    @Tag("T26")
    void anIdentityIsTheOneOfTheRealServer() throws JsonException {
        byte[] frame = RecordedConversation.firstFrame("13-v2bsatn-everything.jsonl");
        String text = new String(frame, StandardCharsets.ISO_8859_1);
        String token = text.substring(text.indexOf("eyJ"));
        String payload = token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
        JsonNode.Obj claims = (JsonNode.Obj)
                JsonText.parse(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
        String identity = ((JsonNode.Text) claims.need("hex_identity")).value();
        assertThat(Tokens.identity(
                        ((JsonNode.Text) claims.need("iss")).value(), ((JsonNode.Text) claims.need("sub")).value()))
                .isEqualTo(new BigInteger(identity, 16));
    }
}
