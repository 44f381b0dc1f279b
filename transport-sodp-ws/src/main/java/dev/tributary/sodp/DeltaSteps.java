package dev.tributary.sodp;

import dev.tributary.ProtocolException;
import dev.tributary.sodp.DeltaOp.Kind;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Applies the steps of one delta, one after the other as they are read. Whatever is wrong with one makes all of it void. */
@SuppressWarnings("ReferenceEquality") // identity is what is asked for
final class DeltaSteps {

    private static final Object NO_VALUE = new Object();
    private static final int MOST_SEGMENTS = Decoder.MOST_LEVELS / 2;

    private final SodpDialect dialect;
    private @Nullable Object document;
    private boolean initialized;
    private boolean touchedRoot;
    private int steps;
    private int gapLeft = DocumentEdit.WIDEST_GAP;
    /** Members of the root that may have changed; null where nobody asks. */
    private final @Nullable Set<String> touched;
    /** Paths seen, where one that comes twice shows that names hold slashes. */
    private final @Nullable Set<String> paths;

    private @Nullable String firstPath;

    DeltaSteps(SodpDialect dialect, @Nullable Object document, boolean initialized, boolean wantsTouched) {
        this.dialect = dialect;
        this.document = document;
        this.initialized = initialized;
        this.touched = wantsTouched ? new LinkedHashSet<>() : null;
        this.paths = dialect == SodpDialect.RUST ? new HashSet<>() : null;
    }

    @Nullable
    Object document() {
        return document;
    }

    /** Whether the key exists after it. */
    boolean initialized() {
        return initialized;
    }

    boolean touchedRoot() {
        return touchedRoot;
    }

    /** Members of the root that may have changed. */
    Set<String> touched() {
        return touched == null ? Set.of() : touched;
    }

    /** Reads and applies all steps of a delta. */
    void apply(Delta delta, Decoder decoder) throws UnfitDelta {
        decoder.reset(delta.frame().bytes(), delta.ops(), delta.frame().end());
        int count = decoder.array("ops of DELTA");
        for (int i = 0; i < count; i++) {
            step(decoder, i);
        }
    }

    private void step(Decoder decoder, int number) throws UnfitDelta {
        String what = "a step of DELTA";
        int fields = decoder.map(what);
        String op = null;
        String path = null;
        Object value = NO_VALUE;
        for (int i = 0; i < fields; i++) {
            switch (decoder.field(what)) {
                case OP -> op = decoder.name("op of a step");
                case PATH -> path = decoder.name("path of a step");
                case VALUE -> value = decoder.value("value of a step", levelsBelow(path));
                default -> decoder.skip(what);
            }
        }
        if (op == null || path == null) {
            throw new ProtocolException("step " + number + " of DELTA has no " + (op == null ? "op" : "path"));
        }
        Kind kind = kind(op);
        if (kind != Kind.REMOVE && value == NO_VALUE) {
            throw new UnfitDelta(kind + " of " + Shown.text(path) + " has no value, which may have been any empty one");
        }
        apply(kind, path, value == NO_VALUE ? null : value);
    }

    /** How deep a value may be that stands at the end of a path, or of one that is not known yet. */
    private static int levelsBelow(@Nullable String path) {
        if (path == null) {
            return Decoder.MOST_LEVELS - MOST_SEGMENTS;
        }
        int slashes = 0;
        for (int i = 0; i < path.length(); i++) {
            slashes += path.charAt(i) == '/' ? 1 : 0;
        }
        return Decoder.MOST_LEVELS - slashes;
    }

    private static Kind kind(String op) throws UnfitDelta {
        return switch (op) {
            case "ADD" -> Kind.ADD;
            case "UPDATE" -> Kind.UPDATE;
            case "REMOVE" -> Kind.REMOVE;
            default -> throw new UnfitDelta("unknown op " + Shown.text(op));
        };
    }

    /** Applies one step. */
    void apply(Kind kind, String path, @Nullable Object value) throws UnfitDelta {
        String[] segments = segments(path);
        check(kind, path, segments);
        DocumentEdit edit = new DocumentEdit(dialect, kind, segments, value, gapLeft);
        document = edit.apply(document);
        gapLeft = edit.gapLeft();
        initialized = segments.length > 0 || kind != Kind.REMOVE;
        if (segments.length == 0) {
            touchedRoot = true;
        } else if (touched != null) {
            touched.add(segments[0]);
        }
        steps++;
    }

    private String[] segments(String path) throws UnfitDelta {
        try {
            String[] segments = dialect.paths().parse(path);
            if (segments.length > MOST_SEGMENTS) {
                throw new UnfitDelta("a path of " + segments.length + " segments");
            }
            return segments;
        } catch (IllegalArgumentException e) {
            throw new UnfitDelta(Shown.text(path) + " is no path");
        }
    }

    /** What a server of exact differences cannot have meant, unless names of members are empty or hold slashes. */
    private void check(Kind kind, String path, String[] segments) throws UnfitDelta {
        if (!dialect.exactDeltas()) {
            return;
        }
        boolean root = segments.length == 0;
        if (steps > 0 && (root || touchedRoot)) {
            throw new UnfitDelta("a step of the whole value beside others: a member may have the empty name");
        }
        if (root && kind == Kind.ADD && initialized) {
            throw new UnfitDelta("ADD of a value that is there: a member may have the empty name");
        }
        if (paths != null && repeats(path)) {
            throw new UnfitDelta(Shown.text(path) + " twice: names of members may hold slashes");
        }
    }

    /** A set is made only for the second step. */
    private boolean repeats(String path) {
        if (firstPath == null) {
            firstPath = path;
            return false;
        }
        if (paths == null) {
            return false;
        }
        paths.add(firstPath);
        return !paths.add(path);
    }

    /** Whether the key is gone after these steps, without a value to apply them to. */
    static boolean isDeletion(Delta delta, Decoder decoder) {
        boolean gone = false;
        decoder.reset(delta.frame().bytes(), delta.ops(), delta.frame().end());
        int count = decoder.array("ops of DELTA");
        for (int i = 0; i < count; i++) {
            int fields = decoder.map("a step of DELTA");
            String op = "";
            String path = "";
            for (int field = 0; field < fields; field++) {
                switch (decoder.field("a step of DELTA")) {
                    case OP -> op = decoder.name("op of a step");
                    case PATH -> path = decoder.name("path of a step");
                    default -> decoder.skip("a step of DELTA");
                }
            }
            gone = op.equals("REMOVE") && (path.isEmpty() || path.equals("/"));
        }
        return gone;
    }
}
