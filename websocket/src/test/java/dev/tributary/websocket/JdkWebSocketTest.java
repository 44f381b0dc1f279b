package dev.tributary.websocket;

import static dev.tributary.websocket.Rig.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import dev.tributary.spi.WireEnd;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the JDK's client does and Java-WebSocket does not, or in its own way. */
@Timeout(120)
class JdkWebSocketTest {

    @AutoClose
    private final Rig rig = new Rig(TestedClient.JDK.word);

    @Tag("L10")
    @Test
    void anEndWithoutACloseFrameIsBrokenWhereItIsNoticed() throws Exception {
        int count = 20;
        CountDownLatch heard = new CountDownLatch(count);
        try (ScriptedServer server = ScriptedServer.asked(peer -> {
            peer.write(Frame.text("good"));
            await(heard);
        })) {
            List<RecordingListener> listeners = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                listeners.add(rig.open(server.uri()).ask().listener());
            }
            for (RecordingListener listener : listeners) {
                assertThat(listener.awaitMessage().text()).isEqualTo("good");
                heard.countDown();
            }
            CompletableFuture<?>[] ends =
                    listeners.stream().map(listener -> listener.end).toArray(CompletableFuture[]::new);
            WireEnd end = (WireEnd) await(CompletableFuture.anyOf(ends));
            assertThat(end.kind()).isEqualTo(WireEnd.Kind.BROKEN);
        }
    }

    @Tag("L5")
    @Test
    void aServerThatDoesNotSurviveControlFramesIsRefused() {
        URI uri = URI.create("ws://localhost:1/room?token=secret");
        assertThatThrownBy(() -> rig.open(Rig.withoutControlFrames(uri)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("webSocketClient")
                .hasMessageContaining("java-websocket")
                .hasMessageNotContaining("secret");
    }
}
