package dev.tributary.testkit.sodp;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A path as the TypeScript server reads it: RFC 6901 with its escapes, except that "/" alone is the whole value too.
 *
 * @param segments field names and indices, unescaped; none for the whole value
 */
record Pointer(List<String> segments) {

    static final String APPEND = "-";

    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,8}");

    static Pointer parse(String path) throws RefusedException {
        if (path.isEmpty() || path.equals("/")) {
            return new Pointer(List.of());
        }
        if (path.charAt(0) != '/') {
            throw new RefusedException(400, "pointer must start with /");
        }
        List<String> segments = new ArrayList<>();
        for (String segment : path.substring(1).split("/", -1)) {
            segments.add(segment.replace("~1", "/").replace("~0", "~"));
        }
        return new Pointer(segments);
    }

    /** A field name as one segment of a path. */
    static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    static boolean isIndex(String segment) {
        return INDEX.matcher(segment).matches();
    }

    /** Whether this segment makes the container that is created for it an array. */
    static boolean wantsArray(String segment) {
        return segment.equals(APPEND) || isIndex(segment);
    }

    boolean isRoot() {
        return segments.isEmpty();
    }

    String last() {
        return segments.get(segments.size() - 1);
    }
}
