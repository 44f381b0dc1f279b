package dev.tributary.testkit.sodp;

import java.util.ArrayList;
import java.util.List;

/** Reads what WATCH, UNWATCH and CALL ask for. */
final class Requested {

    private Requested() {}

    /** The texts of a list of keys, or the one key; none when neither is there. */
    static List<String> keys(SodpFrame request) {
        List<String> keys = new ArrayList<>();
        if (request.field("states") instanceof List<?> states) {
            for (Object state : states) {
                if (state instanceof String key) {
                    keys.add(key);
                }
            }
        } else {
            String key = request.text("state");
            if (key != null) {
                keys.add(key);
            }
        }
        return keys;
    }

    /** The arguments of a CALL, read like a body. */
    static SodpFrame arguments(SodpFrame call) {
        return call.withBody(call.field("args"));
    }
}
