package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.ColumnType;
import dev.tributary.Query;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.TransportProvider;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A right transport whose sessions are bent. */
final class BentTransport implements TransportProvider {

    private final TransportProvider right;
    private final Set<Capability> capabilities;
    private final Supplier<? extends BentSession> sessions;
    private int begun;

    BentTransport(TransportProvider right, Set<Capability> capabilities, Supplier<? extends BentSession> sessions) {
        this.right = right;
        this.capabilities = capabilities;
        this.sessions = sessions;
    }

    @Override
    public Protocol session(SessionContext context) {
        BentSession session = sessions.get();
        session.right = right.session(context);
        session.number = ++begun;
        return session;
    }

    @Override
    public String scheme() {
        return right.scheme();
    }

    @Override
    public Set<String> wireSchemes() {
        return right.wireSchemes();
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public boolean mayShareSession(Query a, Query b) {
        return right.mayShareSession(a, b);
    }

    @Override
    public ColumnType columnType(String name) {
        return right.columnType(name);
    }

    @Override
    public Set<Class<?>> interfaces() {
        return right.interfaces();
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type, Calls calls) {
        return right.unwrap(type, calls);
    }
}
