package dev.tributary.driftdb;

import dev.tributary.Option;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The options of this transport. Those that a URI cannot hold are set by {@link DriftDbSourceBuilder}. */
final class DriftDbOptions {

    static final Option<String> ENCODING =
            Option.text("encoding", "json or cbor; by default json, until a value turns up that JSON cannot carry");

    static final Option<Boolean> DERIVE = Option.flag(
            "deriveUrls",
            "make the URLs of a room from the address of the source instead of asking the server; for servers under a path"
                    + " or behind a proxy");

    static final Option<Duration> AUDIT = Option.duration(
            "audit",
            "how long messages may stay unverified before what is retained is read; by default 30s, keys without news a"
                    + " quarter as often; 0s for only after bursts");

    static final Option<Long> MAX_MESSAGE =
            Option.size("maxMessage", "the largest message that is taken from the server; by default 64m");

    static final Option<UnaryOperator<URI>> REWRITE =
            Option.object("rewriteUrls", "what to do with the URLs that the server gives; set on the builder");

    static final Option<Map<String, String>> HEADERS =
            Option.object("headers", "headers of each request and handshake; set on the builder");

    static final List<Option<?>> ALL = List.of(ENCODING, DERIVE, AUDIT, MAX_MESSAGE, REWRITE, HEADERS);

    static final Duration DEFAULT_AUDIT = Duration.ofSeconds(30);
    static final long DEFAULT_MAX_MESSAGE = 64L << 20;

    private DriftDbOptions() {}

    /**
     * @throws dev.tributary.ConfigurationException when the text is no encoding
     */
    static Encoding encoding(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "json" -> Encoding.JSON;
            case "cbor" -> Encoding.CBOR;
            default ->
                throw new dev.tributary.ConfigurationException(
                        "option 'encoding': expected json or cbor, got '" + text + "'");
        };
    }
}
