package dev.tributary.replay.sodp;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which server was recorded, by its first word. */
enum Dialect {
    RUST,
    TYPESCRIPT,
    GO;

    static Dialect of(Frame hello) {
        if ("SODP-RS".equals(hello.text("server"))
                || (hello.text("protocol") == null && "0.1".equals(hello.text("version")))) {
            return RUST;
        }
        boolean flags = hello.body().get("capabilities") instanceof Map<?, ?> capabilities
                && capabilities.containsKey("multi_watch");
        return hello.text("server_id") != null && !flags ? GO : TYPESCRIPT;
    }

    /** Whether errors on stream 0 answer the oldest request that has no answer. */
    boolean answersInOrder() {
        return this != TYPESCRIPT;
    }

    /** The segments of a path as this server reads it; null when it is none. */
    String @Nullable [] segments(String path) {
        if (this == GO) {
            return path.isEmpty() ? new String[0] : path.split("\\.", -1);
        }
        if (path.isEmpty()) {
            return new String[0];
        }
        if (path.charAt(0) != '/') {
            return null;
        }
        if (this == RUST) {
            String stripped = path.replaceFirst("^/+", "");
            return stripped.isEmpty() && path.length() < 3 ? new String[0] : stripped.split("/", -1);
        }
        if (path.equals("/")) {
            return new String[0];
        }
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            segments[i] = segments[i].replace("~1", "/").replace("~0", "~");
        }
        return segments;
    }
}
