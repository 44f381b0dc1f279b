package dev.tributary.electric;

import dev.tributary.Capability;
import dev.tributary.ColumnType;
import dev.tributary.Option;
import dev.tributary.Query;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.TransportProvider;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The HTTP protocol of Electric as a transport: {@code electric+http://host:3000} and {@code electric+https://…}.
 * Applications need not name it; {@link Electric} and {@link ElectricSourceBuilder} are for them.
 */
public final class ElectricTransport implements TransportProvider {

    static final Set<Capability> CAPABILITIES = Set.of(
            Capability.RESUME,
            Capability.RESUME_AFTER_RESTART,
            Capability.LOSSLESS,
            Capability.BACKPRESSURE,
            Capability.PARTIAL_UPDATES,
            Capability.OLD_VALUES);

    /** For {@link java.util.ServiceLoader}, and for jars that lost their service files. */
    public ElectricTransport() {}

    @Override
    public String scheme() {
        return "electric";
    }

    @Override
    public Set<String> wireSchemes() {
        return Set.of("http", "https");
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public List<Option<?>> options() {
        return ElectricOptions.ALL;
    }

    @Override
    public Query query(String text) {
        return check(Query.parse(text));
    }

    @Override
    public Query check(Query query) {
        ShapeQuery.of(query);
        return query;
    }

    @Override
    public Object memory() {
        return new ExpiredHandles();
    }

    @Override
    public Protocol session(SessionContext context) {
        ExpiredHandles expired = context.memory() instanceof ExpiredHandles shared ? shared : new ExpiredHandles();
        return new ElectricProtocol(context, expired);
    }

    @Override
    public ColumnType columnType(String name) {
        return PgTypes.named(name);
    }

    @Override
    public Set<Class<?>> interfaces() {
        return Set.of(Electric.class);
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type, Calls calls) {
        return type == Electric.class ? Optional.of(type.cast(new ElectricCalls(calls))) : Optional.empty();
    }
}
