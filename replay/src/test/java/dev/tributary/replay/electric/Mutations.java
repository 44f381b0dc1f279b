package dev.tributary.replay.electric;

import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.JsonTexts;
import dev.tributary.replay.recording.RecordedExchange;
import dev.tributary.replay.recording.RecordedResponse;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.replay.recording.TranscriptException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Damages transcripts of Electric: one change dropped, or one value altered, such that the final rows are others. */
final class Mutations {

    /**
     * A damaged transcript.
     *
     * @param what was done to it
     */
    record Mutation(String what, Transcript transcript) {}

    /** One message of an answer that was replayed, in the order of the replay. */
    private record Message(String exchange, int index, Map<String, Object> members) {}

    /** A prime that is larger than any number of mutations, so that every change is met once. */
    private static final int STRIDE = 7_919;

    private final Transcript transcript;
    private final Map<String, List<Object>> bodies = new HashMap<>();
    private final Map<String, Map<String, Object>> schemas = new HashMap<>();
    private final List<RecordedExchange> used = new ArrayList<>();
    private final Map<List<String>, Map<String, Object>> rows;

    /** @param used the exchanges that a replay of the whole transcript used, in that order */
    Mutations(Transcript transcript, List<String> used) throws TranscriptException {
        this.transcript = transcript;
        Map<String, RecordedExchange> byId = RecordedExchange.of(transcript).stream()
                .collect(Collectors.toMap(RecordedExchange::id, exchange -> exchange));
        used.forEach(id -> this.used.add(byId.get(id)));
        this.used.forEach(exchange -> bodies.put(exchange.id(), body(exchange)));
        this.rows = rows(Map.of());
    }

    /** Up to so many mutations of each sort, from all over the transcript. */
    List<Mutation> some(int most) {
        List<Mutation> all = new ArrayList<>();
        all.addAll(dropped(most));
        all.addAll(altered(most));
        return all;
    }

    /** Changes from all over the replay, more than are wanted, since some do not reach the end. */
    private List<Message> spread(int most) {
        List<Message> all = changes();
        int wanted = Math.min(all.size(), most * 4);
        List<Message> chosen = new ArrayList<>();
        for (int i = 0; i < wanted; i++) {
            // Coprime steps: the first few already come from everywhere.
            int nth = (int) ((long) i * STRIDE % wanted);
            chosen.add(all.get((int) ((long) nth * all.size() / wanted)));
        }
        return chosen;
    }

    private List<Mutation> dropped(int most) {
        List<Mutation> mutations = new ArrayList<>();
        for (Message message : spread(most)) {
            if (mutations.size() == most) {
                break;
            }
            List<Object> body = body(message.exchange());
            body.remove(message.index());
            add(mutations, "drop " + describe(message), message.exchange(), body);
        }
        return mutations;
    }

    private List<Mutation> altered(int most) {
        List<Mutation> mutations = new ArrayList<>();
        for (Message message : spread(most)) {
            if (mutations.size() == most) {
                break;
            }
            Map<String, Object> value = Json.members(message.members().get("value"));
            if (value.isEmpty()) {
                continue;
            }
            // Another column for each message, so that all get their turn.
            List<String> columns = List.copyOf(value.keySet());
            String column = columns.get((message.index() + mutations.size()) % columns.size());
            value.put(column, other(value.get(column)));
            List<Object> body = body(message.exchange());
            Map<String, Object> changed = Json.members(body.get(message.index()));
            changed.put("value", value);
            body.set(message.index(), changed);
            add(mutations, "alter " + column + " in " + describe(message), message.exchange(), body);
        }
        return mutations;
    }

    private static Object other(Object value) {
        if (value == null) {
            return "1";
        }
        return switch (value.toString()) {
            case "t" -> "f";
            case "f" -> "t";
            case "true" -> "false";
            case "false" -> "true";
            default -> value + "1";
        };
    }

    private void add(List<Mutation> mutations, String what, String exchange, List<Object> body) {
        if (!rows(Map.of(exchange, body)).equals(rows)) {
            mutations.add(new Mutation(what, with(exchange, body)));
        }
    }

    private static String describe(Message message) {
        return "message " + message.index() + " of " + message.exchange() + " ("
                + Json.members(message.members().get("headers")).get("operation") + " "
                + message.members().get("key") + ")";
    }

