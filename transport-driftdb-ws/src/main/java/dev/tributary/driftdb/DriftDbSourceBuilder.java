package dev.tributary.driftdb;

import dev.tributary.Backoff;
import dev.tributary.Capability;
import dev.tributary.CredentialProvider;
import dev.tributary.SourceBuilder;
import dev.tributary.SourceListener;
import dev.tributary.SyncSource;
import dev.tributary.spi.Environment;
import dev.tributary.spi.WireProvider;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/** Makes a DriftDB source, by {@link DriftDb#source}. Not safe for use by several threads at once. */
public final class DriftDbSourceBuilder {

    private static final String SCHEME = "driftdb+";

    private final SourceBuilder builder;
    private final Map<String, String> headers = new LinkedHashMap<>();

    DriftDbSourceBuilder(URI address) {
        String text = address.toString();
        this.builder = SourceBuilder.of(text.startsWith(SCHEME) ? address : URI.create(SCHEME + text));
    }

    /** How messages are written on the socket; JSON if this is not called. */
    public DriftDbSourceBuilder encoding(Encoding encoding) {
        builder.set(DriftDbOptions.ENCODING, encoding.name().toLowerCase(Locale.ROOT));
        return this;
    }

    /** Makes the URLs of the room from the address instead of asking the server for them. */
    public DriftDbSourceBuilder deriveUrls() {
        builder.set(DriftDbOptions.DERIVE, true);
        return this;
    }

    /** What to do with each URL that the server gives. It must be quick: it runs where nothing may block. */
    public DriftDbSourceBuilder rewriteUrls(UnaryOperator<URI> rewrite) {
        builder.set(DriftDbOptions.REWRITE, rewrite);
        return this;
    }

    /** How long messages may stay unverified; 30 s if this is not called, zero for only after bursts. */
    public DriftDbSourceBuilder audit(Duration interval) {
        builder.set(DriftDbOptions.AUDIT, interval);
        return this;
    }

    /** The largest message that is taken from the server; 64 MiB if this is not called. */
    public DriftDbSourceBuilder maxMessage(long bytes) {
        builder.set(DriftDbOptions.MAX_MESSAGE, bytes);
        return this;
    }

    /** A header without a secret in it, of each request and handshake, for a proxy before the server. */
    public DriftDbSourceBuilder header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Credentials for a proxy before the server; they go to its host alone. */
    public DriftDbSourceBuilder credentials(CredentialProvider provider) {
        builder.credentials(provider);
        return this;
    }

    /** How long to wait between attempts. */
    public DriftDbSourceBuilder backoff(Backoff policy) {
        builder.backoff(policy);
        return this;
    }

    /** Where listeners and futures run. It must have room for those that block. */
    public DriftDbSourceBuilder executor(Executor shared) {
        builder.executor(shared);
        return this;
    }

    /** Hears what happens inside, for logs and metrics. */
    public DriftDbSourceBuilder listener(SourceListener listener) {
        builder.listener(listener);
        return this;
    }

    /** Refuses to open unless the transport declares all of these. */
    public DriftDbSourceBuilder require(Capability... capabilities) {
        builder.require(capabilities);
        return this;
    }

    /** Wires to use instead of those that are found, for tests and simulations. */
    public DriftDbSourceBuilder wires(WireProvider provider) {
        builder.wires(provider);
        return this;
    }

    /** Time, randomness and threads, for tests and simulations. */
    public DriftDbSourceBuilder environment(Environment other) {
        builder.environment(other);
        return this;
    }

    /**
     * Opens the source. Nothing is connected until something is asked for.
     *
     * @throws dev.tributary.ConfigurationException when the address or an option is wrong
     */
    public SyncSource open() {
        if (!headers.isEmpty()) {
            builder.set(DriftDbOptions.HEADERS, Map.copyOf(headers));
        }
        return builder.transport(new DriftDbTransport()).open();
    }
}
