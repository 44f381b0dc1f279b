package dev.tributary.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import dev.tributary.Options;
import dev.tributary.spi.WireProvider;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("L10")
class WebSocketSettingsTest {

    @Test
    void theProviderIsFound() {
        assertThat(ServiceLoader.load(WireProvider.class))
                .anyMatch(provider ->
                        provider.schemes().contains("wss") && provider.options().contains(WebSocketOptions.CLIENT));
    }

    @Test
    void javaWebSocketIsTheDefault() {
        WebSocketSettings settings = WebSocketSettings.of(Options.of(Map.of()));
        assertThat(settings.client()).isEqualTo(WebSocketSettings.Client.JAVA_WEBSOCKET);
        assertThat(settings.proxy()).isNull();
        assertThat(settings.maxUnsentBytes()).isGreaterThan(settings.sendBuffer());
    }

    @Test
    void anUnknownClientIsRefused() {
        assertThatThrownBy(() -> WebSocketSettings.of(Options.of(Map.of(WebSocketOptions.CLIENT, "netty"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("webSocketClient")
                .hasMessageContaining("jdk")
                .hasMessageContaining("netty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "host:", ":8080", "user:secret@host:1", "host:1/path", "http://host:1", "a b:1"})
    void aProxyThatIsNoneIsRefusedAndNotRepeated(String text) {
        assertThatThrownBy(() -> WebSocketSettings.of(Options.of(Map.of(WebSocketOptions.PROXY, text))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("host:port")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aProxyByItsAddress() {
        WebSocketSettings settings = WebSocketSettings.of(Options.of(Map.of(WebSocketOptions.PROXY, "[::1]:8080")));
        assertThat(settings.proxy()).isEqualTo(new HostAndPort("::1", 8080)).hasToString("[::1]:8080");
    }

    @Test
    void theHardBoundIsNeverBelowTheBuffer() {
        WebSocketSettings settings = WebSocketSettings.of(
                Options.of(Map.of(WebSocketOptions.SEND_BUFFER, 1_000L, WebSocketOptions.MAX_UNSENT_BYTES, 10L)));
        assertThat(settings.maxUnsentBytes()).isEqualTo(1_000);
    }
}
