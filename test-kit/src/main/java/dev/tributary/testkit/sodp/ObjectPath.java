package dev.tributary.testkit.sodp;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writing by path as the Rust and Go servers do it: through objects only. Whatever else is in the way is replaced by an
 * object, an array too. Depth costs no stack.
 */
final class ObjectPath {

    private final ValueForm form;

    ObjectPath(ValueForm form) {
        this.form = form;
    }

    /** The document with a value written at a place below its root. */
    Object put(@Nullable Object document, List<String> segments, @Nullable Object value) {
        Map<String, @Nullable Object> root = container(document);
        Map<String, @Nullable Object> cursor = root;
        for (String segment : segments.subList(0, segments.size() - 1)) {
            Map<String, @Nullable Object> child = container(cursor.get(segment));
            cursor.put(segment, child);
            cursor = child;
        }
        cursor.put(segments.get(segments.size() - 1), value);
        return root;
    }

    /** The document without what is at a place below its root; the document itself where there is nothing. */
    @Nullable
    Object remove(@Nullable Object document, List<String> segments) {
        if (!reaches(document, segments)) {
            return document;
        }
        Map<String, @Nullable Object> root = container(document);
        Map<String, @Nullable Object> cursor = root;
        for (String segment : segments.subList(0, segments.size() - 1)) {
            Map<String, @Nullable Object> child = container(cursor.get(segment));
            cursor.put(segment, child);
            cursor = child;
        }
        cursor.remove(segments.get(segments.size() - 1));
        return root;
    }

    private static boolean reaches(@Nullable Object document, List<String> segments) {
        Object at = document;
        for (String segment : segments) {
            if (!(at instanceof Map<?, ?> map) || !map.containsKey(segment)) {
                return false;
            }
            at = map.get(segment);
        }
        return true;
    }

    private Map<String, @Nullable Object> container(@Nullable Object present) {
        return present instanceof Map<?, ?> map ? form.copy(map) : form.object();
    }
}
