package dev.tributary.testkit.sodp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Rust server: deep diffs, recursive patches, raw paths through objects, a version for each write. */
final class RustWrites implements WriteRules {

    private final ValueForm form;
    private final ObjectPath paths;

    RustWrites(ValueForm form) {
        this.form = form;
        paths = new ObjectPath(form);
    }

    @Override
    public Edit set(KeyState state, @Nullable Object value) {
        if (!state.exists()) {
            return Edit.told(value, List.of(SodpOp.add("/", value)));
        }
        return new Edit(value, true, DeepDiff.between(state.value(), value), true);
    }

    @Override
    public Edit patch(KeyState state, Map<?, ?> patch) {
        return set(state, state.value() instanceof Map<?, ?> present ? merged(present, patch) : patch);
    }

    /** An object with a patch applied to it at all depths. */
    private Map<String, @Nullable Object> merged(Map<?, ?> present, Map<?, ?> patch) {
        Map<String, @Nullable Object> root = form.copy(present);
        Deque<Merge> open = new ArrayDeque<>();
        open.push(new Merge(root, patch));
        while (!open.isEmpty()) {
            Merge merge = open.pop();
            merge.patch.forEach((name, value) -> {
                String field = (String) name;
                Object old = merge.target.get(field);
                if (old instanceof Map<?, ?> oldMap && value instanceof Map<?, ?> deeper) {
                    Map<String, @Nullable Object> copy = form.copy(oldMap);
                    merge.target.put(field, copy);
                    open.push(new Merge(copy, deeper));
                } else {
                    merge.target.put(field, value);
                }
            });
        }
        return root;
    }

    private record Merge(Map<String, @Nullable Object> target, Map<?, ?> patch) {}

    @Override
    public Edit setIn(KeyState state, String path, @Nullable Object value) throws RefusedException {
        if (path.isEmpty() || path.charAt(0) != '/') {
            throw new RefusedException(400, "state.set_in: path must start with '/', got '" + path + "'");
        }
        return set(state, path.equals("/") ? value : paths.put(state.value(), segments(path), value));
    }

    @Override
    public Edit unregister(KeyState state, String path) {
        if (!state.exists()) {
            return Edit.none(state);
        }
        return set(state, path.equals("/") ? null : paths.remove(state.value(), segments(path)));
    }

    @Override
    public Edit append(KeyState state, @Nullable Object item, long most) throws RefusedException {
        throw new RefusedException(404, "unknown method: state.append");
    }

    /** All leading slashes are one. */
    private static List<String> segments(String path) {
        int start = 0;
        while (start < path.length() && path.charAt(start) == '/') {
            start++;
        }
        return List.of(path.substring(start).split("/", -1));
    }
}
