package dev.tributary.sodp;

import dev.tributary.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * STATE_INIT: the whole value of a key.
 *
 * @param params as they were given with the request; null for none
 */
record StateInit(
        String key,
        long version,
        @Nullable Object value,
        boolean initialized,
        @Nullable Object params) {

    /** Only the key, for a frame whose value may be beyond reading; null when there is none. */
    static @Nullable String key(Frame frame, Decoder decoder) {
        frame.open(decoder);
        int fields = decoder.map("STATE_INIT");
        String key = null;
        for (int i = 0; i < fields; i++) {
            if (decoder.field("a field of STATE_INIT") == Field.STATE) {
                key = decoder.text("state of STATE_INIT");
            } else {
                decoder.skip("a field of STATE_INIT");
            }
        }
        return key;
    }

    static StateInit read(Frame frame, Decoder decoder) {
        frame.open(decoder);
        int fields = decoder.map("STATE_INIT");
        String key = null;
        long version = -1;
        Object value = null;
        boolean initialized = true;
        Object params = null;
        for (int i = 0; i < fields; i++) {
            switch (decoder.field("a field of STATE_INIT")) {
                case STATE -> key = decoder.text("state of STATE_INIT");
                case VERSION -> version = decoder.unsigned("version of STATE_INIT");
                case VALUE -> value = decoder.value("value of STATE_INIT", Decoder.MOST_LEVELS);
                case INITIALIZED -> initialized = decoder.flag("initialized of STATE_INIT");
                case PARAMS -> params = decoder.value("params of STATE_INIT", Decoder.MOST_LEVELS);
                default -> decoder.skip("a field of STATE_INIT");
            }
        }
        if (key == null || version < 0) {
            throw new ProtocolException("STATE_INIT without " + (key == null ? "state" : "version"));
        }
        return new StateInit(key, version, value, initialized, params);
    }
}
