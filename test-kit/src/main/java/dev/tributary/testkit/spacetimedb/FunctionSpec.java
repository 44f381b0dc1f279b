package dev.tributary.testkit.spacetimedb;

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

    /** What a function does. */
    interface Body {

        Object run(ModuleContext context) throws ReducerException;
    }
}
