package dev.tributary.examples;

// example 12-provider
import dev.tributary.Capability;
import dev.tributary.ColumnType;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.TransportProvider;
import java.util.Set;

public final class LineTransport implements TransportProvider { // META-INF/services or module-info provides

    @Override
    public String scheme() {
        return "line";
    }

    @Override
    public Set<String> wireSchemes() {
        return Set.of("ws");
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.TRANSACTIONS, Capability.LOSSLESS);
    }

    @Override
    public Protocol session(SessionContext context) {
        return new LineProtocol(context.endpoint());
    }

    @Override
    public ColumnType columnType(String name) {
        return LineText.INSTANCE;
    }
}
// end
