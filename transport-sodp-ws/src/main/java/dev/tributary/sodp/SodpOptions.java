package dev.tributary.sodp;

import dev.tributary.ConfigurationException;
import dev.tributary.Option;
import dev.tributary.Options;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options of this transport. Those that a URI cannot hold are set by {@link SodpSourceBuilder}. */
final class SodpOptions {

    static final Option<String> DIALECT = Option.text(
            "dialect", "which server is spoken to: typescript, rust, go or standard; by default it is found out");

    static final Option<Integer> RESUME = Option.number(
            "resume",
            0,
            "up to how many keys are asked for their missed steps after a reconnect, one after the other; by default 32");

    static final Option<Duration> AUDIT = Option.duration(
            "audit",
            "how often keys are compared with the server; by default every 5m where it may drop changes, else never");

    static final Option<Duration> LINGER = Option.duration(
            "linger",
            "how long a key that no view follows any more is still followed, for one that may come back; by default 0");

    static final Option<Long> MAX_MESSAGE =
            Option.size("maxMessage", "the longest message that is read; by default 64m");

    static final Option<Long> MAX_FRAME =
            Option.size("maxFrame", "the longest frame that is sent; by default 1m, and 64k where the server is Go's");

    static final Option<Long> MAX_EARLY = Option.size(
            "maxEarly", "how many bytes of changes are kept that came before the value they change; by default 32m");

    static final Option<Map<String, String>> HEADERS =
            Option.object("headers", "headers of the handshake, for a proxy; set on the builder");

    static final List<Option<?>> ALL =
            List.of(DIALECT, RESUME, AUDIT, LINGER, MAX_MESSAGE, MAX_FRAME, MAX_EARLY, HEADERS);

    private static final Duration AUDIT_WHERE_NEEDED = Duration.ofMinutes(5);

    private SodpOptions() {}

    /** The dialect that was given; null to find it out. */
    static @Nullable SodpDialect dialect(Options options) {
        String name = options.get(DIALECT).orElse(null);
        if (name == null) {
            return null;
        }
        try {
            return SodpDialect.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    "option 'dialect' is one of "
                            + Arrays.toString(SodpDialect.values()).toLowerCase(Locale.ROOT) + ", got '" + name + "'",
                    e);
        }
    }

    /** How often keys are compared; zero for never. */
    static Duration audit(Options options, boolean lossless) {
        return options.get(AUDIT, lossless ? Duration.ZERO : AUDIT_WHERE_NEEDED);
    }
}
