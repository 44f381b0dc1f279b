package dev.tributary.sodp;

import dev.tributary.ConfigurationException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call of a method of the server, and what each dialect makes of it. What a server would store as something else, or
 * not survive, is refused here.
 *
 * @param method as it is asked for
 * @param key null where the method has none
 * @param path null where the method has none
 * @param value the value, the patch, or all arguments of a method of the application
 * @param most the longest that an append leaves an array; 0 for any
 * @param depth how far a patch goes
 */
record Invocation(
        String method,
        @Nullable String key,
        @Nullable SodpPath path,
        @Nullable Object value,
        long most,
        PatchDepth depth) {

    static final String SET = "state.set";
    static final String PATCH = "state.patch";
    static final String SET_IN = "state.set_in";
    static final String DELETE = "state.delete";
    static final String PRESENCE = "state.presence";
    static final String APPEND = "state.append";

    Invocation(String method, @Nullable String key, @Nullable SodpPath path, @Nullable Object value, long most) {
        this(method, key, path, value, most, PatchDepth.AS_SERVER);
    }

    static Invocation set(String key, @Nullable Object value) {
        return new Invocation(SET, key, null, value, 0);
    }

    static Invocation patch(String key, Object patch) {
        return new Invocation(PATCH, key, null, patch, 0);
    }

    static Invocation patch(String key, Object patch, PatchDepth depth) {
        return new Invocation(PATCH, key, null, patch, 0, depth);
    }

    static Invocation setIn(String key, SodpPath path, @Nullable Object value) {
        // Not every server takes a root here, and every one takes it as a set.
        return path.isRoot() ? set(key, value) : new Invocation(SET_IN, key, path, value, 0);
    }

    static Invocation delete(String key) {
        return new Invocation(DELETE, key, null, null, 0);
    }

    static Invocation presence(String key, SodpPath path, @Nullable Object value) {
        return new Invocation(PRESENCE, key, path, value, 0);
    }

    static Invocation append(String key, @Nullable Object value, long most) {
        return new Invocation(APPEND, key, null, value, most);
    }

    static Invocation call(String method, Object arguments) {
        return new Invocation(method, null, null, arguments, 0);
    }

    /** Whether the server answers such calls in the order in which they came, even where it does not for others. */
    boolean isBuiltIn() {
        return key != null;
    }

    /** The calls of the server that it takes: itself, but for patches that the server does not do as is wanted. */
    List<Invocation> steps(SodpDialect dialect) {
        return key != null && method.equals(PATCH) && value instanceof DocMap patch
                ? PatchSteps.of(key, patch, depth, dialect)
                : List.of(this);
    }

    boolean isPresence() {
        return method.equals(PRESENCE);
    }

    /**
     * Refuses what this dialect cannot carry.
     *
     * @param known what the key holds as far as we know; null for nothing
     */
    void check(SodpDialect dialect, @Nullable Object known) {
        boolean whole = path == null && (method.equals(SET) || method.equals(PATCH));
        if (whole && value instanceof DocMap map && map.containsKey("")) {
            throw new ConfigurationException(
                    "a member of the root cannot have the empty name: servers tell its changes as if it were the root");
        }
        if (dialect == SodpDialect.TYPESCRIPT && holdsProto(value)) {
            throw new ConfigurationException("the TypeScript server takes no member that is named __proto__");
        }
        if (isPresence() && !dialect.knowsPresence()) {
            throw new ConfigurationException("this server does not know presence");
        }
        if (path != null) {
            checkPath(path, dialect, known);
        }
    }

    private static boolean holdsProto(@Nullable Object value) {
        if (value instanceof DocMap map) {
            for (Map.Entry<String, @Nullable Object> member : map.entrySet()) {
                if (member.getKey().equals("__proto__") || holdsProto(member.getValue())) {
                    return true;
                }
            }
        } else if (value instanceof List<?> list) {
            for (Object element : list) {
                if (holdsProto(element)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void checkPath(SodpPath path, SodpDialect dialect, @Nullable Object known) {
        if (path.segments().size() > Documents.MOST_LEVELS) {
            throw new ConfigurationException("a path has at most " + Documents.MOST_LEVELS + " segments");
        }
        if (!path.isRoot() && path.segments().get(0).isEmpty()) {
            throw new ConfigurationException(
                    "a member of the root cannot have the empty name: servers tell its changes as if it were the root");
        }
        if (!dialect.exactDeltas()) {
            return;
        }
        String separator = dialect == SodpDialect.GO ? "." : "/";
        for (String segment : path.segments()) {
            if (segment.contains(separator) || (segment.isEmpty() && dialect == SodpDialect.GO)) {
                throw new ConfigurationException("this server cannot be told the path " + Shown.text(path.toString())
                        + ": a segment is empty or holds '" + separator + "'");
            }
        }
        checkArrays(path, known);
    }

    /** These servers would replace an array in the way by an object. */
    private static void checkArrays(SodpPath path, @Nullable Object known) {
        Object node = known;
        for (String segment : path.segments()) {
            if (node instanceof DocList) {
                throw new ConfigurationException("the path " + Shown.text(path.toString())
                        + " goes through an array, which this server would replace by an object; set the array as a"
                        + " whole");
            }
            node = node instanceof DocMap map ? map.get(segment) : null;
        }
    }

    /** Writes the body of CALL. */
    void write(String callId, SodpDialect dialect, Encoder to) throws IOException {
        to.map(3).text("call_id").text(callId).text("method").text(method).text("args");
        if (key == null) {
            to.value(value);
            return;
        }
        boolean hasValue = !method.equals(DELETE);
        to.map(1 + (path == null ? 0 : 1) + (hasValue ? 1 : 0) + (most > 0 ? 1 : 0));
        to.text("state").text(key);
        if (path != null) {
            to.text("path").text(spelled(path, dialect));
        }
        if (hasValue) {
            to.text(method.equals(PATCH) ? "patch" : "value").value(value);
        }
        if (most > 0) {
            to.text("max_len").wideNumber(most);
        }
    }

    private static String spelled(SodpPath path, SodpDialect dialect) {
        return dialect == SodpDialect.GO
                ? String.join(".", path.segments())
                : dialect.paths().format(path.segments());
    }

    /** Shows no value. */
    @Override
    public String toString() {
        return key == null ? method : method + " of " + Shown.text(key);
    }
}
