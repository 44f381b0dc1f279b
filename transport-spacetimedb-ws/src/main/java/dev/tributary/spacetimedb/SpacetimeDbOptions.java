package dev.tributary.spacetimedb;

import dev.tributary.ConfigurationException;
import dev.tributary.Option;
import dev.tributary.Options;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The options of this transport. Those that a URI cannot hold are set by {@link SpacetimeDbSourceBuilder}. */
final class SpacetimeDbOptions {

    static final Option<String> PROTOCOLS = Option.text(
            "protocols",
            "which protocols are offered, of v3.bsatn, v2.bsatn, v1.bsatn and v1.json; by default all but the last");

    static final Option<String> COMPRESSION = Option.text(
            "compression", "how the server compresses long messages: none, gzip or brotli; by default gzip");

    static final Option<Boolean> LIGHT =
            Option.flag("light", "whether changes by others come without what caused them; v1 only; by default false");

    static final Option<Boolean> CONFIRMED = Option.flag(
            "confirmed",
            "whether only what is durable is shown; by default what the server has for the protocol: true from v2 on");

    static final Option<String> CONNECTION_ID = Option.text(
            "connectionId",
            "the id of the connection, 32 hexadecimal digits; by default the server draws one each time");

    static final Option<String> TOKEN =
            Option.secret("token", "the token that says who connects; by default the server makes a new identity");

    static final Option<Boolean> TOKEN_EXCHANGE = Option.flag(
            "tokenExchange",
            "whether the token is changed for one of 60 seconds that goes into the address, as browsers do");

    static final Option<String> SCHEMA =
            Option.object("schema", "the schema of the module as JSON, so that it is not fetched; set on the builder");

    static final Option<Boolean> RAW_ROWS = Option.flag(
            "rawRows",
            "whether no schema is used, and each row is its bytes; for v2.bsatn and v3.bsatn; by default false");

    static final Option<Boolean> RECONNECT =
            Option.flag("reconnect", "whether a lost connection is opened again; by default true");

    static final Option<Duration> PING =
            Option.duration("ping", "after so much silence of the server a ping is sent; by default 20s");

    static final Option<Duration> SILENCE = Option.duration(
            "silence", "after so much silence behind a ping the connection is given up; by default 20s");

    static final Option<Duration> HTTP_TIMEOUT =
            Option.duration("httpTimeout", "how long an answer over HTTP may take to begin; by default 30s");

    static final Option<Long> MAX_MESSAGE =
            Option.size("maxMessage", "the longest message that is read, as it is sent; by default 1g");

    static final Option<Long> MAX_DECOMPRESSED =
            Option.size("maxDecompressed", "the longest message that is read, decompressed; by default 4g");

    static final Option<Long> MAX_ROW = Option.size("maxRow", "the longest row that is read; by default 64m");

    static final Option<Integer> MAX_REQUESTS = Option.number(
            "maxRequests", 1, "how many requests may wait for the server's answer; more wait here; by default 4096");

    static final Option<Map<String, String>> HEADERS =
            Option.object("headers", "headers of the handshake and of requests, for a proxy; set on the builder");

    static final List<Option<?>> ALL = List.of(
            PROTOCOLS,
            COMPRESSION,
            LIGHT,
            CONFIRMED,
            CONNECTION_ID,
            TOKEN,
            TOKEN_EXCHANGE,
            SCHEMA,
            RAW_ROWS,
            RECONNECT,
            PING,
            SILENCE,
            HTTP_TIMEOUT,
            MAX_MESSAGE,
            MAX_DECOMPRESSED,
            MAX_ROW,
            MAX_REQUESTS,
            HEADERS);

    static final Duration DEFAULT_PING = Duration.ofSeconds(20);
    static final Duration DEFAULT_SILENCE = Duration.ofSeconds(20);
    static final long DEFAULT_MAX_MESSAGE = 1L << 30;
    static final long DEFAULT_MAX_DECOMPRESSED = 4L << 30;
    static final long DEFAULT_MAX_ROW = 64L << 20;
    static final int DEFAULT_MAX_REQUESTS = 4096;

    private static final Pattern CONNECTION_ID_SHAPE = Pattern.compile("[0-9a-fA-F]{32}");
    private static final Pattern ZEROS = Pattern.compile("0+");

    private SpacetimeDbOptions() {}

    /** What is offered, as given. */
    static List<ProtocolVersion> protocols(Options options) {
        return options.get(PROTOCOLS)
                .map(ProtocolVersion::list)
                .orElseGet(() -> options.get(RAW_ROWS, false)
                        ? List.of(ProtocolVersion.V3_BSATN, ProtocolVersion.V2_BSATN)
                        : List.of(ProtocolVersion.V3_BSATN, ProtocolVersion.V2_BSATN, ProtocolVersion.V1_BSATN));
    }

    static Compression compression(Options options) {
        String name = options.get(COMPRESSION, "gzip");
        return Arrays.stream(Compression.values())
                .filter(one -> one.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("option 'compression' is one of "
                        + Arrays.toString(Compression.values()).toLowerCase(Locale.ROOT) + ", got '" + name + "'"));
    }

    /**
     * What the options want that cannot be had together; null for nothing. With v1 the server's name of a table, which a
     * query need not have, is all that tells whose a change is.
     */
    static @Nullable ConfigurationException misfit(Options options) {
        if (!options.get(RAW_ROWS, false)) {
            return null;
        }
        for (ProtocolVersion version : protocols(options)) {
            if (!version.attributesUpdates()) {
                return new ConfigurationException(
                        "option 'rawRows' is for v2.bsatn and v3.bsatn; 'protocols' offers " + version);
            }
        }
        return options.get(SCHEMA).isPresent()
                ? new ConfigurationException("with option 'rawRows' no schema is used, but one is given")
                : null;
    }

    /**
     * Checks what only shows when it is used.
     *
     * @throws ConfigurationException naming the option
     */
    static void check(Options options) {
        protocols(options);
        compression(options);
        String id = options.get(CONNECTION_ID).orElse(null);
        if (id != null
                && (!CONNECTION_ID_SHAPE.matcher(id).matches()
                        || ZEROS.matcher(id).matches())) {
            throw new ConfigurationException(
                    "option 'connectionId' has 32 hexadecimal digits, not all of them 0, got '" + id + "'");
        }
        if (options.get(PING, DEFAULT_PING).isZero()
                || options.get(SILENCE, DEFAULT_SILENCE).isZero()) {
            throw new ConfigurationException(
                    "options 'ping' and 'silence' cannot be 0: a session that the server has ended stays silent for ever");
        }
    }
}
