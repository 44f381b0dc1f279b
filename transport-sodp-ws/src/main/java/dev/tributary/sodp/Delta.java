package dev.tributary.sodp;

import dev.tributary.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * A DELTA whose steps are still bytes: they are read when they are applied.
 *
 * @param frame what it came in
 * @param key as it names itself; null where it does not
 * @param ops where its steps begin
 * @param order of arrival on this connection
 */
record Delta(Frame frame, @Nullable String key, long version, int ops, long order) {

    static Delta read(Frame frame, Decoder decoder, long order) {
        frame.open(decoder);
        int fields = decoder.map("DELTA");
        String key = null;
        long version = -1;
        int ops = -1;
        for (int i = 0; i < fields; i++) {
            switch (decoder.field("a field of DELTA")) {
                case STATE, KEY -> key = decoder.nil("state of DELTA") ? key : decoder.name("state of DELTA");
                case VERSION -> version = decoder.unsigned("version of DELTA");
                case OPS -> {
                    ops = decoder.position();
                    decoder.skip("ops of DELTA");
                }
                default -> decoder.skip("a field of DELTA");
            }
        }
        if (version < 0 || ops < 0) {
            throw new ProtocolException("DELTA without " + (version < 0 ? "version" : "ops"));
        }
        return new Delta(frame, key, version, ops, order);
    }

    int size() {
        return frame.size();
    }
}
