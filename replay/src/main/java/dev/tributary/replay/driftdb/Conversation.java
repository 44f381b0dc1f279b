package dev.tributary.replay.driftdb;

import dev.tributary.Query;
import dev.tributary.replay.driftdb.Message.Stored;
import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.RecordedExchange;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A recording of DriftDB, understood: whose connection is whose, which room is meant, which number each write got. */
final class Conversation {

    private static final Pattern ROOM = Pattern.compile("/room/([^/?]+)");

    private final Transcript transcript;
    private final Map<String, RecordedExchange> exchanges = new LinkedHashMap<>();
    private final Map<String, String> roomOfConnection = new HashMap<>();
    private final Map<String, String> descriptions = new LinkedHashMap<>();
    private final Map<String, String> clientOfConnection = new HashMap<>();
    private final List<Line> lines;

    Conversation(Transcript transcript) throws TranscriptException {
        this.transcript = transcript;
        for (RecordedExchange exchange : RecordedExchange.of(transcript)) {
            exchanges.put(exchange.id(), exchange);
        }
        clients(transcript.finalState()).forEach((client, members) -> {
            for (Object id : Json.elements(members.get("connections"))) {
                clientOfConnection.put(String.valueOf(id), client);
            }
        });
        lines = numbered(understood());
    }

    List<Line> lines() {
        return lines;
    }

    /** By the id of the request. */
    Map<String, RecordedExchange> exchanges() {
        return exchanges;
    }

    /** What the server says of a room; null for one that it was never known to have. */
    @Nullable
    String description(String room) {
        return descriptions.get(room);
    }

    /** The members of each client in {@code final}. */
    static Map<String, Map<String, @Nullable Object>> clients(@Nullable Object finalState) {
        Map<String, Map<String, @Nullable Object>> clients = new LinkedHashMap<>();
        Json.members(Json.members(finalState).get("clients"))
                .forEach((client, members) -> clients.put(client, Json.members(members)));
        return clients;
    }

    /** The queries of a client as texts. */
    List<String> queries(String client) {
        Object all = transcript.header().get("query");
        Object own = all instanceof Map<?, ?> map ? map.get(client) : all;
        if (own instanceof String one) {
            return List.of(one);
        }
        return Json.elements(own).stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    /** The letters of all clients that connect, or are expected to. */
    Set<String> clients() {
        Set<String> clients = new TreeSet<>(clients(transcript.finalState()).keySet());
        lines.stream().map(Line::client).filter(client -> !client.isEmpty()).forEach(clients::add);
        return clients;
    }

    private String client(String connection) {
        String listed = clientOfConnection.get(connection);
        return listed == null ? connection.replaceFirst("\\d+$", "") : listed;
    }

    static String room(String target) {
        Matcher matcher = ROOM.matcher(target);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** Whether a request is for a socket: its id is that of the connection. */
    static boolean isUpgrade(RecordedExchange exchange) {
        return exchange.method().equals("GET")
                && exchange.target().replaceFirst("\\?.*$", "").endsWith("/connect");
    }

    // ---- line by line ----

    private List<Line> understood() throws TranscriptException {
        List<Line> all = new ArrayList<>();
        String current = "";
        for (Transcript.Event event : transcript.events()) {
            String id = Objects.requireNonNullElse(event.text("id"), "");
            RecordedExchange exchange = event.kind().startsWith("http-") ? exchanges.get(id) : null;
            boolean isSocket = event.kind().startsWith("ws-") || (exchange != null && isUpgrade(exchange));
            String target = exchange == null ? event.text("target") : exchange.target();
            if (target != null && isSocket) {
                roomOfConnection.put(id, room(target));
            }
            String room = isSocket ? roomOfConnection.getOrDefault(id, "") : target == null ? "" : room(target);
            current = describe(event, exchange, room, current);
            boolean isTruth = event.kind().equals("truth");
            all.add(new Line(
                    event,
                    isSocket ? id : "",
                    isSocket ? client(id) : "",
                    isTruth ? current : room,
                    message(event, exchange),
                    0,
                    0));
        }
        return all;
    }

    /** Learns of rooms; the last one that was made or entered is the one that is meant where none is named. */
    private String describe(Transcript.Event event, @Nullable RecordedExchange exchange, String room, String current) {
        if (event.kind().equals("ws-open")) {
            String target = String.valueOf(event.text("target")).replaceFirst("\\?.*$", "");
            descriptions.putIfAbsent(
                    room,
                    "{\"room\":\"%s\",\"socket_url\":\"ws://driftdb.invalid%s\",\"http_url\":\"http://driftdb.invalid%s\"}"
                            .formatted(room, target, target.replaceFirst("/connect$", "/send")));
            return room;
        }
        boolean isAnswer = event.kind().equals("http-response") && exchange != null && exchange.response() != null;
        if (isAnswer
                && exchange != null
                && exchange.response() != null
                && exchange.response().status() == 200) {
            String body = new String(exchange.response().body(), StandardCharsets.UTF_8);
            try {
                Map<String, @Nullable Object> members = Json.members(Json.parse(body));
                if (members.get("room") instanceof String made && members.containsKey("socket_url")) {
                    descriptions.putIfAbsent(made, body);
                    return exchange.method().equals("POST") ? made : current;
                }
            } catch (IOException e) {
                return current;
            }
        }
        return current;
    }

    private static @Nullable Message message(Transcript.Event event, @Nullable RecordedExchange exchange)
            throws TranscriptException {
        if (event.kind().equals("truth")) {
            Map<String, @Nullable Object> given = Json.members(event.members().get("message"));
            return given.isEmpty()
                    ? null
                    : new Message(false, Json.members(dev.tributary.replay.recording.Documents.plain(given)));
        }
        if (event.kind().equals("http-request") && exchange != null && exchange.body() != null) {
            return Message.read(false, exchange.body().getBytes(StandardCharsets.UTF_8));
        }
        byte[] bytes = bytes(event);
        return bytes == null ? null : Message.read(event.text("text") == null, bytes);
    }

    /** The content of a frame; null for everything else. */
    static byte @Nullable [] bytes(Transcript.Event event) throws TranscriptException {
        String text = event.text("text");
        if (text != null) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        String base64 = event.text("binary64");
        if (base64 == null) {
            return null;
        }
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new TranscriptException(event.line(), "binary64 is no base64: " + e.getMessage());
        }
    }

    // ---- numbers ----

    /** Numbers are told by the frames that they caused; where there is none, by counting. */
    private List<Line> numbered(List<Line> all) {
        Map<String, Long> counters = new HashMap<>();
        Set<List<Object>> claimed = new HashSet<>();
        Set<Integer> echoes = new HashSet<>();
        List<Line> numbered = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Line line = all.get(i);
            Message push = line.message();
            if (push == null || !line.isWrite() || isRefused(line)) {
                numbered.add(line);
                continue;
            }
            long number = 0;
            if (!push.action().equals("compact")) {
                number = counters.getOrDefault(line.room(), 0L) + 1;
                for (Line frame : all.subList(i + 1, all.size())) {
                    Message heard = frame.message();
                    if (heard != null
                            && isHeard(line, push, frame)
                            && claimed.add(List.of(line.room(), push.key(), heard.number("seq")))) {
                        number = heard.number("seq");
                        break;
                    }
                }
                counters.put(line.room(), number);
            }
            numbered.add(line.withNumber(number, echo(all, i, line, push, echoes)));
        }
        return numbered;
    }

