package dev.tributary.sodp;

import dev.tributary.ProtocolException;
import org.jspecify.annotations.Nullable;

/** RESULT: the answer to a call. */
record CallResult(String callId, boolean success, @Nullable Object data) {

    static CallResult read(Frame frame, Decoder decoder) {
        frame.open(decoder);
        int fields = decoder.map("RESULT");
        String callId = null;
        boolean success = false;
        Object data = null;
        for (int i = 0; i < fields; i++) {
            switch (decoder.field("a field of RESULT")) {
                case CALL_ID -> callId = decoder.text("call_id of RESULT");
                case SUCCESS -> success = decoder.flag("success of RESULT");
                case DATA -> data = decoder.value("data of RESULT", Decoder.MOST_LEVELS);
                default -> decoder.skip("a field of RESULT");
            }
        }
        if (callId == null) {
            throw new ProtocolException("RESULT without call_id");
        }
        return new CallResult(callId, success, data);
    }

    /** The version that the write made; -1 where none is told. */
    long version() {
        return data instanceof DocMap map && map.get("version") instanceof Long version ? version : -1;
    }
}
