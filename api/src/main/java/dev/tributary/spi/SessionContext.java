package dev.tributary.spi;

import dev.tributary.Options;
import java.net.URI;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a session is made of.
 *
 * @param endpoint the source's URI with the wire scheme alone and without the options of this library
 * @param options the options of the source
 * @param authenticated whether the application gave credentials, so that asking for them is worth a turn
 * @param random where a protocol takes random names from; seeded in simulations
 * @param memory what {@link TransportProvider#memory} made for this source; touched only in inputs of its protocols
 */
public record SessionContext(
        URI endpoint,
        Options options,
        boolean authenticated,
        RandomGenerator random,
        @Nullable Object memory) {

    /** Shows no endpoint and no option: they may hold secrets. */
    @Override
    public String toString() {
        return "SessionContext[" + endpoint.getScheme() + "]";
    }
}