    private boolean isRefused(Line line) {
        RecordedExchange exchange = line.is("http-request")
                ? exchanges.get(String.valueOf(line.event().text("id")))
                : null;
        return exchange != null
                && exchange.response() != null
                && exchange.response().status() != 200;
    }

    private static boolean isHeard(Line line, Message push, Line frame) {
        Message heard = frame.message();
        return heard != null
                && frame.receives("push")
                && frame.room().equals(line.room())
                && heard.key().equals(push.key())
                && Objects.equals(heard.value(), push.value());
    }

    /** The frame on its own connection by which a sender hears of a push. */
    private static int echo(List<Line> all, int at, Line line, Message push, Set<Integer> claimed) {
        boolean asked = all.subList(0, at).stream()
                .anyMatch(before -> before.connection().equals(line.connection())
                        && before.sends("get")
                        && before.message() != null
                        && before.message().key().equals(push.key()));
        if (!line.is("ws-send") || !asked || push.action().equals("compact")) {
            return 0;
        }
        for (Line frame : all.subList(at + 1, all.size())) {
            if (frame.connection().equals(line.connection())
                    && isHeard(line, push, frame)
                    && claimed.add(frame.line())) {
                return frame.line();
            }
        }
        return 0;
    }

    // ---- what a client was told ----

    /** The number above which the recorded client had asked, of an answer to a get. */
    long askedAbove(Line init, String key) {
        long above = 0;
        for (Line line : lines) {
            if (line.line() >= init.line()) {
                break;
            }
            boolean isGet = line.connection().equals(init.connection()) && line.sends("get");
            if (isGet && line.message() != null && line.message().key().equals(key)) {
                above = line.message().number("seq");
            }
        }
        return above;
    }

    /** The query of a client for a key: all entries where the header has none. */
    static Query query(List<String> queries, String key) {
        for (String text : queries) {
            Query query = Query.parse(text);
            if (query.name().equals(key)) {
                return query;
            }
        }
        return Query.of(key).with("as", "log");
    }

    /** The numbers of a key that the recorded frames told a client in a room. */
    Set<Long> told(String client, String room, String key) {
        Set<Long> numbers = new HashSet<>();
        for (Line line : lines) {
            Message message = line.message();
            if (message == null
                    || !line.client().equals(client)
                    || !line.room().equals(room)
                    || !message.key().equals(key)) {
                continue;
            }
            if (line.receives("push")) {
                numbers.add(message.number("seq"));
            } else if (line.receives("init")) {
                message.entries().stream().map(Stored::number).forEach(numbers::add);
            }
        }
        return numbers;
    }

    /** Up to which number a client did not want a key when it first asked for it. */
    long floor(String client, String room, String key) {
        for (Line line : lines) {
            if (line.client().equals(client)
                    && line.room().equals(room)
                    && line.sends("get")
                    && line.message() != null
                    && line.message().key().equals(key)) {
                return line.message().number("seq");
            }
        }
        return 0;
    }
}
