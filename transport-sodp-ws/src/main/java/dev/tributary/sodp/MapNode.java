package dev.tributary.sodp;

import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A node of the hash trie of a large object. Members stand before child nodes in one array; two bit maps say at which of
 * the 32 places of this level each belongs. A child never holds a single member, so equal objects have equal tries. Names
 * whose hashes are equal to the last bit share a node that is sorted by name: whoever sends many of them on purpose gains
 * nothing.
 */
@SuppressWarnings("ReferenceEquality") // identity is what is asked for
final class MapNode {

    /** There is no member of that name. */
    static final Object ABSENT = new Object();

    private static final int BITS = 5;
    private static final int HASH_BITS = 32;

    private final int memberMap;
    private final int childMap;
    /** First name and value of each member by turns, then the children. In a node of equal hashes members only. */
    private final @Nullable Object[] content;

    private final int members;
    private final int count;
    private final long bytes;

    private MapNode(int memberMap, int childMap, @Nullable Object[] content, int members, int count, long bytes) {
        this.memberMap = memberMap;
        this.childMap = childMap;
        this.content = content;
        this.members = members;
        this.count = count;
        this.bytes = bytes;
    }

    private static MapNode ofEqualHashes(@Nullable Object[] sorted) {
        long bytes = 0;
        for (int i = 0; i < sorted.length; i += 2) {
            bytes += Sizes.ofMember(sorted[i], sorted[i + 1]);
        }
        return new MapNode(0, 0, sorted, sorted.length / 2, sorted.length / 2, bytes);
    }

    /** About how many bytes its members need. */
    long bytes() {
        return bytes;
    }

    /** How many members there are from here down. */
    int count() {
        return count;
    }

    private String name(int member) {
        return name(content, member);
    }

    private static String name(@Nullable Object[] pairs, int index) {
        return (String) java.util.Objects.requireNonNull(pairs[2 * index]);
    }

    private MapNode child(int index) {
        return (MapNode) java.util.Objects.requireNonNull(content[2 * members + index]);
    }

    private static int bit(int hash, int shift) {
        return 1 << (hash >>> shift & 31);
    }

    private static int before(int map, int bit) {
        return Integer.bitCount(map & (bit - 1));
    }

    // ---- building ----

