package dev.tributary.testkit;

import dev.tributary.Capability;
import dev.tributary.ColumnType;
import dev.tributary.Query;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.TransportProvider;
import java.util.Set;

/** The transport that speaks to a {@link MemoryBackend}: {@code memory+ws://…}. */
final class MemoryTransport implements TransportProvider {

    private static final Set<Capability> LOSSY =
            Set.of(Capability.RESUME, Capability.RESUME_AFTER_RESTART, Capability.TRANSACTIONS, Capability.EVENTS);

    private static final Set<Capability> CAPABILITIES = Set.of(
            Capability.RESUME,
            Capability.RESUME_AFTER_RESTART,
            Capability.LOSSLESS,
            Capability.TRANSACTIONS,
            Capability.ATOMIC_ACROSS_VIEWS,
            Capability.EVENTS);

    private final boolean lossy;

    /**
     * @param lossy whether the server may lose commits, so that views are compared with it now and then
     */
    MemoryTransport(boolean lossy) {
        this.lossy = lossy;
    }

    @Override
    public String scheme() {
        return "memory";
    }

    @Override
    public Set<String> wireSchemes() {
        return Set.of("ws");
    }

    @Override
    public Set<Capability> capabilities() {
        return lossy ? LOSSY : CAPABILITIES;
    }

    @Override
    public boolean mayShareSession(Query a, Query b) {
        return true;
    }

    @Override
    public Protocol session(SessionContext context) {
        return new MemoryProtocol(context, lossy);
    }

    @Override
    public ColumnType columnType(String name) {
        return MemoryType.valueOf(name);
    }
}
