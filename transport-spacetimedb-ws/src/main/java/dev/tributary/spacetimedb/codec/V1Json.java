package dev.tributary.spacetimedb.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** The client messages of {@code v1.json} (specification 2.3). */
final class V1Json implements ClientMessages {

    private static final JsonFactory JSON = new JsonFactory();

    /** Writes the fields of a message. */
    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private static byte[] message(String variant, Body body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeObjectFieldStart(variant);
            body.write(json);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalArgumentException("a " + variant + " cannot be written", e);
        }
        return Outgoing.bounded(variant, out.toByteArray());
    }

    private static void text(JsonGenerator json, String name, String text) throws IOException {
        json.writeFieldName(name);
        byte[] utf8 = Outgoing.utf8(text);
        json.writeUTF8String(utf8, 0, utf8.length);
    }

    private static void texts(JsonGenerator json, List<String> texts) throws IOException {
        json.writeArrayFieldStart("query_strings");
        for (String each : texts) {
            byte[] utf8 = Outgoing.utf8(each);
            json.writeUTF8String(utf8, 0, utf8.length);
        }
        json.writeEndArray();
    }

    private static void requestId(JsonGenerator json, long requestId) throws IOException {
        json.writeNumberField("request_id", Outgoing.id(requestId));
    }

    private static void queryId(JsonGenerator json, long querySet) throws IOException {
        json.writeObjectFieldStart("query_id");
        json.writeNumberField("id", Outgoing.id(querySet));
        json.writeEndObject();
    }

    @Override
    public byte[] callReducer(long requestId, String reducer, Payload args, boolean silent) {
        return message("CallReducer", json -> {
            text(json, "reducer", reducer);
            text(json, "args", Outgoing.form(args, true).text());
            requestId(json, requestId);
            json.writeNumberField("flags", silent ? 1 : 0);
        });
    }

    @Override
    public byte[] callProcedure(long requestId, String procedure, Payload args) {
        return message("CallProcedure", json -> {
            text(json, "procedure", procedure);
            text(json, "args", Outgoing.form(args, true).text());
            requestId(json, requestId);
            json.writeNumberField("flags", 0);
        });
    }

    @Override
    public byte[] subscribe(long requestId, long querySet, List<String> queries) {
        return message("SubscribeMulti", json -> {
            texts(json, queries);
            requestId(json, requestId);
            queryId(json, querySet);
        });
    }

    @Override
    public byte[] unsubscribe(long requestId, long querySet, boolean withRows) {
        return message("UnsubscribeMulti", json -> {
            requestId(json, requestId);
            queryId(json, querySet);
        });
    }

    @Override
    public byte[] subscribeSingle(long requestId, long querySet, String query) {
        return message("SubscribeSingle", json -> {
            text(json, "query", query);
            requestId(json, requestId);
            queryId(json, querySet);
        });
    }

    @Override
    public byte[] unsubscribeSingle(long requestId, long querySet) {
        return message("Unsubscribe", json -> {
            requestId(json, requestId);
            queryId(json, querySet);
        });
    }

    @Override
    public byte[] subscribeLegacy(long requestId, List<String> queries) {
        return message("Subscribe", json -> {
            texts(json, queries);
            requestId(json, requestId);
        });
    }

    @Override
    public byte[] oneOffQuery(long requestId, String query) {
        return message("OneOffQuery", json -> {
            json.writeStringField("message_id", String.format("%08x", Outgoing.id(requestId)));
            text(json, "query_string", query);
        });
    }
}
