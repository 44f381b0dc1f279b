package dev.tributary.websocket;

import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.spi.Environment;
import dev.tributary.spi.WireProvider;
import dev.tributary.spi.Wires;
import java.util.List;
import java.util.Set;

/**
 * WebSockets for the schemes {@code ws} and {@code wss}, over Java-WebSocket or over {@code java.net.http}. Found by
 * {@link java.util.ServiceLoader}; applications need only {@link WebSocketOptions}. Stateless and safe for any thread.
 */
public final class WebSocketWireProvider implements WireProvider {

    /** For {@link java.util.ServiceLoader}. */
    public WebSocketWireProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("ws", "wss");
    }

    @Override
    public List<Option<?>> options() {
        return WebSocketOptions.ALL;
    }

    /**
     * {@inheritDoc}
     *
     * @throws dev.tributary.ConfigurationException when an option has no meaning
     */
    @Override
    public Wires wires(Options options, Environment environment) {
        return new WebSocketWires(WebSocketSettings.of(options), environment);
    }
}
