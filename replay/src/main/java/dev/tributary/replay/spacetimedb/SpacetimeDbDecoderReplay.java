package dev.tributary.replay.spacetimedb;

import dev.tributary.ProtocolException;
import dev.tributary.replay.recording.Documents;
import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.RecordedExchange;
import dev.tributary.replay.recording.RecordedResponse;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import dev.tributary.spacetimedb.codec.Subprotocol;
import dev.tributary.spacetimedb.types.DatabaseSchema;
import dev.tributary.spi.Protocol.DataKind;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One replay of one transcript without an engine: its frames go, in the order of the file, to the decoder of the transport
 * and into counted rows; what the recorded client sent tells what is subscribed and called.
 */
final class SpacetimeDbDecoderReplay {

    private static final String SUBPROTOCOL = "sec-websocket-protocol";

    private final Transcript transcript;
    private final ReplayOptions options;
    private final SplittableRandom random;
    private final Map<String, RecordedExchange> exchanges = new LinkedHashMap<>();
    private final Map<String, Connection> connections = new LinkedHashMap<>();
    private final Map<String, Handshake> handshakes = new LinkedHashMap<>();
    private final Book book = new Book();
    private final Ends ends = new Ends();
    private final Changeover changeover = new Changeover();
    private final List<String> used = new ArrayList<>();
    private final List<String> unused = new ArrayList<>();
    private @Nullable Module module;
    private @Nullable DatabaseSchema version10;
    private @Nullable String difference;

    SpacetimeDbDecoderReplay(Transcript transcript, ReplayOptions options) {
        this.transcript = transcript;
        this.options = options;
        this.random = new SplittableRandom(options.seed());
    }

    Outcome run() throws TranscriptException {
        RecordedExchange.of(transcript).forEach(exchange -> exchanges.put(exchange.id(), exchange));
        for (Transcript.Event event : transcript.events()) {
            switch (event.kind()) {
                case "http-response" -> responded(event);
                case "ws-open" -> open(event);
                case "ws-send" -> sent(event);
                case "ws-recv" -> received(event);
                case "ws-close" -> closed(event);
                default -> {}
            }
            if (difference != null) {
                return Outcome.failed("line " + event.line() + ": " + difference, used, unused);
            }
        }
        connections.values().forEach(Connection::close);
        String reached = "the rows of " + shown() + " after " + used.size() + " frames, decoded";
        if (transcript.finalState() != null) {
            difference = finalDifference(Json.members(transcript.finalState()));
        }
        return difference == null ? Outcome.passed(reached, used, unused) : Outcome.failed(difference, used, unused);
    }

    private String shown() {
        Connection last = last(Map.of());
        return last == null ? "no connection" : last.rows().size() + " tables";
    }

    // ---- the schema, and connections that were not let in ----

    private void responded(Transcript.Event event) throws TranscriptException {
        String id = event.requireText("id");
        RecordedExchange exchange = exchanges.get(id);
        RecordedResponse response = exchange == null ? null : exchange.response();
        if (exchange == null || response == null) {
            return;
        }
        String body = new String(response.body(), StandardCharsets.UTF_8);
        if (isUpgrade(exchange)) {
            used.add(id);
            ends.refused(id, response.status());
            differ(id, new Handshake().refused(response.status(), body));
        } else if (response.status() == 200 && exchange.target().contains("/schema?")) {
            used.add(id);
            schema(body, exchange.target().contains("version=10"));
        } else {
            unused.add(id);
        }
    }

    private static boolean isUpgrade(RecordedExchange exchange) {
        String upgrade = exchange.headers().get("upgrade");
        return upgrade != null && upgrade.equalsIgnoreCase("websocket");
    }

    private void schema(String body, boolean isTenth) {
        try {
            Module known = module;
            if (isTenth) {
                version10 = DatabaseSchema.parse(body);
            } else {
                known = Module.of(body);
            }
            module = known == null || version10 == null ? known : known.with(version10);
        } catch (ProtocolException | IOException e) {
            differ("the schema", String.valueOf(e.getMessage()));
        }
    }

