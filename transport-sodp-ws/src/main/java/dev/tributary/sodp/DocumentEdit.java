package dev.tributary.sodp;

import dev.tributary.sodp.DeltaOp.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One step of a delta on a document. Only the containers on its path are copied. What the table of the specification
 * leaves undefined, or what a server that sends exact differences cannot have meant, does not fit.
 */
@SuppressWarnings("ReferenceEquality") // identity is what is asked for
final class DocumentEdit {

    /** Nothing is there, which is not the same as a nil. */
    private static final Object ABSENT = MapNode.ABSENT;

    /** Places further behind the ends of arrays than this are no honest ones, in all steps of a delta together. */
    static final int WIDEST_GAP = 100_000;

    private static final int APPEND = -1;
    private static final int NO_INDEX = -2;

    private final SodpDialect dialect;
    private final Kind kind;
    private final String[] path;
    private final @Nullable Object value;
    private int gapLeft;

    /** @param gapLeft how many nils may be put behind arrays so that they reach a place */
    DocumentEdit(SodpDialect dialect, Kind kind, String[] path, @Nullable Object value, int gapLeft) {
        this.dialect = dialect;
        this.kind = kind;
        this.path = path;
        this.value = value;
        this.gapLeft = gapLeft;
    }

    /** What is left of it. */
    int gapLeft() {
        return gapLeft;
    }

    /** The document after this step. */
    @Nullable
    Object apply(@Nullable Object document) throws UnfitDelta {
        if (path.length == 0) {
            return kind == Kind.REMOVE ? null : value;
        }
        return edit(document, 0);
    }

    private @Nullable Object edit(@Nullable Object node, int depth) throws UnfitDelta {
        String segment = path[depth];
        if (node instanceof DocMap map) {
            return depth == path.length - 1 ? member(map, segment) : below(map, segment, depth);
        }
        if (node instanceof DocList list) {
            return depth == path.length - 1 ? element(list, segment, depth) : below(list, segment, depth);
        }
        if (node != null && node != ABSENT) {
            throw unfit(depth, "a " + node.getClass().getSimpleName() + " is in the way");
        }
        if (dialect.exactDeltas()) {
            throw unfit(depth, "there is nothing to hold it");
        }
        // Parents that are missing are made on the way, even for REMOVE: so does the server.
        return edit(index(segment) == NO_INDEX ? DocMap.EMPTY : DocList.EMPTY, depth);
    }

    private DocMap member(DocMap map, String name) throws UnfitDelta {
        if (dialect.exactDeltas()) {
            boolean there = map.find(name) != ABSENT;
            if (there == (kind == Kind.ADD)) {
                throw unfit(path.length - 1, there ? "it is there already" : "it is not there");
            }
        }
        return kind == Kind.REMOVE ? map.without(name) : map.with(name, value);
    }

    private DocMap below(DocMap map, String name, int depth) throws UnfitDelta {
        return map.with(name, edit(map.find(name), depth + 1));
    }

    private DocList below(DocList list, String segment, int depth) throws UnfitDelta {
        int index = index(segment);
        if (index == APPEND && dialect.insertsAtIndex() && !list.isEmpty()) {
            index = list.size() - 1;
        }
        if (index < 0) {
            throw unfit(depth, "an array has no such place");
        }
        if (index < list.size()) {
            return list.with(index, edit(list.get(index), depth + 1));
        }
        Object child = edit(ABSENT, depth + 1);
        return padded(list, index, depth).appended(child);
    }

    private DocList element(DocList list, String segment, int depth) throws UnfitDelta {
        int index = index(segment);
        if (index == NO_INDEX) {
            throw unfit(depth, "an array has no such place");
        }
        int size = list.size();
        if (kind == Kind.REMOVE) {
            int at = index == APPEND ? size - 1 : index;
            if (at >= 0 && at < size) {
                return list.without(at);
            }
            if (dialect.exactDeltas()) {
                throw unfit(depth, "the array has " + size + " elements");
            }
            return list;
        }
        if (index == size && kind == Kind.UPDATE && dialect.exactDeltas()) {
            throw unfit(depth, "the array has " + size + " elements");
        }
        if (index == APPEND || index == size) {
            return list.appended(value);
        }
        if (index < size) {
            return kind == Kind.ADD && dialect.insertsAtIndex() ? list.inserted(index, value) : list.with(index, value);
        }
        if (kind == Kind.ADD && dialect.insertsAtIndex()) {
            return list.appended(value);
        }
        return padded(list, index, depth).appended(value);
    }

    /** The list with as many nils behind it as the server puts there before this index. */
    private DocList padded(DocList list, int index, int depth) throws UnfitDelta {
        int gap = index - list.size();
        if (gap > 0 && (!dialect.insertsAtIndex() || gap > gapLeft)) {
            throw unfit(depth, "the array has only " + list.size() + " elements");
        }
        if (dialect.exactDeltas()) {
            throw unfit(depth, "the array has " + list.size() + " elements");
        }
        gapLeft -= Math.max(gap, 0);
        return list.padded(gap);
    }

    /** Whether a server may take the name for a place in an array. */
    static boolean looksLikeIndex(String segment) {
        return index(segment) != NO_INDEX;
    }

    /** The index that a segment is: digits of ASCII without a zero before them. */
    private static int index(String segment) {
        int length = segment.length();
        if (length == 1 && segment.charAt(0) == '-') {
            return APPEND;
        }
        if (length == 0 || length > 9 || (length > 1 && segment.charAt(0) == '0')) {
            return NO_INDEX;
        }
        int index = 0;
        for (int i = 0; i < length; i++) {
            int digit = segment.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return NO_INDEX;
            }
            index = 10 * index + digit;
        }
        return index;
    }

    private UnfitDelta unfit(int depth, String why) {
        StringBuilder place = new StringBuilder();
        for (int i = 0; i <= depth && place.length() < 200; i++) {
            place.append('/').append(path[i]);
        }
        return new UnfitDelta(kind + " of " + Shown.text(place.toString()) + ": " + why);
    }
}
