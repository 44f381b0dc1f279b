package dev.tributary.websocket;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import java.net.URI;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class JdkWebSocketTest extends SocketContract {

    private static final int FIRST_WITH_BODIES = 25;

    JdkWebSocketTest() {
        super("jdk");
    }

    @Override
    boolean tellsBodies() {
        return Runtime.version().feature() >= FIRST_WITH_BODIES;
    }

    @Override
    int mostThreads(int sockets) {
        // Four shared ones and the client's selector.
        return 5;
    }

    @Tag("L5")
    @Test
    void aServerThatDoesNotSurviveControlFramesIsRefused() {
        URI uri = URI.create("ws://localhost:1/room?token=secret");
        assertThatThrownBy(() -> rig.open(withoutControlFrames(uri)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("webSocketClient")
                .hasMessageContaining("java-websocket")
                .hasMessageNotContaining("secret");
    }
}
