package dev.tributary.driftdb;

import dev.tributary.Capability;
import dev.tributary.ColumnType;
import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.Query;
import dev.tributary.driftdb.StreamQuery.Form;
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
 * The protocol of DriftDB as a transport: {@code driftdb+ws://host:8080/room/ID}, and with wss, http and https. With http
 * and https pushes go over HTTP, and a socket is opened only for views. Applications need not name it; {@link DriftDb} and
 * {@link DriftDbSourceBuilder} are for them.
 */
public final class DriftDbTransport implements TransportProvider {

    static final Set<Capability> CAPABILITIES = Set.of(
            Capability.RESUME,
            Capability.RESUME_AFTER_RESTART,
            Capability.EVENTS,
            Capability.PRESENCE,
            Capability.WRITES);

    /** For {@link java.util.ServiceLoader}, and for jars that lost their service files. */
    public DriftDbTransport() {}

    @Override
    public String scheme() {
        return "driftdb";
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
        return DriftDbOptions.ALL;
    }

    @Override
    public void check(URI endpoint, Options options) {
        RoomAddress.of(endpoint);
        options.get(DriftDbOptions.ENCODING).ifPresent(DriftDbOptions::encoding);
    }

    @Override
    public Query query(String text) {
        return check(Query.parse(text));
    }

    @Override
    public Query check(Query query) {
        StreamQuery.of(query);
        return query;
    }

    /** The id of a room is its only credential. */
    @Override
    public String printable(URI endpoint) {
        return RoomAddress.printable(endpoint);
    }

    /** One socket serves all keys of a room. The debug view sends other things for the same keys. */
    @Override
    public boolean mayShareSession(Query a, Query b) {
        return StreamQuery.of(a).form() != Form.ROOM && StreamQuery.of(b).form() != Form.ROOM;
    }

    /**
     * A fold has the number of the last entry that it stands for, what an audit takes away is told with its value, and of a
     * log that goes on nobody else knows the numbers.
     */
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
        return new DriftDbProtocol(context, memory);
    }

    @Override
    public ColumnType columnType(String name) {
        return DriftTypes.valueOf(name);
    }

    @Override
    public Set<Class<?>> interfaces() {
        return Set.of(DriftDb.class, Verbs.class);
    }

    @Override
    public <T> Optional<T> unwrap(Class<T> type, Calls calls) {
        DriftDb drift = new DriftDbCalls(calls);
        if (type == Verbs.class) {
            return Optional.of(type.cast(DriftDbVerbs.of(drift)));
        }
        return type == DriftDb.class ? Optional.of(type.cast(drift)) : Optional.empty();
    }
}
