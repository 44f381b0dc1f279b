package dev.tributary.testkit.spacetimedb;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reducer, procedure or view of a module.
 *
 * @param parameters their names and types
 * @param result the type of what a procedure or view returns
 * @param lifecycle when the server runs a reducer itself: {@code Init}, {@code OnConnect} or {@code OnDisconnect}
 * @param anonymous whether a view is the same for everyone
 * @param millis how long a run takes
 * @param body returns a procedure's value, or a view's rows as a list; a reducer's is not looked at
 */
record FunctionSpec(
        String name,
        SpacetimeType.Product parameters,
        SpacetimeType result,
        @Nullable String lifecycle,
        boolean anonymous,
        boolean open,
        long millis,
        Body body) {

    static final FunctionSpec.Body NOTHING = context -> List.of();

    FunctionSpec withBody(Body other) {
        return new FunctionSpec(name, parameters, result, lifecycle, anonymous, open, millis, other);
    }

    FunctionSpec withMillis(long duration) {
        return new FunctionSpec(name, parameters, result, lifecycle, anonymous, open, duration, body);
    }

    /**
     * Checks arguments; the first version of the protocol tells the same error once for each who saw it.
     *
     * @return as BSATN
     */
    byte[] arguments(Typespace types, String kind, byte[] given, boolean json, boolean chain) throws JsonException {
        String before = "invalid arguments for " + kind + " " + name + ": ";
        try {
            if (json) {
                return JsonValues.arguments(types, name, parameters, new String(given, StandardCharsets.UTF_8));
            }
            new ValueReader(types, new BsatnReader(given)).fields(parameters);
            return given;
        } catch (JsonException e) {
            throw new JsonException(before + e.getMessage());
        } catch (BsatnException e) {
            String again = chain
                    ? ": invalid arguments for function " + name + ": " + e.getMessage() + ": " + e.getMessage()
                    : "";
            throw new JsonException(before + e.getMessage() + again);
        }
    }

    /** What a function does. */
    interface Body {

        Object run(ModuleContext context) throws ReducerException;
    }
}
