package dev.tributary.sodp;

import dev.tributary.Capability;
import dev.tributary.ColumnType;
import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.Query;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Delivery;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.TransportProvider;
import dev.tributary.spi.Verbs;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * SODP as a transport: {@code sodp+ws://host:7777} and {@code sodp+wss://…}. Applications need not name it; {@link Sodp}
 * and {@link SodpSourceBuilder} are for them.
 */
public final class SodpTransport implements TransportProvider {

    /** The Go server has neither RESUME that works, nor LOSSLESS, nor PRESENCE: connections to it negotiate less. */
    static final Set<Capability> CAPABILITIES =
            Set.of(Capability.RESUME, Capability.LOSSLESS, Capability.PRESENCE, Capability.WRITES);

    /** For {@link java.util.ServiceLoader}, and for jars that lost their service files. */
    public SodpTransport() {}

    @Override
    public String scheme() {
        return "sodp";
    }

    @Override
    public Set<String> wireSchemes() {
        return Set.of("ws", "wss");
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public List<Option<?>> options() {
        return SodpOptions.ALL;
    }

    @Override
    public void check(URI endpoint, Options options) {
        SodpOptions.dialect(options);
    }

    @Override
    public Query query(String text) {
        return check(Query.parse(text));
    }

    @Override
    public Query check(Query query) {
        SodpQuery.of(query);
        return query;
    }

    /** One subscription of the server serves all who follow a key, so they must agree on its parameters. */
    @Override
    public boolean mayShareSession(Query a, Query b) {
        return SodpQuery.of(a).agreesWith(SodpQuery.of(b));
    }

    /** The server sends whole values and edits of documents. */
    @Override
    public boolean changesNeedRows() {
        return true;
    }

    @Override
    public Object memory() {
        return new SodpMemory();
    }

    @Override
    public Protocol session(SessionContext context) {
        SodpMemory memory = context.memory() instanceof SodpMemory shared ? shared : new SodpMemory();
        return new SodpProtocol(context, memory);
    }

    @Override
    public ColumnType columnType(String name) {
        return SodpTypes.named(name);
    }

    @Override
    public Set<Class<?>> interfaces() {
        return Set.of(Sodp.class, Verbs.class);
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type, Calls calls) {
        Sodp sodp = new SodpCalls(calls, Documents.PLAIN, Delivery.ONCE);
        if (type == Verbs.class) {
            return Optional.of(type.cast(SodpVerbs.of(sodp)));
        }
        return type == Sodp.class ? Optional.of(type.cast(sodp)) : Optional.empty();
    }
}
