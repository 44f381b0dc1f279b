package dev.tributary.http;

import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.spi.Environment;
import dev.tributary.spi.WireProvider;
import dev.tributary.spi.Wires;
import java.util.List;
import java.util.Set;

/**
 * HTTP exchanges over {@code java.net.http}, for the schemes {@code http} and {@code https}. Found by
 * {@link java.util.ServiceLoader}; applications need only {@link HttpOptions}. Stateless and safe for any thread.
 *
 * <p>Bodies are streamed under demand and decoded from gzip and deflate; the head is given as received. HTTP/2 is used
 * over TLS where the server offers it. Clients of our own use no proxy; to use one, lend a client with
 * {@link HttpOptions#CLIENT}.
 *
 * <p>The JDK's client may send a GET twice for one exchange, when a reused connection dies before it is answered.
 */
public final class HttpWireProvider implements WireProvider {

    /** For {@link java.util.ServiceLoader}. */
    public HttpWireProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("http", "https");
    }

    @Override
    public List<Option<?>> options() {
        return HttpOptions.ALL;
    }

    /**
     * {@inheritDoc}
     *
     * @throws dev.tributary.ConfigurationException when a client was lent that follows redirects by itself
     */
    @Override
    public Wires wires(Options options, Environment environment) {
        return new HttpWires(HttpSettings.of(options), environment);
    }
}
