package dev.tributary.spi;

import dev.tributary.Capability;
import dev.tributary.ColumnType;
import dev.tributary.ConfigurationException;
import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.Query;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One transport, found by {@link java.util.ServiceLoader}. Stateless and safe for any thread.
 */
public interface TransportProvider {

    /** The part of the source URI's scheme before the plus, for example {@code electric}. */
    String scheme();

    /** The wire schemes that it can be asked over, for example {@code http} and {@code https}. */
    Set<String> wireSchemes();

    /** What this transport promises at best; a connection may negotiate less. */
    Set<Capability> capabilities();

    /** The options it knows. */
    default List<Option<?>> options() {
        return List.of();
    }

    /**
     * Checks what a source is opened with, before anything is sent: its address, and what the options' own types do not
     * say.
     *
     * @param endpoint without options
     * @throws ConfigurationException naming the option, or what is wrong with the address
     */
    default void check(URI endpoint, Options options) {}

    /**
     * Reads the text form of a query and checks what can be checked before anything is sent.
     *
     * @throws ConfigurationException when the text is no query of this transport
     */
    default Query query(String text) {
        return Query.parse(text);
    }

    /**
     * Checks a query that was built by hand.
     *
     * @throws ConfigurationException when it is no query of this transport
     */
    default Query check(Query query) {
        return query;
    }

    /**
     * The address of a source as logs may show it, for transports whose paths hold secrets.
     *
     * @param endpoint without options
     */
    default String printable(URI endpoint) {
        return endpoint.toString();
    }

    /**
     * Whether two queries may be served by one session; asked with the same query twice it says whether this transport
     * shares sessions at all.
     */
    default boolean mayShareSession(Query a, Query b) {
        return false;
    }

    /**
     * Whether a session of {@link dev.tributary.SyncSource#changes} needs the rows to tell a change, as where the server
     * sends whole values, or edits of documents. The engine then keeps the rows for it: {@link Subscription#keepsRows} is
     * true, {@link Draft#get} works, and commits tell what was before. No checkpoint is told with them, since without the
     * rows it would be worth nothing.
     */
    default boolean changesNeedRows() {
        return false;
    }

    /** What all sessions of one source remember together, for example dead handles; null for nothing. */
    default @Nullable Object memory() {
        return null;
    }

    /** The state machine of a new session. It does nothing until it is called. */
    Protocol session(SessionContext context);

    /**
     * The column type of this name, as {@link ColumnType#name} gave it, for saved views.
     *
     * @throws IllegalArgumentException when this transport has no such type
     */
    default ColumnType columnType(String name) {
        throw new IllegalArgumentException("no column type '" + name + "'");
    }

    /** The typed interfaces that {@link #unwrap} can give, for messages. */
    default Set<Class<?>> interfaces() {
        return Set.of();
    }

    /** This source as one of {@link #interfaces}; empty for any other type. */
    default <T> Optional<T> unwrap(Class<T> type, Calls calls) {
        return Optional.empty();
    }
}
