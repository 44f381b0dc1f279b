package dev.tributary.sodp;

import java.util.List;

/**
 * How paths are spelled: segments behind slashes, with the escapes of JSON Pointer or without any. The slash alone is the
 * whole value, against the rule for JSON Pointers.
 */
enum PathSyntax {
    /** {@code ~1} is a slash and {@code ~0} a tilde. */
    POINTER,
    /** Everything between two slashes is a name as it is. */
    RAW;

    private static final String[] ROOT = {};

    /**
     * The segments of a path; none for the whole value.
     *
     * @throws IllegalArgumentException when it does not begin with a slash
     */
    String[] parse(String path) {
        if (path.isEmpty() || path.equals("/")) {
            return ROOT;
        }
        if (path.charAt(0) != '/') {
            throw new IllegalArgumentException("the path '" + path + "' does not begin with a slash");
        }
        int count = 0;
        for (int i = 0; i < path.length(); i++) {
            count += path.charAt(i) == '/' ? 1 : 0;
        }
        String[] segments = new String[count];
        int from = 1;
        for (int i = 0; i < count; i++) {
            int end = path.indexOf('/', from);
            String raw = path.substring(from, end < 0 ? path.length() : end);
            segments[i] = this == POINTER && raw.indexOf('~') >= 0 ? unescape(raw) : raw;
            from = end + 1;
        }
        return segments;
    }

    /** In one pass, so that {@code ~01} is a tilde and a one. */
    private static String unescape(String raw) {
        StringBuilder text = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            char next = c == '~' && i + 1 < raw.length() ? raw.charAt(i + 1) : 0;
            if (next == '0' || next == '1') {
                text.append(next == '0' ? '~' : '/');
                i++;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** The path of these segments. What {@link #RAW} cannot spell is for the caller to refuse. */
    String format(List<String> segments) {
        if (segments.isEmpty()) {
            return "/";
        }
        StringBuilder path = new StringBuilder();
        for (String segment : segments) {
            path.append('/').append(this == POINTER ? segment.replace("~", "~0").replace("/", "~1") : segment);
        }
        return path.toString();
    }
}
