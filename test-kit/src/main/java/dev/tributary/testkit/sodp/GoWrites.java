package dev.tributary.testkit.sodp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Go server: deep diffs, flat patches, paths with dots through objects, a version for each change. */
final class GoWrites implements WriteRules {

    private final ValueForm form;
    private final ObjectPath paths;

    GoWrites(ValueForm form) {
        this.form = form;
        paths = new ObjectPath(form);
    }

    @Override
    public Edit set(KeyState state, @Nullable Object value) {
        if (state.exists() && state.value() instanceof Map && value instanceof Map) {
            List<SodpOp> ops = DeepDiff.between(state.value(), value);
            return ops.isEmpty() ? Edit.none(state) : Edit.told(value, ops);
        }
        return Edit.told(value, List.of(SodpOp.update("/", value)));
    }

    @Override
    public Edit patch(KeyState state, Map<?, ?> patch) {
        if (!(state.value() instanceof Map<?, ?> present)) {
            return set(state, patch);
        }
        Map<String, @Nullable Object> merged = form.copy(present);
        patch.forEach((name, value) -> merged.put((String) name, value));
        return set(state, merged);
    }

    @Override
    public Edit setIn(KeyState state, String path, @Nullable Object value) throws RefusedException {
        if (path.isEmpty()) {
            throw new RefusedException(400, "missing path");
        }
        return set(state, paths.put(state.value(), List.of(path.split("\\.", -1)), value));
    }

    @Override
    public Edit unregister(KeyState state, String path) {
        return Edit.none(state);
    }

    @Override
    public Edit append(KeyState state, @Nullable Object item, long most) throws RefusedException {
        Object present = state.value();
        if (present != null && !(present instanceof List)) {
            throw new RefusedException(400, "not a list");
        }
        List<@Nullable Object> list = new ArrayList<>(present == null ? List.of() : (List<?>) present);
        list.add(item);
        List<SodpOp> ops = new ArrayList<>(List.of(SodpOp.add("/-", item)));
        if (most > 0 && list.size() > most) {
            list.remove(0);
            ops.add(SodpOp.remove("/0"));
        }
        return Edit.told(list, ops);
    }
}
