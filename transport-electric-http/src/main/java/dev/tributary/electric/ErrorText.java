package dev.tributary.electric;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a server says in the body of an error: JSON by its own habit, anything from a proxy. */
final class ErrorText {

    private static final int SHOWN = 300;

    private ErrorText() {}

    /** The message in a body, in one line; empty when it has none. */
    static String of(String body) {
        String text = body.strip();
        if (text.startsWith("{")) {
            try {
                return shortened(messages(JsonText.read(text)));
            } catch (IllegalArgumentException e) {
                return shortened(text);
            }
        }
        return shortened(text);
    }

    /** {@code {"message":…,"errors":{field:[text…]}}}, with errors of a subset one level deeper, or {@code {"error":…}}. */
    private static String messages(Object document) {
        if (!(document instanceof Map<?, ?> members)) {
            return "";
        }
        List<String> found = new ArrayList<>();
        if (members.get("errors") instanceof Map<?, ?> errors) {
            errors.forEach((field, texts) -> collect(String.valueOf(field), texts, found));
        }
        if (found.isEmpty()) {
            for (String name : List.of("message", "error", "details")) {
                if (members.get(name) instanceof String text) {
                    found.add(text);
                }
            }
        }
        return found.isEmpty() ? members.toString() : String.join("; ", found);
    }

    private static void collect(String field, Object texts, List<String> found) {
        if (texts instanceof List<?> list) {
            list.forEach(text -> found.add(field + ": " + text));
        } else if (texts instanceof Map<?, ?> deeper) {
            deeper.forEach((name, inner) -> collect(field + "." + name, inner, found));
        } else {
            found.add(field + ": " + texts);
        }
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }
}
