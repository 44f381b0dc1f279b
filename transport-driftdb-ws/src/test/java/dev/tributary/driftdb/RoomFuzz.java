package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tributary.ProtocolException;
import dev.tributary.RejectedException;
import dev.tributary.spi.Head;
import java.net.URI;
import java.time.Instant;
import java.util.Map;

/** What a server answers when a room is made or looked for. */
class RoomFuzz {

    private static final RoomAddress ADDRESS = RoomAddress.of(URI.create("https://host:8080/"));

    /** It names a room with addresses of the right kinds, or it is refused in a sentence. */
    @FuzzTest
    void room(byte[] body) {
        try {
            Room room = RoomDescription.read(body, ADDRESS, url -> url);
            // Under a root of https nothing goes less safely.
            assertThat(room.socketUrl().getScheme()).isEqualToIgnoringCase("wss");
            assertThat(room.socketUrl().getHost()).isNotNull();
            assertThat(room.httpUrl().getScheme()).isEqualToIgnoringCase("https");
            assertThat(room.toString()).hasSizeLessThan(100);
        } catch (ProtocolException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(1_000);
        }
        for (int status : new int[] {400, 404, 500}) {
            RejectedException refusal = Statuses.refusal(new Head(status, Map.of()), body, Instant.EPOCH);
            assertThat(refusal.getMessage()).isNotBlank().hasSizeLessThan(1_000);
        }
    }
}
