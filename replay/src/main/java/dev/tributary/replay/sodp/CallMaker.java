package dev.tributary.replay.sodp;

import dev.tributary.sodp.Sodp;
import dev.tributary.sodp.SodpPath;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Makes the calls of a recording through our API: by the typed methods, where the call is whole, else by its name. */
final class CallMaker {

    private static final Duration DEADLINE = Duration.ofMinutes(5);

    private CallMaker() {}

    /**
     * @return what becomes of it
     * @throws dev.tributary.ConfigurationException when our API refuses it
     */
    static CompletableFuture<?> make(Sodp sodp, RecordedCall call, Dialect dialect) {
        Map<?, ?> arguments = call.arguments();
        String key = call.key();
        if (key != null) {
            switch (call.method()) {
                case "state.set" -> {
                    return sodp.set(key, arguments.get("value"), DEADLINE);
                }
                case "state.delete" -> {
                    return sodp.delete(key, DEADLINE);
                }
                case "state.patch" -> {
                    if (arguments.get("patch") instanceof Map<?, ?> patch) {
                        return sodp.patch(key, patch, DEADLINE);
                    }
                }
                case "state.set_in", "state.presence" -> {
                    SodpPath path = path(arguments, dialect);
                    if (path != null) {
                        return place(sodp, call.method(), key, path, arguments.get("value"));
                    }
                }
                case "state.append" -> {
                    return arguments.get("max_len") instanceof Long most && most > 0 && most < Integer.MAX_VALUE
                            ? sodp.append(key, arguments.get("value"), most.intValue(), DEADLINE)
                            : sodp.append(key, arguments.get("value"), DEADLINE);
                }
                default -> {}
            }
        }
        return sodp.call(call.method(), arguments, DEADLINE);
    }

    private static CompletableFuture<?> place(
            Sodp sodp, String method, String key, SodpPath path, @Nullable Object value) {
        if (method.equals("state.set_in")) {
            return sodp.setIn(key, path, value, DEADLINE);
        }
        // The recorded client does not hold it any longer than its connection does.
        return sodp.presence(key, path, value, DEADLINE).thenAccept(presence -> presence.close());
    }

    private static @Nullable SodpPath path(Map<?, ?> arguments, Dialect dialect) {
        if (!(arguments.get("path") instanceof String text)) {
            return null;
        }
        String[] segments = dialect.segments(text);
        return segments == null ? null : new SodpPath(List.of(segments));
    }
}
