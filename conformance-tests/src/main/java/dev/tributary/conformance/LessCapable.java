package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.ColumnType;
import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.Query;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.TransportProvider;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A transport that declares what its connections to one server really have, for a driver of that server.
 *
 * @param transport all else is as it has it
 * @param capabilities what is declared
 */
public record LessCapable(TransportProvider transport, Set<Capability> capabilities) implements TransportProvider {

    @Override
    public String scheme() {
        return transport.scheme();
    }

    @Override
    public Set<String> wireSchemes() {
        return transport.wireSchemes();
    }

    @Override
    public List<Option<?>> options() {
        return transport.options();
    }

    @Override
    public void check(URI endpoint, Options options) {
        transport.check(endpoint, options);
    }

    @Override
    public Query query(String text) {
        return transport.query(text);
    }

    @Override
    public Query check(Query query) {
        return transport.check(query);
    }

    @Override
    public boolean mayShareSession(Query a, Query b) {
        return transport.mayShareSession(a, b);
    }

    @Override
    public boolean changesNeedRows() {
        return transport.changesNeedRows();
    }

    @Override
    public @Nullable Object memory() {
        return transport.memory();
    }

    @Override
    public Protocol session(SessionContext context) {
        return transport.session(context);
    }

    @Override
    public ColumnType columnType(String name) {
        return transport.columnType(name);
    }

    @Override
    public Set<Class<?>> interfaces() {
        return transport.interfaces();
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type, Calls calls) {
        return transport.unwrap(type, calls);
    }
}
