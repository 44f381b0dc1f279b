package dev.tributary.spacetimedb.codec;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Takes a client's WebSocket message apart, by the specification's tables, and has ours written with the same values. */
final class ClientFrames {

    private final ByteBuffer in;
    private final ClientMessages out;

    private ClientFrames(byte[] bytes, ClientMessages out) {
        this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.out = out;
    }

    /** A recorded message so that it can be compared: JSON may differ in white space. */
    static Object plain(Subprotocol subprotocol, Frames.Line line) {
        return plain(subprotocol, line.bytes());
    }

    private static Object plain(Subprotocol subprotocol, byte[] bytes) {
        return subprotocol.isJson()
                ? Tree.parse(new String(bytes, StandardCharsets.UTF_8))
                : HexFormat.of().formatHex(bytes);
    }

    static Object again(Subprotocol subprotocol, byte[] message) {
        ClientMessages out = ClientMessages.of(subprotocol);
        if (subprotocol.isJson()) {
            return plain(subprotocol, json(new String(message, StandardCharsets.UTF_8), out));
        }
        ClientFrames frames = new ClientFrames(message, out);
        List<byte[]> messages = new ArrayList<>();
        while (frames.in.hasRemaining()) {
            messages.add(subprotocol.isFirst() ? frames.v1() : frames.v2());
        }
        List<byte[]> bundles = Bundles.of(subprotocol, messages, Bundles.USUAL_BYTES);
        if (bundles.size() != 1) {
            throw new IllegalStateException(bundles.size() + " messages");
        }
        return plain(subprotocol, bundles.get(0));
    }

    private static long number(Object value) {
        return ((BigInteger) value).longValueExact();
    }

    private static byte[] json(String text, ClientMessages out) {
        Map.Entry<String, Object> variant =
                Tree.object(Tree.parse(text)).entrySet().iterator().next();
        Map<String, Object> body = Tree.object(variant.getValue());
        long request = body.containsKey("request_id") ? number(body.get("request_id")) : -1;
        long query = body.containsKey("query_id")
                ? number(Tree.object(body.get("query_id")).get("id"))
                : -1;
        List<String> queries = body.get("query_strings") instanceof List<?> list
                ? list.stream().map(String.class::cast).toList()
                : List.of();
        return switch (variant.getKey()) {
            case "CallReducer" ->
                out.callReducer(
                        request,
                        (String) body.get("reducer"),
                        Payload.json((String) body.get("args")),
                        number(body.get("flags")) == 1);
            case "CallProcedure" ->
                out.callProcedure(request, (String) body.get("procedure"), Payload.json((String) body.get("args")));
            case "SubscribeMulti" -> out.subscribe(request, query, queries);
            case "UnsubscribeMulti" -> out.unsubscribe(request, query, true);
            case "SubscribeSingle" -> out.subscribeSingle(request, query, (String) body.get("query"));
            case "Unsubscribe" -> out.unsubscribeSingle(request, query);
            case "Subscribe" -> out.subscribeLegacy(request, queries);
            case "OneOffQuery" ->
                out.oneOffQuery(Long.parseLong((String) body.get("message_id"), 16), (String) body.get("query_string"));
            default -> throw new IllegalArgumentException(text);
        };
    }

    private byte[] v1() {
        int tag = in.get();
        switch (tag) {
            case 0 -> {
                String reducer = text();
                Payload args = Payload.of(bytes());
                long request = u32();
                return out.callReducer(request, reducer, args, in.get() == 1);
            }
            case 1 -> {
                List<String> queries = texts();
                return out.subscribeLegacy(u32(), queries);
            }
            case 2 -> {
                long id = new BigInteger(1, bytes()).longValueExact();
                return out.oneOffQuery(id, text());
            }
            case 3 -> {
                String query = text();
                long request = u32();
                return out.subscribeSingle(request, u32(), query);
            }
            case 4 -> {
                List<String> queries = texts();
                long request = u32();
                return out.subscribe(request, u32(), queries);
            }
            case 5 -> {
                long request = u32();
                return out.unsubscribeSingle(request, u32());
            }
            case 6 -> {
                long request = u32();
                return out.unsubscribe(request, u32(), true);
            }
            case 7 -> {
                String procedure = text();
                Payload args = Payload.of(bytes());
                long request = u32();
                in.get();
                return out.callProcedure(request, procedure, args);
            }
            default -> throw new IllegalArgumentException("tag " + tag);
        }
    }

    private byte[] v2() {
        int tag = in.get();
        long request = u32();
        switch (tag) {
            case 0 -> {
                long set = u32();
                return out.subscribe(request, set, texts());
            }
            case 1 -> {
                long set = u32();
                return out.unsubscribe(request, set, in.get() == 1);
            }
            case 2 -> {
                return out.oneOffQuery(request, text());
            }
            case 3, 4 -> {
                in.get();
                String name = text();
                Payload args = Payload.of(bytes());
                return tag == 3 ? out.callReducer(request, name, args, false) : out.callProcedure(request, name, args);
            }
            default -> throw new IllegalArgumentException("tag " + tag);
        }
    }

    private long u32() {
        return in.getInt() & 0xFFFF_FFFFL;
    }

    private byte[] bytes() {
        byte[] bytes = new byte[in.getInt()];
        in.get(bytes);
        return bytes;
    }

    private String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    private List<String> texts() {
        int count = in.getInt();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(text());
        }
        return texts;
    }
}
