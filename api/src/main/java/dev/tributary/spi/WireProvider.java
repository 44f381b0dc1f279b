package dev.tributary.spi;

import dev.tributary.Option;
import dev.tributary.Options;
import java.util.List;
import java.util.Set;

/** Makes wires of some schemes, found by {@link java.util.ServiceLoader}. Stateless and safe for any thread. */
public interface WireProvider {

    /** The URI schemes that it opens, for example {@code http} and {@code https}. */
    Set<String> schemes();

    /** The options it knows; they are given with those of the transport. */
    default List<Option<?>> options() {
        return List.of();
    }

    /** The wires of one source. */
    Wires wires(Options options, Environment environment);
}