    private List<Message> changes() {
        List<Message> changes = new ArrayList<>();
        for (RecordedExchange exchange : used) {
            List<Object> body = body(exchange.id());
            for (int i = 0; i < body.size(); i++) {
                Map<String, Object> message = Json.members(body.get(i));
                if (message.containsKey("key")) {
                    changes.add(new Message(exchange.id(), i, message));
                }
            }
        }
        return changes;
    }

    private List<Object> body(String id) {
        return new ArrayList<>(bodies.get(id));
    }

    private static List<Object> body(RecordedExchange exchange) {
        RecordedResponse response = Objects.requireNonNull(exchange.response());
        if (response.status() != 200) {
            return new ArrayList<>();
        }
        try {
            return Json.elements(Json.parse(new String(response.body(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            return new ArrayList<>();
        }
    }

    /** What a simple client would hold in the end, with some bodies replaced. */
    private Map<List<String>, Map<String, Object>> rows(Map<String, List<Object>> replaced) {
        Map<List<String>, Map<String, Object>> held = new HashMap<>();
        String loaded = "";
        for (RecordedExchange exchange : used) {
            RecordedResponse response = Objects.requireNonNull(exchange.response());
            ElectricRequest request = ElectricRequest.of(exchange.method(), exchange.target(), exchange.body());
            String handle = String.valueOf(response.header("electric-handle"));
            if (response.status() == 200 && request.isFromStart()) {
                if (handle.equals(loaded)) {
                    // Another client begins with the same log.
                    continue;
                }
                held.clear();
                loaded = handle;
            }
            List<Object> body =
                    replaced.containsKey(exchange.id()) ? replaced.get(exchange.id()) : bodies.get(exchange.id());
            Map<String, Object> schema = schemas.computeIfAbsent(handle, this::schema);
            body.forEach(message -> apply(Json.members(message), schema, held));
        }
        return held;
    }

    private Map<String, Object> schema(String handle) {
        for (RecordedExchange exchange : used) {
            RecordedResponse response = Objects.requireNonNull(exchange.response());
            String schema = response.header("electric-schema");
            if (schema != null && handle.equals(response.header("electric-handle"))) {
                try {
                    return Json.members(Json.parse(schema));
                } catch (IOException e) {
                    throw new IllegalArgumentException(schema, e);
                }
            }
        }
        return Map.of();
    }

    private static void apply(
            Map<String, Object> message, Map<String, Object> schema, Map<List<String>, Map<String, Object>> held) {
        if (!message.containsKey("key")) {
            return;
        }
        Map<String, Object> value = new HashMap<>();
        Json.members(message.get("value")).forEach((column, text) -> {
            boolean isBool = "bool".equals(Json.members(schema.get(column)).get("type"));
            value.put(column, isBool && text != null ? text.toString().substring(0, 1) : text);
        });
        Set<String> keyColumns = schema.keySet().stream()
                .filter(column -> Json.members(schema.get(column)).get("pk_index") instanceof BigDecimal)
                .collect(Collectors.toSet());
        List<String> key = new TreeMap<>(value)
                .entrySet().stream()
                        .filter(cell -> keyColumns.isEmpty() || keyColumns.contains(cell.getKey()))
                        .map(String::valueOf)
                        .toList();
        switch (String.valueOf(Json.members(message.get("headers")).get("operation"))) {
            case "insert" -> held.put(key, value);
            case "update" ->
                held.computeIfPresent(key, (same, row) -> {
                    Map<String, Object> merged = new HashMap<>(row);
                    merged.putAll(value);
                    return merged;
                });
            case "delete" -> held.remove(key);
            default -> {}
        }
    }

    private Transcript with(String exchange, List<Object> body) {
        List<Transcript.Event> events = new ArrayList<>();
        for (Transcript.Event event : transcript.events()) {
            if (!event.kind().equals("http-response") || !exchange.equals(event.text("id"))) {
                events.add(event);
                continue;
            }
            Map<String, Object> members = new LinkedHashMap<>(event.members());
            Map<String, Object> headers = Json.members(members.get("headers"));
            headers.remove("content-length");
            headers.remove("content-encoding");
            members.put("headers", headers);
            members.remove("body_chunks");
            members.remove("body");
            members.put(
                    "body64",
                    Base64.getEncoder().encodeToString(JsonTexts.write(body).getBytes(StandardCharsets.UTF_8)));
            events.add(new Transcript.Event(event.line(), event.kind(), event.time(), members));
        }
        return new Transcript(transcript.name(), transcript.header(), events);
    }
}