    private void differ(String place, @Nullable String what) {
        if (difference == null && what != null) {
            difference = place + ": " + what;
        }
    }

    // ---- connections ----

    private void open(Transcript.Event event) throws TranscriptException {
        String id = event.requireText("id");
        String agreed =
                RecordedResponse.single(event.members().get("response_headers")).getOrDefault(SUBPROTOCOL, "");
        Subprotocol subprotocol = Subprotocol.of(agreed).orElse(null);
        Module known = module;
        if (subprotocol == null) {
            differ(id, "the server agreed to '" + agreed + "', which is no protocol");
        } else if (known == null) {
            differ(id, "there is no schema before it");
        } else {
            connections.put(id, new Connection(id, subprotocol, known, book));
            Handshake handshake = new Handshake();
            handshake.accepted(agreed);
            handshakes.put(id, handshake);
        }
    }

    private static byte[] bytes(Transcript.Event event) throws TranscriptException {
        String text = event.text("text");
        if (text != null) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(event.requireText("binary64"));
        } catch (IllegalArgumentException e) {
            throw new TranscriptException(event.line(), "the " + event.kind() + " is no base64");
        }
    }

    private void sent(Transcript.Event event) throws TranscriptException {
        String id = event.requireText("id");
        Connection connection = connections.get(id);
        if (connection == null || !connection.sent(bytes(event), event.text("text") != null)) {
            unused.add(id + ":" + event.line());
        }
    }

    private void received(Transcript.Event event) throws TranscriptException {
        String id = event.requireText("id");
        Connection connection = connections.get(id);
        Handshake handshake = handshakes.get(id);
        if (connection == null || handshake == null) {
            unused.add(id + ":" + event.line());
            return;
        }
        used.add(id + ":" + event.line());
        byte[] bytes = bytes(event);
        boolean isText = event.text("text") != null;
        if (!connection.isConnected()) {
            handshake.first(isText ? DataKind.TEXT : DataKind.BINARY, bytes);
        }
        connection.received(bytes, isText, left -> {
            int most = options.mostPiece();
            return most == 0 || left == 0 ? left : Math.min(left, 1 + random.nextInt(most));
        });
        differ(id, connection.difference());
        changeover.step(connection);
    }

    private void closed(Transcript.Event event) throws TranscriptException {
        String id = event.requireText("id");
        String by = String.valueOf(event.text("by"));
        String reason = event.text("reason");
        Integer code = event.members().get("code") instanceof BigDecimal number ? (Integer) number.intValue() : null;
        Connection connection = connections.get(id);
        Handshake handshake = handshakes.remove(id);
        if (connection == null || handshake == null) {
            return;
        }
        if (connection.isConnected()) {
            ends.ended(id, by, code, reason);
        } else if (!by.equals("client")) {
            ends.refused(id, 101);
        }
        if (!by.equals("client")) {
            differ(id, handshake.ended(code, reason == null ? "" : reason, connection.isConnected()));
        }
        changeover.ended(connection);
    }

    // ---- the verdict ----

    /** The connection whose rows count: the named one, or the last that was let in. */
    private @Nullable Connection last(Map<String, @Nullable Object> expected) {
        if (expected.get("connection") instanceof String id) {
            return connections.get(id);
        }
        Connection last = null;
        for (Connection connection : connections.values()) {
            last = connection.isConnected() ? connection : last;
        }
        return last;
    }

    private @Nullable String finalDifference(Map<String, @Nullable Object> expected) {
        Connection connection = last(expected);
        if (connection == null) {
            return "there is no connection " + expected.get("connection");
        }
        Object identity = expected.get("identity");
        if (identity != null && !identity.equals(connection.identity())) {
            return "identity: is '" + connection.identity() + "', expected is " + Documents.shown(identity);
        }
        String found = Tables.difference(expected.get("tables"), connection.rows(), connection.shapes());
        found = found != null ? found : book.difference(expected);
        found = found != null ? found : changeover.difference(expected, connections.keySet());
        return found != null ? found : ends.difference(expected);
    }
}
