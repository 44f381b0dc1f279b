package dev.tributary.testkit.sodp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The TypeScript server: one level of differences, escaped paths that reach into arrays, a version for each DELTA. */
final class TypeScriptWrites implements WriteRules {

    @Override
    public Edit set(KeyState state, @Nullable Object value) {
        if (!state.exists()) {
            // A first nil tells nobody, yet the key exists from then on.
            return value == null
                    ? new Edit(null, true, List.of(), false)
                    : Edit.told(value, List.of(SodpOp.update("/", value)));
        }
        if (state.value() instanceof Map<?, ?> before && value instanceof Map<?, ?> after) {
            List<SodpOp> ops = topLevel(before, after);
            return ops.isEmpty() ? Edit.none(state) : Edit.told(value, ops);
        }
        return unchanged(state.value(), value)
                ? Edit.none(state)
                : Edit.told(value, List.of(SodpOp.update("/", value)));
    }

    private static List<SodpOp> topLevel(Map<?, ?> before, Map<?, ?> after) {
        List<SodpOp> ops = new ArrayList<>();
        after.forEach((name, value) -> {
            String path = "/" + Pointer.escape((String) name);
            if (!before.containsKey(name)) {
                ops.add(SodpOp.add(path, value));
            } else if (!unchanged(before.get(name), value)) {
                ops.add(SodpOp.update(path, value));
            }
        });
        before.forEach((name, value) -> {
            if (!after.containsKey(name)) {
                ops.add(SodpOp.remove("/" + Pointer.escape((String) name)));
            }
        });
        return ops;
    }

    /** Objects and arrays are compared by identity, so they always count as changed. */
    private static boolean unchanged(@Nullable Object before, @Nullable Object after) {
        boolean scalar = !(after instanceof Map) && !(after instanceof List);
        return scalar && Sameness.same(before, after);
    }

    @Override
    public Edit patch(KeyState state, Map<?, ?> patch) throws RefusedException {
        List<SodpOp> ops = new ArrayList<>();
        patch.forEach((name, value) -> ops.add(SodpOp.update("/" + Pointer.escape((String) name), value)));
        return apply(state, ops);
    }

    @Override
    public Edit setIn(KeyState state, String path, @Nullable Object value) throws RefusedException {
        return apply(state, List.of(SodpOp.update(path, value)));
    }

    @Override
    public Edit unregister(KeyState state, String path) throws RefusedException {
        return apply(state, List.of(SodpOp.remove(path)));
    }

    @Override
    public Edit append(KeyState state, @Nullable Object item, long most) throws RefusedException {
        List<SodpOp> ops = new ArrayList<>();
        int size = state.value() instanceof List<?> list ? list.size() : 0;
        if (most > 0 && size >= most) {
            ops.add(SodpOp.remove("/0"));
        }
        ops.add(SodpOp.add("/-", item));
        return apply(state, ops);
    }

    /** What the application may do besides: any ops, in order. */
    static Edit apply(KeyState state, List<SodpOp> ops) throws RefusedException {
        if (ops.isEmpty()) {
            return Edit.none(state);
        }
        Object value = state.value();
        boolean exists = true;
        for (SodpOp op : ops) {
            value = PointerEdit.apply(value, op);
            if (op.atRoot()) {
                exists = op.kind() != SodpOp.Kind.REMOVE;
            } else {
                exists = true;
            }
        }
        return new Edit(value, exists, ops, true);
    }
}
