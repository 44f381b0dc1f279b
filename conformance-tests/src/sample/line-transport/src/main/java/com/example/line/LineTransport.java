package com.example.line;

import dev.tributary.Capability;
import dev.tributary.ColumnType;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.TransportProvider;
import java.util.Set;

/** Follows the tables of a line server: {@code line+ws://host/}. */
public final class LineTransport implements TransportProvider {

    @Override
    public String scheme() {
        return "line";
    }

    @Override
    public Set<String> wireSchemes() {
        return Set.of("ws", "wss");
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.LOSSLESS, Capability.TRANSACTIONS);
    }

    @Override
    public Protocol session(SessionContext context) {
        return new LineProtocol(context);
    }

    @Override
    public ColumnType columnType(String name) {
        return LineNumber.valueOf(name);
    }
}
