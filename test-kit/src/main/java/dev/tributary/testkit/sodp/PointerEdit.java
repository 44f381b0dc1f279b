package dev.tributary.testkit.sodp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an op does to a document on the TypeScript server: missing parents are made, for REMOVE too; ADD at an index
 * inserts. Only the containers on the path are copied.
 */
final class PointerEdit {

    /** So that no request makes the server fill memory with nil. */
    private static final int LONGEST_PADDING = 100_000;

    private PointerEdit() {}

    static @Nullable Object apply(@Nullable Object document, SodpOp op) throws RefusedException {
        Pointer pointer = Pointer.parse(op.path());
        if (pointer.isRoot()) {
            return op.value();
        }
        List<String> segments = pointer.segments();
        Object root = container(document, segments.get(0));
        Object cursor = root;
        for (int i = 0; i < segments.size() - 1; i++) {
            cursor = descend(cursor, segments.get(i), segments.get(i + 1));
        }
        write(cursor, pointer.last(), op);
        return root;
    }

    /** A copy of a container that may be changed, or a new one of the kind its first segment asks for. */
    private static Object container(@Nullable Object present, String segment) throws RefusedException {
        if (present == null) {
            return Pointer.wantsArray(segment) ? new ArrayList<>() : new LinkedHashMap<>();
        }
        if (present instanceof Map<?, ?> map) {
            return new LinkedHashMap<>(map);
        }
        if (present instanceof List<?> list) {
            return new ArrayList<>(list);
        }
        throw new RefusedException(400, "cannot traverse a scalar at \"" + segment + "\"");
    }

    @SuppressWarnings("unchecked")
    private static Object descend(Object parent, String segment, String below) throws RefusedException {
        if (parent instanceof Map) {
            Map<String, @Nullable Object> map = (Map<String, @Nullable Object>) parent;
            Object child = container(map.get(segment), below);
            map.put(segment, child);
            return child;
        }
        List<@Nullable Object> list = (List<@Nullable Object>) parent;
        if (segment.equals(Pointer.APPEND)) {
            int last = Math.max(0, list.size() - 1);
            return place(list, last, below);
        }
        // A name on an array is a property that nobody ever sees.
        return Pointer.isIndex(segment) ? place(list, index(segment), below) : container(null, below);
    }

    private static Object place(List<@Nullable Object> list, int index, String below) throws RefusedException {
        pad(list, index + 1);
        Object child = container(list.get(index), below);
        list.set(index, child);
        return child;
    }

    @SuppressWarnings("unchecked")
    private static void write(Object parent, String segment, SodpOp op) throws RefusedException {
        if (parent instanceof Map) {
            Map<String, @Nullable Object> map = (Map<String, @Nullable Object>) parent;
            if (op.kind() == SodpOp.Kind.REMOVE) {
                map.remove(segment);
            } else {
                map.put(segment, op.value());
            }
            return;
        }
        List<@Nullable Object> list = (List<@Nullable Object>) parent;
        switch (op.kind()) {
            case ADD -> add(list, segment, op.value());
            case UPDATE -> update(list, segment, op.value());
            case REMOVE -> remove(list, segment);
        }
    }

    private static void add(List<@Nullable Object> list, String segment, @Nullable Object value) {
        if (segment.equals(Pointer.APPEND)) {
            list.add(value);
        } else {
            list.add(Pointer.isIndex(segment) ? Math.min(Integer.parseInt(segment), list.size()) : 0, value);
        }
    }

    private static void update(List<@Nullable Object> list, String segment, @Nullable Object value)
            throws RefusedException {
        refuseAppend(segment, "UPDATE");
        if (Pointer.isIndex(segment)) {
            int index = index(segment);
            pad(list, index + 1);
            list.set(index, value);
        }
    }

    private static void remove(List<@Nullable Object> list, String segment) throws RefusedException {
        refuseAppend(segment, "REMOVE");
        int index = Pointer.isIndex(segment) ? Integer.parseInt(segment) : 0;
        if (index < list.size()) {
            list.remove(index);
        }
    }

    private static void refuseAppend(String segment, String what) throws RefusedException {
        if (segment.equals(Pointer.APPEND)) {
            throw new RefusedException(400, "cannot " + what + " on array append path \"-\"");
        }
    }

    private static int index(String segment) throws RefusedException {
        int index = Integer.parseInt(segment);
        if (index > LONGEST_PADDING) {
            throw new RefusedException(400, "index too large");
        }
        return index;
    }

    private static void pad(List<@Nullable Object> list, int size) {
        while (list.size() < size) {
            list.add(null);
        }
    }
}
