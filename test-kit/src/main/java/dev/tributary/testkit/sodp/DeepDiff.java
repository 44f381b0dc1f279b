package dev.tributary.testkit.sodp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ops between two values as the Rust and Go servers find them: fields of objects at any depth, everything else
 * whole. In the order of field names, an object's removals behind the rest of it. Names are joined as they are.
 */
final class DeepDiff {

    private DeepDiff() {}

    static List<SodpOp> between(@Nullable Object before, @Nullable Object after) {
        if (!(before instanceof Map<?, ?> old) || !(after instanceof Map<?, ?> now)) {
            return Sameness.same(before, after) ? List.of() : List.of(SodpOp.update("/", after));
        }
        List<SodpOp> ops = new ArrayList<>();
        Deque<Level> levels = new ArrayDeque<>();
        levels.push(new Level("", old, now));
        while (!levels.isEmpty()) {
            Level level = levels.peek();
            Level deeper = level.next(ops);
            if (deeper != null) {
                levels.push(deeper);
            } else if (level.isDone()) {
                levels.pop().removals(ops);
            }
        }
        return ops;
    }

    /** One object on the way down. */
    private static final class Level {

        private final String prefix;
        private final Map<?, ?> before;
        private final Map<?, ?> after;
        private final Iterator<String> names;

        Level(String prefix, Map<?, ?> before, Map<?, ?> after) {
            this.prefix = prefix;
            this.before = before;
            this.after = after;
            names = sorted(after).iterator();
        }

        /** Takes up the next field; the level below when it is an object on both sides. */
        @SuppressWarnings("ReferenceEquality") // shared structure is skipped without a look
        @Nullable
        Level next(List<SodpOp> ops) {
            if (!names.hasNext()) {
                return null;
            }
            String name = names.next();
            String path = prefix + "/" + name;
            Object now = after.get(name);
            if (!before.containsKey(name)) {
                ops.add(SodpOp.add(path, now));
                return null;
            }
            Object old = before.get(name);
            if (old == now) {
                return null;
            }
            if (old instanceof Map<?, ?> oldMap && now instanceof Map<?, ?> nowMap) {
                return new Level(path, oldMap, nowMap);
            }
            if (!Sameness.same(old, now)) {
                ops.add(SodpOp.update(path, now));
            }
            return null;
        }

        boolean isDone() {
            return !names.hasNext();
        }

        void removals(List<SodpOp> ops) {
            for (String name : sorted(before)) {
                if (!after.containsKey(name)) {
                    ops.add(SodpOp.remove(prefix + "/" + name));
                }
            }
        }

        private static List<String> sorted(Map<?, ?> map) {
            List<String> names = new ArrayList<>();
            map.keySet().forEach(name -> names.add((String) name));
            Collections.sort(names, ValueForm.BY_BYTES);
            return names;
        }
    }
}
