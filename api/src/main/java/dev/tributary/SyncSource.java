package dev.tributary;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * One backend endpoint with its credentials. It owns the connections, reconnects and back-off; the application only opens
 * it, asks for views and closes it. Safe for any thread.
 *
 * <p>A source is a URI {@code <transport>+<wire scheme>://host[:port]/path?options}, or a typed builder of a transport
 * that makes the same thing.
 */
public interface SyncSource extends AutoCloseable {

    /**
     * Opens a source. Nothing is connected until a query is asked for.
     *
     * @throws ConfigurationException when the URI, an option or the transport is wrong or missing; the message shows no
     *     secret
     */
    static SyncSource open(String uri) {
        return builder(uri).open();
    }

    /** Opens a source with options that a URI cannot hold. */
    static SyncSource open(String uri, Consumer<? super SourceBuilder> options) {
        SourceBuilder builder = builder(uri);
        options.accept(builder);
        return builder.open();
    }

    /**
     * A builder for this URI.
     *
     * @throws ConfigurationException when the text is no URI; the message does not repeat it, for it may hold a secret
     */
    static SourceBuilder builder(String uri) {
        try {
            return new SourceBuilder(new URI(uri));
        } catch (URISyntaxException e) {
            // Neither its message nor the exception as a cause: both show the text.
            String place = e.getIndex() < 0 ? "" : " at character " + (e.getIndex() + 1);
            throw new ConfigurationException("the source is no URI: " + e.getReason() + place);
        }
    }

    /** The address without its secrets. */
    String address();

    /** What this source can do: what its transport declares, less what the connection had to give up. */
    Set<Capability> capabilities();

    /**
     * A view of the rows of a query, in the text form of its transport.
     *
     * @throws ConfigurationException when the query does not parse
     */
    MaterializedView<Row> materialize(String query);

    /** A view of the rows of a query. */
    MaterializedView<Row> materialize(Query query);

    /** A view whose rows are read as this record. */
    <T> MaterializedView<T> materialize(String query, Class<T> record);

    /** A view whose rows are read as this record. */
    <T> MaterializedView<T> materialize(Query query, Class<T> record);

    /** A view whose rows are read by a mapper, for example {@link Rows#mapper} with a policy. */
    <T> MaterializedView<T> materialize(String query, RowMapper<T> mapper);

    /** A view whose rows are read as this record, with options: {@code from -> from.saved(bytes)}. */
    <T> MaterializedView<T> materialize(String query, Class<T> record, Consumer<? super ViewOptions> options);

    /** A view with its own mapper and options, of a query in text form. */
    <T> MaterializedView<T> materialize(String query, RowMapper<T> mapper, Consumer<? super ViewOptions> options);

    /** A view with its own mapper and options. */
    <T> MaterializedView<T> materialize(Query query, RowMapper<T> mapper, Consumer<? super ViewOptions> options);

    /**
     * The commits of a query without a copy of its rows (unless the transport needs them to tell a change): the first ones
     * hold the content as inserts. Where the transport
     * has {@link Capability#BACKPRESSURE}, demand delays the wire; else a subscriber that falls too far behind ends with
     * {@link LaggedException}. Each subscriber is a subscription of its own.
     */
    Flow.Publisher<Commit<Row>> changes(String query);

    /** The commits of a query that was built by hand. */
    Flow.Publisher<Commit<Row>> changes(Query query);

    /**
     * The commits after this checkpoint.
     *
     * @throws ConfigurationException when the transport tells changes only with the rows at hand; its commits of
     *     {@code changes} have no checkpoint
     */
    Flow.Publisher<Commit<Row>> changes(Query query, Checkpoint from);

    /** How this source is doing now. */
    SourceStatus status();

    /** Hears the status, now and at each change, on the executor that this source shares. */
    Registration onStatus(Consumer<? super SourceStatus> listener);

    /** All views of this source at one instant, where the protocol has it. */
    SourceSnapshot snapshot();

    /**
     * The typed interface of the transport, for writes and for what only it can do.
     *
     * @throws ConfigurationException when this source has no such interface; the message names what it has
     */
    <T> T unwrap(Class<T> type);

    /** Cuts a wait short: the next attempt begins now. */
    void retryNow();

    /**
     * Ends all connections until every pause is closed. Views are stale meanwhile and go on from where they stopped.
     *
     * @param reason for the status, for example {@code screen hidden}
     * @return closing it, any number of times, ends this pause
     */
    Registration pause(String reason);

    /** Closes all views and connections. Prompt, never waits for the network, throws nothing, may be called again. */
    @Override
    void close();
}
