package dev.tributary.replay.spacetimedb;

import dev.tributary.ConfigurationException;
import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.replay.recording.ProtocolBench;
import dev.tributary.spacetimedb.Disconnect;
import dev.tributary.spacetimedb.DisconnectedException;
import dev.tributary.spacetimedb.SpacetimeDb;
import dev.tributary.spacetimedb.SpacetimeDbException;
import dev.tributary.spacetimedb.SpacetimeDbTransport;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.WireEnd;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * How a recorded connection began and ended, told to the protocol of the transport: it has to say the same in its own types.
 * It asks for nothing but a connection, so that a recording of any queries will do.
 */
final class Handshake {

    private static final Duration DEADLINE = Duration.ofMinutes(1);
    /** Texts of the server are cut to this in exceptions. */
    private static final int MOST_TEXT = 400;

    private final ProtocolBench bench;

    Handshake() {
        SpacetimeDbTransport transport = new SpacetimeDbTransport();
        Option<?> protocols = transport.options().stream()
                .filter(option -> option.name().equals("protocols"))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("there is no option 'protocols'"));
        SessionContext context = new SessionContext(
                URI.create("ws://replay.invalid/database"),
                Options.of(Map.of(protocols, "v3.bsatn,v2.bsatn,v1.bsatn,v1.json")),
                false,
                new SplittableRandom(1),
                transport.memory());
        bench = new ProtocolBench(transport, context, Duration.ZERO, new ProtocolBench.Watcher() {});
        // Something has to want the connection.
        transport
                .unwrap(SpacetimeDb.class, bench.calls())
                .orElseThrow()
                .connection(DEADLINE)
                .whenComplete((info, failure) -> {});
    }

    /** The server answered the upgrade by another status. */
    @Nullable
    String refused(int status, String body) {
        bench.opened(new Head(status, Map.of()), body.getBytes(StandardCharsets.UTF_8));
        Throwable reason = reason();
        boolean isTold = reason instanceof SpacetimeDbException refusal
                && refusal.status() == status
                && says(reason, body.strip());
        return isTold ? null : "was refused by status " + status + ", ours says " + reason;
    }

    /** The server agreed to a protocol. */
    void accepted(String subprotocol) {
        bench.opened(new Head(101, Map.of("sec-websocket-protocol", List.of(subprotocol))), new byte[0]);
    }

    /** The first message came. */
    void first(DataKind kind, byte[] bytes) {
        bench.data(kind, bytes);
    }

    /**
     * The connection ended.
     *
     * @param code of the close frame; null where there was none
     * @param isConnected whether the first message had come
     */
    @Nullable
    String ended(@Nullable Integer code, String text, boolean isConnected) {
        if (bench.ending() != null) {
            return "was accepted, ours says " + reason();
        }
        bench.ended(
                code == null
                        ? WireEnd.of(WireEnd.Kind.BROKEN, "the recorded connection broke", null)
                        : new WireEnd(WireEnd.Kind.CLOSED, code, text, null));
        Throwable reason = reason();
        boolean isTold = reason instanceof DisconnectedException end
                && (code == null
                        ? end.disconnect() == (isConnected ? Disconnect.LOST : Disconnect.REFUSED_OR_LOST)
                        : end.code() == code && says(reason, text.strip()));
        return isTold ? null : "ended with code " + code + " '" + text + "', ours says " + reason;
    }

    private static boolean says(Throwable reason, String text) {
        return String.valueOf(reason.getMessage())
                .contains(text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text);
    }

    private @Nullable Throwable reason() {
        Ending ending = bench.ending();
        return ending == null ? null : ending.reason();
    }
}
