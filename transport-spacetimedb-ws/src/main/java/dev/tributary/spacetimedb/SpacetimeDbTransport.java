package dev.tributary.spacetimedb;

import dev.tributary.Capability;
import dev.tributary.ColumnType;
import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.Query;
import dev.tributary.spacetimedb.types.ValueType;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.TransportProvider;
import dev.tributary.spi.Verbs;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * SpacetimeDB as a transport: {@code spacetimedb+ws://host:3000/my-database} and {@code spacetimedb+wss://…}. Applications
 * need not name it; {@link SpacetimeDb} and {@link SpacetimeDbSourceBuilder} are for them.
 */
public final class SpacetimeDbTransport implements TransportProvider {

    /** There is nothing to resume from: a new connection reads all again. Connections with v1 negotiate no EVENTS. */
    static final Set<Capability> CAPABILITIES = Set.of(
            Capability.LOSSLESS,
            Capability.TRANSACTIONS,
            Capability.ATOMIC_ACROSS_VIEWS,
            Capability.EVENTS,
            Capability.WRITES);

    /** For {@link java.util.ServiceLoader}, and for jars that lost their service files. */
    public SpacetimeDbTransport() {}

    @Override
    public String scheme() {
        return "spacetimedb";
    }

    @Override
    public Set<String> wireSchemes() {
        return Set.of("ws", "wss", "http", "https");
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public List<Option<?>> options() {
        return SpacetimeDbOptions.ALL;
    }

    @Override
    public void check(URI endpoint, Options options) {
        DatabaseAddress.of(endpoint);
        SpacetimeDbOptions.check(options);
    }

    /** The text is SQL and taken as it is: a question mark or a percent sign has no other meaning. */
    @Override
    public Query query(String text) {
        return check(Query.of(text));
    }

    @Override
    public Query check(Query query) {
        SqlQuery.of(query);
        return query;
    }

    /** All may; where only v1 is spoken, a session sends a second query of one table elsewhere. */
    @Override
    public boolean mayShareSession(Query a, Query b) {
        return true;
    }

    /** To count rows is to hold them. */
    @Override
    public boolean changesNeedRows() {
        return true;
    }

    @Override
    public Object memory() {
        return new SourceMemory();
    }

    @Override
    public Protocol session(SessionContext context) {
        SourceMemory memory = context.memory() instanceof SourceMemory shared ? shared : new SourceMemory();
        return new SpacetimeDbProtocol(context, memory);
    }

    @Override
    public ColumnType columnType(String name) {
        return ValueType.named(name);
    }

    @Override
    public Set<Class<?>> interfaces() {
        return Set.of(SpacetimeDb.class, Verbs.class);
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type, Calls calls) {
        SpacetimeDb db = new SpacetimeDbCalls(calls);
        if (type == Verbs.class) {
            return Optional.of(type.cast(SpacetimeDbVerbs.of(db)));
        }
        return type == SpacetimeDb.class ? Optional.of(type.cast(db)) : Optional.empty();
    }
}
