package dev.tributary.spacetimedb;

import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.http.HttpWireProvider;
import dev.tributary.spi.Environment;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Target;
import dev.tributary.spi.WireProvider;
import dev.tributary.spi.Wires;
import dev.tributary.websocket.WebSocketWireProvider;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Real wires of both kinds as one provider. */
final class BothWires implements WireProvider {

    private final WireProvider sockets = new WebSocketWireProvider();
    private final WireProvider http = new HttpWireProvider();

    @Override
    public Set<String> schemes() {
        return Set.of("ws", "http");
    }

    @Override
    public List<Option<?>> options() {
        return Stream.concat(sockets.options().stream(), http.options().stream())
                .toList();
    }

    @Override
    public Wires wires(Options options, Environment environment) {
        Wires overSockets = sockets.wires(options, environment);
        Wires overHttp = http.wires(options, environment);
        return new Wires() {
            @Override
            public Connection open(Target target, Listener listener) {
                return (target instanceof HttpTarget ? overHttp : overSockets).open(target, listener);
            }

            @Override
            public void close() {
                overSockets.close();
                overHttp.close();
            }
        };
    }
}
