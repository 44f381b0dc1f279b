package dev.tributary.replay.spacetimedb;

import dev.tributary.replay.recording.Json;
import dev.tributary.spacetimedb.Arguments;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads client messages of {@code v1.json}, in every form that the server takes (specification 2.2): sums and products as
 * objects or arrays, variants by name or number.
 */
final class JsonRequests {

    /** A variant and its fields, in their order. */
    private record Variant(String name, List<String> fields) {}

    private static final List<Variant> VARIANTS = List.of(
            new Variant("CallReducer", List.of("reducer", "args", "request_id", "flags")),
            new Variant("Subscribe", List.of("query_strings", "request_id")),
            new Variant("OneOffQuery", List.of("message_id", "query_string")),
            new Variant("SubscribeSingle", List.of("query", "request_id", "query_id")),
            new Variant("SubscribeMulti", List.of("query_strings", "request_id", "query_id")),
            new Variant("Unsubscribe", List.of("request_id", "query_id")),
            new Variant("UnsubscribeMulti", List.of("request_id", "query_id")),
            new Variant("CallProcedure", List.of("procedure", "args", "request_id", "flags")));

    private static final BigInteger MOST_U32 = BigInteger.valueOf(0xffffffffL);

    private final Map<String, @Nullable Object> fields;

    private JsonRequests(Map<String, @Nullable Object> fields) {
        this.fields = fields;
    }

    static List<Request> read(byte[] bytes) throws UnreadableException {
        @Nullable Object value;
        try {
            value = Json.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UnreadableException("no JSON");
        }
        @Nullable Object tag;
        @Nullable Object payload;
        if (value instanceof Map<?, ?> object && object.size() == 1) {
            Map.Entry<?, ?> only = object.entrySet().iterator().next();
            tag = only.getKey();
            payload = only.getValue();
        } else if (value instanceof List<?> pair && pair.size() == 2) {
            tag = pair.get(0);
            payload = pair.get(1);
        } else {
            throw new UnreadableException("no sum");
        }
        Variant variant = variant(tag);
        return List.of(new JsonRequests(product(payload, variant.fields())).request(variant.name()));
    }

    private static Variant variant(@Nullable Object tag) throws UnreadableException {
        for (int i = 0; i < VARIANTS.size(); i++) {
            Variant variant = VARIANTS.get(i);
            String number = String.valueOf(i);
            boolean isNumber = tag instanceof BigDecimal && number.equals(tag.toString());
            if (variant.name().equals(tag) || number.equals(tag) || isNumber) {
                return variant;
            }
        }
        throw new UnreadableException("no variant");
    }

    private static Map<String, @Nullable Object> product(@Nullable Object value, List<String> names)
            throws UnreadableException {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        if (value instanceof List<?> list && list.size() == names.size()) {
            for (int i = 0; i < names.size(); i++) {
                fields.put(names.get(i), list.get(i));
            }
        } else {
            fields.putAll(Json.members(value));
        }
        if (fields.size() != names.size() || !fields.keySet().containsAll(names)) {
            throw new UnreadableException("fields " + fields.keySet());
        }
        return fields;
    }

    private Request request(String variant) throws UnreadableException {
        switch (variant) {
            case "CallReducer": {
                long flags = u32(fields.get("flags"));
                if (flags > 1) {
                    throw new UnreadableException("flags");
                }
                return new Request.Call(requestId(), text("reducer"), Arguments.json(text("args")), flags == 1);
            }
            case "Subscribe":
                return new Request.Legacy(requestId(), texts());
            case "OneOffQuery":
                return new Request.OneOff(0, messageId(), text("query_string"));
            case "SubscribeSingle":
                return new Request.Subscribe(requestId(), querySet(), List.of(text("query")));
            case "SubscribeMulti":
                return new Request.Subscribe(requestId(), querySet(), texts());
            case "CallProcedure":
                if (u32(fields.get("flags")) != 0) {
                    throw new UnreadableException("flags");
                }
                return new Request.Procedure(requestId(), text("procedure"), Arguments.json(text("args")));
            default:
                return new Request.Unsubscribe(requestId(), querySet());
        }
    }

    private long requestId() throws UnreadableException {
        return u32(fields.get("request_id"));
    }

    private long querySet() throws UnreadableException {
        return u32(product(fields.get("query_id"), List.of("id")).get("id"));
    }

    private static long u32(@Nullable Object value) throws UnreadableException {
        if (value instanceof BigDecimal number && !Json.isFloat(number)) {
            BigInteger whole = number.toBigInteger();
            if (whole.signum() >= 0 && whole.compareTo(MOST_U32) <= 0) {
                return whole.longValue();
            }
        }
        throw new UnreadableException("no u32");
    }

    private String text(String field) throws UnreadableException {
        if (fields.get(field) instanceof String text) {
            return text;
        }
        throw new UnreadableException("no text " + field);
    }

    private List<String> texts() throws UnreadableException {
        if (!(fields.get("query_strings") instanceof List<?> list)) {
            throw new UnreadableException("no texts");
        }
        List<String> texts = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof String text)) {
                throw new UnreadableException("no text");
            }
            texts.add(text);
        }
        return texts;
    }

    private String messageId() throws UnreadableException {
        @Nullable Object id = fields.get("message_id");
        if (id instanceof String digits && digits.matches("([0-9a-fA-F]{2})*")) {
            return digits.toLowerCase(Locale.ROOT);
        }
        if (!(id instanceof List<?> numbers)) {
            throw new UnreadableException("no bytes");
        }
        StringBuilder digits = new StringBuilder();
        for (Object number : numbers) {
            long octet = u32(number);
            if (octet > 0xff) {
                throw new UnreadableException("no byte");
            }
            digits.append("%02x".formatted(octet));
        }
        return digits.toString();
    }
}
