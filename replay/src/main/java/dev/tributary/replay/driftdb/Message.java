package dev.tributary.replay.driftdb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message of either side. Values are {@code Long}, {@code BigInteger}, {@code Double}, {@code Boolean}, {@code String},
 * {@code byte[]}, {@code List}, {@code Map} and null.
 *
 * @param isCbor whether it came, or goes, as CBOR; else as JSON
 */
record Message(boolean isCbor, Map<String, @Nullable Object> members) {

    private static final JsonFactory JSON = new JsonFactory();
    private static final CBORFactory CBOR = CBORFactory.builder()
            .enable(CBORParser.Feature.DECODE_USING_STANDARD_NEGATIVE_BIGINT_ENCODING)
            .build();

    /** Null when it is no message. */
    static @Nullable Message read(boolean isCbor, byte[] bytes) {
        try (JsonParser parser = (isCbor ? CBOR : JSON).createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            return new Message(isCbor, object(parser));
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                List<@Nullable Object> elements = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    elements.add(value(parser, next));
                }
                yield elements;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> {
                BigInteger integer = parser.getBigIntegerValue();
                yield integer.bitLength() < Long.SIZE ? (Object) integer.longValue() : integer;
            }
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            case VALUE_EMBEDDED_OBJECT -> parser.getBinaryValue();
            default -> throw new IOException("unexpected " + token);
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name == null || token == null) {
                throw new IOException("it ends in its middle");
            }
            members.put(name, value(parser, token));
        }
        return members;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator generator = (isCbor ? CBOR : JSON).createGenerator(out)) {
            write(members, generator);
        } catch (IOException e) {
            throw new IllegalStateException("a buffer in memory", e);
        }
        return out.toByteArray();
    }

    private static void write(@Nullable Object value, JsonGenerator out) throws IOException {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> member : map.entrySet()) {
                out.writeFieldName(String.valueOf(member.getKey()));
                write(member.getValue(), out);
            }
            out.writeEndObject();
        } else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object element : list) {
                write(element, out);
            }
            out.writeEndArray();
        } else if (value instanceof Long number) {
            out.writeNumber(number);
        } else if (value instanceof BigInteger number) {
            out.writeNumber(number);
        } else if (value instanceof Double number) {
            out.writeNumber(number);
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value instanceof byte[] bytes) {
            out.writeBinary(bytes);
        } else {
            out.writeString(String.valueOf(value));
        }
    }

    String type() {
        return text("type");
    }

    /** Empty where there is none. */
    String key() {
        return text("key");
    }

    private String text(String member) {
        return members.get(member) instanceof String text ? text : "";
    }

    boolean is(String type) {
        return type().equals(type);
    }

    /** A number of 64 bits, unsigned; 0 where there is none. */
    long number(String member) {
        return members.get(member) instanceof Number number ? number.longValue() : 0;
    }

    @Nullable
    Object value() {
        return members.get("value");
    }

    /** What a push does; empty where it does not say. */
    String action() {
        return members.get("action") instanceof Map<?, ?> action && action.get("type") instanceof String type
                ? type
                : "";
    }

    /** Up to which number a compact folds. */
    long foldedTo() {
        return members.get("action") instanceof Map<?, ?> action && action.get("seq") instanceof Number number
                ? number.longValue()
                : 0;
    }

    /** The entries of an init, in their order. */
    List<Stored> entries() {
        List<Stored> entries = new ArrayList<>();
        if (members.get("data") instanceof List<?> data) {
            for (Object element : data) {
                if (element instanceof Map<?, ?> entry && entry.get("seq") instanceof Number number) {
                    entries.add(new Stored(number.longValue(), entry.get("value")));
                }
            }
        }
        return entries;
    }

    static Message init(boolean isCbor, String key, List<Stored> entries) {
        List<@Nullable Object> data = new ArrayList<>();
        for (Stored entry : entries) {
            Map<String, @Nullable Object> element = new LinkedHashMap<>();
            element.put("value", entry.value());
            element.put("seq", unsigned(entry.number()));
            data.add(element);
        }
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("type", "init");
        members.put("key", key);
        members.put("data", data);
        return new Message(isCbor, members);
    }

    static Message pong(boolean isCbor, @Nullable Object nonce) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("type", "pong");
        members.put("nonce", nonce);
        return new Message(isCbor, members);
    }

    private static Object unsigned(long number) {
        return number >= 0 ? (Object) number : new BigInteger(Long.toUnsignedString(number));
    }

    /** Whether two requests ask the same: but for a nonce, and with a number that was left out as 0. */
    boolean asksTheSame(Message other) {
        return Objects.equals(asked(), other.asked());
    }

    private Map<String, @Nullable Object> asked() {
        Map<String, @Nullable Object> asked = new LinkedHashMap<>(members);
        asked.remove("nonce");
        if (is("get")) {
            asked.putIfAbsent("seq", 0L);
        }
        return asked;
    }

    /**
     * An entry of a stream.
     *
     * @param number unsigned
     */
    record Stored(long number, @Nullable Object value) {}
}
