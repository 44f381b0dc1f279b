package dev.tributary.driftdb;

/** The three messages of a client, in both encodings. */
final class MessageWriter {

    private MessageWriter() {}

    static byte[] push(Encoding encoding, Push push) {
        boolean numbered = push.action() == Action.COMPACT;
        if (encoding == Encoding.CBOR) {
            CborOutput out = new CborOutput()
                    .map(4)
                    .text("type")
                    .text("push")
                    .text("key")
                    .text(push.key())
                    .text("value")
                    .value(push.value())
                    .text("action")
                    .map(numbered ? 2 : 1)
                    .text("type")
                    .text(push.action().word());
            return numbered ? out.text("seq").unsigned(push.compactedTo()).toBytes() : out.toBytes();
        }
        return JsonOutput.object(json -> {
            json.writeStringField("type", "push");
            json.writeStringField("key", push.key());
            json.writeFieldName("value");
            JsonOutput.value(json, push.value());
            json.writeObjectFieldStart("action");
            json.writeStringField("type", push.action().word());
            if (numbered) {
                json.writeFieldName("seq");
                json.writeNumber(Long.toUnsignedString(push.compactedTo()));
            }
            json.writeEndObject();
        });
    }

    /** Never with null as number: older servers refuse it. */
    static byte[] get(Encoding encoding, String key, long above) {
        if (encoding == Encoding.CBOR) {
            return new CborOutput()
                    .map(3)
                    .text("type")
                    .text("get")
                    .text("key")
                    .text(key)
                    .text("seq")
                    .unsigned(above)
                    .toBytes();
        }
        return JsonOutput.object(json -> {
            json.writeStringField("type", "get");
            json.writeStringField("key", key);
            json.writeFieldName("seq");
            json.writeNumber(Long.toUnsignedString(above));
        });
    }

    static byte[] ping(Encoding encoding, long nonce) {
        if (encoding == Encoding.CBOR) {
            return new CborOutput()
                    .map(2)
                    .text("type")
                    .text("ping")
                    .text("nonce")
                    .unsigned(nonce)
                    .toBytes();
        }
        return JsonOutput.object(json -> {
            json.writeStringField("type", "ping");
            json.writeFieldName("nonce");
            json.writeNumber(Long.toUnsignedString(nonce));
        });
    }
}