    /**
     * A trie of these pairs; of two with the same name the last counts.
     *
     * @param pairs names and values by turns
     * @param count how many pairs are used
     */
    static MapNode bulk(@Nullable Object[] pairs, int count) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        return build(pairs, order, 0, count, new int[count], 0);
    }

    /** Sorts a range by the bits of this level, keeping the order among equals, and builds a node of it. */
    private static MapNode build(@Nullable Object[] pairs, int[] order, int from, int to, int[] scratch, int shift) {
        if (shift >= HASH_BITS) {
            return ofEqualHashes(sorted(pairs, order, from, to));
        }
        int[] ends = new int[33];
        for (int i = from; i < to; i++) {
            ends[(name(pairs, order[i]).hashCode() >>> shift & 31) + 1]++;
        }
        for (int place = 1; place <= 32; place++) {
            ends[place] += ends[place - 1];
        }
        int[] next = Arrays.copyOf(ends, 32);
        for (int i = from; i < to; i++) {
            scratch[from + next[name(pairs, order[i]).hashCode() >>> shift & 31]++] = order[i];
        }
        System.arraycopy(scratch, from, order, from, to - from);
        return assemble(pairs, order, from, ends, scratch, shift);
    }

    private static MapNode assemble(
            @Nullable Object[] pairs, int[] order, int from, int[] ends, int[] scratch, int shift) {
        int memberMap = 0;
        int childMap = 0;
        int members = 0;
        int children = 0;
        int count = 0;
        long bytes = 0;
        @Nullable Object[] singles = new Object[64];
        MapNode[] nodes = new MapNode[32];
        for (int place = 0; place < 32; place++) {
            int start = from + ends[place];
            int end = from + ends[place + 1];
            if (start == end) {
                continue;
            }
            MapNode child = end - start == 1 ? null : build(pairs, order, start, end, scratch, shift + BITS);
            if (child != null && child.count > 1) {
                nodes[children++] = child;
                childMap |= 1 << place;
                count += child.count;
                bytes += child.bytes;
            } else {
                // One name, perhaps several times: the last counts.
                int last = order[end - 1];
                singles[2 * members] = pairs[2 * last];
                singles[2 * members + 1] = pairs[2 * last + 1];
                bytes += Sizes.ofMember(pairs[2 * last], pairs[2 * last + 1]);
                members++;
                memberMap |= 1 << place;
                count++;
            }
        }
        @Nullable Object[] content = Arrays.copyOf(singles, 2 * members + children);
        System.arraycopy(nodes, 0, content, 2 * members, children);
        return new MapNode(memberMap, childMap, content, members, count, bytes);
    }

    private static @Nullable Object[] sorted(@Nullable Object[] pairs, int[] order, int from, int to) {
        Integer[] byName = new Integer[to - from];
        for (int i = from; i < to; i++) {
            byName[i - from] = order[i];
        }
        Arrays.sort(byName, (a, b) -> name(pairs, a).compareTo(name(pairs, b)));
        @Nullable Object[] sorted = new Object[2 * byName.length];
        int used = 0;
        for (Integer index : byName) {
            boolean again = used > 0 && name(sorted, used - 1).equals(name(pairs, index));
            int to2 = again ? used - 1 : used++;
            sorted[2 * to2] = pairs[2 * index];
            sorted[2 * to2 + 1] = pairs[2 * index + 1];
        }
        return Arrays.copyOf(sorted, 2 * used);
    }

    // ---- reading ----

    @Nullable
    Object find(String name, int hash, int shift) {
        MapNode node = this;
        int level = shift;
        while (level < HASH_BITS) {
            int bit = bit(hash, level);
            if ((node.memberMap & bit) != 0) {
                int at = before(node.memberMap, bit);
                return name.equals(node.content[2 * at]) ? node.content[2 * at + 1] : ABSENT;
            }
            if ((node.childMap & bit) == 0) {
                return ABSENT;
            }
            node = node.child(before(node.childMap, bit));
            level += BITS;
        }
        int at = node.search(name);
        return at < 0 ? ABSENT : node.content[2 * at + 1];
    }

    /** The place of a name among equal hashes, or where it would stand as {@code -1 - place}. */
    private int search(String name) {
        int low = 0;
        int high = members - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = name(middle).compareTo(name);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1 - low;
    }

    // ---- changing ----

    MapNode with(String name, int hash, @Nullable Object value, int shift) {
        if (shift >= HASH_BITS) {
            int at = search(name);
            return at >= 0 ? withValue(at, value) : inserted(-1 - at, name, value, 0);
        }
        int bit = bit(hash, shift);
        if ((memberMap & bit) != 0) {
            int at = before(memberMap, bit);
            if (name.equals(content[2 * at])) {
                return withValue(at, value);
            }
            @Nullable Object[] two = {content[2 * at], content[2 * at + 1], name, value};
            return memberBecomesChild(at, bit, build(two, new int[] {0, 1}, 0, 2, new int[2], shift + BITS));
        }
        if ((childMap & bit) != 0) {
            int at = before(childMap, bit);
            MapNode child = child(at);
            MapNode next = child.with(name, hash, value, shift + BITS);
            return next == child ? this : withChild(at, next);
        }
        return inserted(before(memberMap, bit), name, value, bit);
    }

    private MapNode withValue(int member, @Nullable Object value) {
        if (content[2 * member + 1] == value) {
            return this;
        }
        @Nullable Object[] next = content.clone();
        next[2 * member + 1] = value;
        long more = Sizes.of(value) - Sizes.of(content[2 * member + 1]);
        return new MapNode(memberMap, childMap, next, members, count, bytes + more);
    }

    private MapNode withChild(int index, MapNode child) {
        @Nullable Object[] next = content.clone();
        MapNode before = child(index);
        next[2 * members + index] = child;
        return new MapNode(
                memberMap,
                childMap,
                next,
                members,
                count + child.count - before.count,
                bytes + child.bytes - before.bytes);
    }

    private MapNode inserted(int member, String name, @Nullable Object value, int bit) {
        @Nullable Object[] next = new Object[content.length + 2];
        System.arraycopy(content, 0, next, 0, 2 * member);
        next[2 * member] = name;
        next[2 * member + 1] = value;
        System.arraycopy(content, 2 * member, next, 2 * member + 2, content.length - 2 * member);
        return new MapNode(
                memberMap | bit, childMap, next, members + 1, count + 1, bytes + Sizes.ofMember(name, value));
    }

    private MapNode memberBecomesChild(int member, int bit, MapNode child) {
        int index = before(childMap, bit);
        @Nullable Object[] next = new Object[content.length - 1];
        System.arraycopy(content, 0, next, 0, 2 * member);
        int toChild = 2 * members - 2 + index;
        System.arraycopy(content, 2 * member + 2, next, 2 * member, toChild - 2 * member);
        next[toChild] = child;
        System.arraycopy(content, toChild + 2, next, toChild + 1, content.length - toChild - 2);
        long more = child.bytes - Sizes.ofMember(content[2 * member], content[2 * member + 1]);
        return new MapNode(memberMap & ~bit, childMap | bit, next, members - 1, count - 1 + child.count, bytes + more);
    }

    MapNode without(String name, int hash, int shift) {
        if (shift >= HASH_BITS) {
            int at = search(name);
            return at < 0 ? this : removed(at, 0);
        }
        int bit = bit(hash, shift);
        if ((memberMap & bit) != 0) {
            int at = before(memberMap, bit);
            return name.equals(content[2 * at]) ? removed(at, bit) : this;
        }
        if ((childMap & bit) == 0) {
            return this;
        }
        int at = before(childMap, bit);
        MapNode child = child(at);
        MapNode next = child.without(name, hash, shift + BITS);
        if (next == child) {
            return this;
        }
        return next.count == 1 ? childBecomesMember(at, bit, next) : withChild(at, next);
    }

    private MapNode removed(int member, int bit) {
        @Nullable Object[] next = new Object[content.length - 2];
        System.arraycopy(content, 0, next, 0, 2 * member);
        System.arraycopy(content, 2 * member + 2, next, 2 * member, content.length - 2 * member - 2);
        long less = Sizes.ofMember(content[2 * member], content[2 * member + 1]);
        return new MapNode(memberMap & ~bit, childMap, next, members - 1, count - 1, bytes - less);
    }

    /** A child with one member holds it itself: it had at least two before, and none of them deeper than it. */
    private MapNode childBecomesMember(int index, int bit, MapNode child) {
        int member = before(memberMap, bit);
        @Nullable Object[] next = new Object[content.length + 1];
        System.arraycopy(content, 0, next, 0, 2 * member);
        next[2 * member] = child.content[0];
        next[2 * member + 1] = child.content[1];
        int fromChild = 2 * members + index;
        System.arraycopy(content, 2 * member, next, 2 * member + 2, fromChild - 2 * member);
        System.arraycopy(content, fromChild + 1, next, fromChild + 2, content.length - fromChild - 1);
        return new MapNode(
                memberMap | bit,
                childMap & ~bit,
                next,
                members + 1,
                count - 1,
                bytes + child.bytes - child(index).bytes);
    }

    // ---- all of it ----

    void forEach(BiConsumer<? super String, ? super @Nullable Object> action) {
        for (int i = 0; i < members; i++) {
            action.accept(name(i), content[2 * i + 1]);
        }
        for (int at = 2 * members; at < content.length; at++) {
            child(at - 2 * members).forEach(action);
        }
    }

    @Nullable
    Object[] toFlat(int size) {
        @Nullable Object[] flat = new Object[2 * size];
        int[] used = new int[1];
        forEach((name, value) -> {
            flat[used[0]++] = name;
            flat[used[0]++] = value;
        });
        return flat;
    }

    Iterator<Map.Entry<String, @Nullable Object>> iterator() {
        return new NodeIterator(this);
    }

    private static final class NodeIterator implements Iterator<Map.Entry<String, @Nullable Object>> {

        private final Deque<MapNode> waiting = new ArrayDeque<>();
        private @Nullable MapNode node;
        private int member;

        NodeIterator(MapNode root) {
            waiting.push(root);
            settle();
        }

        /** Goes to the next node that has members of its own. */
        private void settle() {
            while ((node == null || member >= node.members) && !waiting.isEmpty()) {
                MapNode next = waiting.pop();
                for (int at = next.content.length - 1; at >= 2 * next.members; at--) {
                    waiting.push(next.child(at - 2 * next.members));
                }
                node = next;
                member = 0;
            }
        }

        @Override
        public boolean hasNext() {
            return node != null && member < node.members;
        }

        @Override
        public Map.Entry<String, @Nullable Object> next() {
            MapNode from = node;
            if (from == null || member >= from.members) {
                throw new NoSuchElementException();
            }
            Map.Entry<String, @Nullable Object> entry =
                    new SimpleImmutableEntry<>(from.name(member), from.content[2 * member + 1]);
            member++;
            settle();
            return entry;
        }
    }

    /** Whether both hold the same; shared nodes and values are not looked into. */
    boolean sameAs(MapNode that) {
        if (this == that) {
            return true;
        }
        if (memberMap != that.memberMap || childMap != that.childMap || content.length != that.content.length) {
            return false;
        }
        for (int at = 0; at < content.length; at++) {
            Object mine = content[at];
            Object theirs = that.content[at];
            if (mine == theirs) {
                continue;
            }
            if (at >= 2 * members) {
                if (!child(at - 2 * members).sameAs(that.child(at - 2 * members))) {
                    return false;
                }
            } else if (mine == null || !mine.equals(theirs)) {
                return false;
            }
        }
        return true;
    }
}
