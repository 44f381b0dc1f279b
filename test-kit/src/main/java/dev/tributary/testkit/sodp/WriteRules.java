package dev.tributary.testkit.sodp;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the writing methods do in one dialect. Values are in the dialect's form already. */
interface WriteRules {

    Edit set(KeyState state, @Nullable Object value);

    Edit patch(KeyState state, Map<?, ?> patch) throws RefusedException;

    Edit setIn(KeyState state, String path, @Nullable Object value) throws RefusedException;

    default Edit delete(KeyState state) {
        return state.exists() ? Edit.deletion() : Edit.none(state);
    }

    /** The path of a presence entry whose connection ended. */
    Edit unregister(KeyState state, String path) throws RefusedException;

    /**
     * Appends to a list.
     *
     * @param most how many elements are kept; 0 for all
     */
    Edit append(KeyState state, @Nullable Object item, long most) throws RefusedException;
}
