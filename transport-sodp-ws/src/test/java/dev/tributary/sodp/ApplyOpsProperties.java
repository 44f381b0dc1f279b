package dev.tributary.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;

/** Steps on documents against the same on maps and lists that are changed in place, by the rules of the TypeScript server. */
class ApplyOpsProperties {

    /** What cannot be applied. */
    private static final class Unfit extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @Property(tries = 1000)
    @Tag("S22")
    @Tag("S25")
    void stepsDoWhatTheyDoToPlainObjects(
            @ForAll("documents") @Nullable Object document, @ForAll("ops") List<DeltaOp> ops) {
        Object model = copy(document);
        Object held = Documents.PLAIN.of(document);
        Object before = held;
        boolean fits = true;
        try {
            for (DeltaOp op : ops) {
                model = naive(model, op);
            }
        } catch (Unfit e) {
            fits = false;
        }
        try {
            held = Sodp.applyOps(held, ops, SodpDialect.TYPESCRIPT);
            assertThat(fits).as("the naive one refuses").isTrue();
            assertThat(held).isEqualTo(Documents.PLAIN.of(model));
        } catch (IllegalArgumentException e) {
            assertThat(fits)
                    .as("the naive one applies it, but: " + e.getMessage())
                    .isFalse();
        }
        assertThat(before).as("what was handed out").isEqualTo(Documents.PLAIN.of(document));
    }

    private static @Nullable Object copy(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((name, member) -> copy.put(name, copy(member)));
            return copy;
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(copy(element)));
            return copy;
        }
        return value;
    }

    private static @Nullable Object naive(@Nullable Object root, DeltaOp op) {
        String[] path =
                op.path().equals("/") ? new String[0] : op.path().substring(1).split("/", -1);
        if (path.length == 0) {
            return op.kind() == DeltaOp.Kind.REMOVE ? null : copy(op.value());
        }
        Object start = root == null ? container(path[0]) : root;
        Object node = start;
        for (int i = 0; i < path.length - 1; i++) {
            node = step(node, path[i], path[i + 1]);
        }
        last(node, path[path.length - 1], op);
        return start;
    }

    private static Object container(String segment) {
        return isIndex(segment) || segment.equals("-") ? new ArrayList<>() : new LinkedHashMap<>();
    }

    private static boolean isIndex(String segment) {
        return segment.matches("0|[1-9][0-9]*");
    }

    @SuppressWarnings("unchecked")
    private static Object step(Object node, String segment, String next) {
        if (node instanceof Map<?, ?>) {
            Map<String, Object> map = (Map<String, Object>) node;
            if (map.get(segment) == null) {
                map.put(segment, container(next));
            }
            return map.get(segment);
        }
        if (!(node instanceof List<?>)) {
            throw new Unfit();
        }
        List<Object> list = (List<Object>) node;
        if (!isIndex(segment) && !(segment.equals("-") && !list.isEmpty())) {
            throw new Unfit();
        }
        int index = segment.equals("-") ? list.size() - 1 : Integer.parseInt(segment);
        while (list.size() <= index) {
            list.add(null);
        }
        if (list.get(index) == null) {
            list.set(index, container(next));
        }
        return list.get(index);
    }

    @SuppressWarnings("unchecked")
    private static void last(Object node, String segment, DeltaOp op) {
        if (node instanceof Map<?, ?>) {
            Map<String, Object> map = (Map<String, Object>) node;
            if (op.kind() == DeltaOp.Kind.REMOVE) {
                map.remove(segment);
            } else {
                map.put(segment, copy(op.value()));
            }
            return;
        }
        if (!(node instanceof List<?>) || (!isIndex(segment) && !segment.equals("-"))) {
            throw new Unfit();
        }
        List<Object> list = (List<Object>) node;
        boolean dash = segment.equals("-");
        switch (op.kind()) {
            case REMOVE -> {
                int index = dash ? list.size() - 1 : Integer.parseInt(segment);
                if (index >= 0 && index < list.size()) {
                    list.remove(index);
                }
            }
            case ADD -> {
                int index = dash ? list.size() : Math.min(list.size(), Integer.parseInt(segment));
                list.add(index, copy(op.value()));
            }
            default -> {
                int index = dash ? list.size() : Integer.parseInt(segment);
                while (list.size() <= index) {
                    list.add(null);
                }
                list.set(index, copy(op.value()));
            }
        }
    }

    @Provide
    Arbitrary<Object> documents() {
        Arbitrary<Object> scalars =
                Arbitraries.of((Object) 1L, "text", true, 2.5).injectNull(0.2);
        return Arbitraries.recursive(
                () -> scalars,
                inner -> Arbitraries.oneOf(
                        inner.list().ofMaxSize(3).map(list -> list),
                        Arbitraries.maps(Arbitraries.of("a", "b", "0"), inner)
                                .ofMaxSize(3)
                                .map(map -> map)),
                0,
                3);
    }

    @Provide
    Arbitrary<List<DeltaOp>> ops() {
        Arbitrary<String> paths = Arbitraries.of("a", "b", "0", "1", "3", "-", "")
                .list()
                .ofMaxSize(3)
                .map(segments -> segments.isEmpty() ? "/" : "/" + String.join("/", segments));
        return Combinators.combine(Arbitraries.of(DeltaOp.Kind.class), paths, documents())
                .as((kind, path, value) -> new DeltaOp(kind, path, kind == DeltaOp.Kind.REMOVE ? null : value))
                .list()
                .ofMaxSize(4);
    }
}
