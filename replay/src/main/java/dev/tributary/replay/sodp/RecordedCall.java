package dev.tributary.replay.sodp;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A CALL of the recorded client. Compared by identity: call ids may recur on another connection.
 */
final class RecordedCall {

    private final int line;
    private final Frame frame;

    RecordedCall(int line, Frame frame) {
        this.line = line;
        this.frame = frame;
    }

    int line() {
        return line;
    }

    long stream() {
        return frame.stream();
    }

    /** Null where it was sent without. */
    @Nullable
    String id() {
        return frame.text("call_id");
    }

    /** Empty where it was sent without. */
    String method() {
        String method = frame.text("method");
        return method == null ? "" : method;
    }

    Map<?, ?> arguments() {
        return frame.body().get("args") instanceof Map<?, ?> arguments ? arguments : Map.of();
    }

    /** The key that it is about; null for none. */
    @Nullable
    String key() {
        return arguments().get("state") instanceof String key ? key : null;
    }

    /** Whether its arguments hold what a document can; the others make servers drop it in silence. */
    boolean isDocument() {
        return isDocument(frame.body().get("args"));
    }

    private static boolean isDocument(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.keySet().stream().allMatch(String.class::isInstance)
                    && map.values().stream().allMatch(RecordedCall::isDocument);
        }
        if (value instanceof List<?> list) {
            return list.stream().allMatch(RecordedCall::isDocument);
        }
        return !(value instanceof byte[]);
    }

    @Override
    public String toString() {
        return "call " + id() + " (line " + line + ")";
    }
}
