package dev.tributary.sodp;

import dev.tributary.spi.SizedDocument;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An object of a document: an immutable map whose updates share all that they do not change. Small ones are one array in
 * the order in which their members came; larger ones are a hash trie. The order of members means nothing.
 */
@SuppressWarnings("ReferenceEquality") // identity is what is asked for
final class DocMap extends AbstractMap<String, @Nullable Object> implements SizedDocument {

    static final DocMap EMPTY = new DocMap(0, new Object[0], null);

    /** Up to so many members a linear search in one array is as fast as a trie, and much smaller. */
    static final int MOST_FLAT = 12;

    private static final int OVERHEAD = 48;

    private final int size;
    /** Names and values by turns; null for a trie. */
    private final @Nullable Object @Nullable [] flat;

    private final @Nullable MapNode trie;
    private final long bytes;

    private DocMap(int size, @Nullable Object @Nullable [] flat, @Nullable MapNode trie) {
        this.size = size;
        this.flat = flat;
        this.trie = trie;
        this.bytes = OVERHEAD + (trie != null ? trie.bytes() : bytesOf(flat, size));
    }

    private static long bytesOf(@Nullable Object @Nullable [] members, int count) {
        long bytes = 0;
        for (int i = 0; i < count && members != null; i++) {
            bytes += Sizes.ofMember(members[2 * i], members[2 * i + 1]);
        }
        return bytes;
    }

    @Override
    public long sizeInBytes() {
        return bytes;
    }

    /**
     * An object of these members; of two with the same name the last counts.
     *
     * @param members names and values by turns; taken over
     * @param count how many pairs of the array are used
     */
    static DocMap of(@Nullable Object[] members, int count) {
        if (count > MOST_FLAT) {
            MapNode root = MapNode.bulk(members, count);
            int size = root.count();
            return size > MOST_FLAT ? new DocMap(size, null, root) : new DocMap(size, root.toFlat(size), null);
        }
        int used = 0;
        for (int i = 0; i < count; i++) {
            int at = find(members, used, (String) name(members, i));
            int to = at < 0 ? used++ : at;
            members[2 * to] = members[2 * i];
            members[2 * to + 1] = members[2 * i + 1];
        }
        if (used == 0) {
            return EMPTY;
        }
        return new DocMap(used, members.length == 2 * used ? members : Arrays.copyOf(members, 2 * used), null);
    }

    private static Object name(@Nullable Object[] members, int index) {
        Object name = members[2 * index];
        if (name == null) {
            throw new IllegalArgumentException("a member without a name");
        }
        return name;
    }

    private static int find(@Nullable Object[] members, int count, String name) {
        for (int i = 0; i < count; i++) {
            if (name.equals(members[2 * i])) {
                return i;
            }
        }
        return -1;
    }

    /** The value of a member, which may be null; {@link MapNode#ABSENT} when there is none of that name. */
    @Nullable
    Object find(String name) {
        if (trie != null) {
            return trie.find(name, name.hashCode(), 0);
        }
        int at = find(flat(), size, name);
        return at < 0 ? MapNode.ABSENT : flat()[2 * at + 1];
    }

    private @Nullable Object[] flat() {
        if (flat == null) {
            throw new IllegalStateException("a trie has no array");
        }
        return flat;
    }

    /** This object with a member set; itself when it has that very value. */
    DocMap with(String name, @Nullable Object value) {
        if (trie != null) {
            MapNode next = trie.with(name, name.hashCode(), value, 0);
            return next == trie ? this : new DocMap(next.count(), null, next);
        }
        @Nullable Object[] members = flat();
        int at = find(members, size, name);
        if (at >= 0) {
            if (members[2 * at + 1] == value) {
                return this;
            }
            @Nullable Object[] next = members.clone();
            next[2 * at + 1] = value;
            return new DocMap(size, next, null);
        }
        @Nullable Object[] next = Arrays.copyOf(members, 2 * size + 2);
        next[2 * size] = name;
        next[2 * size + 1] = value;
        return size < MOST_FLAT
                ? new DocMap(size + 1, next, null)
                : new DocMap(size + 1, null, MapNode.bulk(next, size + 1));
    }

    /** This object without a member; itself when it has none of that name. */
    DocMap without(String name) {
        if (trie != null) {
            MapNode next = trie.without(name, name.hashCode(), 0);
            if (next == trie) {
                return this;
            }
            int left = size - 1;
            return left > MOST_FLAT / 2
                    ? new DocMap(left, null, next)
                    : left == 0 ? EMPTY : new DocMap(left, next.toFlat(left), null);
        }
        @Nullable Object[] members = flat();
        int at = find(members, size, name);
        if (at < 0) {
            return this;
        }
        if (size == 1) {
            return EMPTY;
        }
        @Nullable Object[] next = new Object[members.length - 2];
        System.arraycopy(members, 0, next, 0, 2 * at);
        System.arraycopy(members, 2 * at + 2, next, 2 * at, members.length - 2 * at - 2);
        return new DocMap(size - 1, next, null);
    }

    /** Whether it is this very object, in which nothing can differ. */
    boolean is(Object other) {
        return this == other;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        Object found = key instanceof String name ? find(name) : null;
        return found == MapNode.ABSENT ? null : found;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return key instanceof String name && find(name) != MapNode.ABSENT;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super @Nullable Object> action) {
        if (trie != null) {
            trie.forEach(action);
            return;
        }
        @Nullable Object[] members = flat();
        for (int i = 0; i < size; i++) {
            action.accept((String) name(members, i), members[2 * i + 1]);
        }
    }

    @Override
    public Set<Map.Entry<String, @Nullable Object>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<String, @Nullable Object>> iterator() {
                return trie != null ? trie.iterator() : new FlatIterator();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    private final class FlatIterator implements Iterator<Map.Entry<String, @Nullable Object>> {

        private int next;

        @Override
        public boolean hasNext() {
            return next < size;
        }

        @Override
        public Map.Entry<String, @Nullable Object> next() {
            if (next >= size) {
                throw new NoSuchElementException();
            }
            @Nullable Object[] members = flat();
            Map.Entry<String, @Nullable Object> entry =
                    new SimpleImmutableEntry<>((String) name(members, next), members[2 * next + 1]);
            next++;
            return entry;
        }
    }

    /** Shared parts are not compared. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof DocMap that)) {
            return super.equals(other);
        }
        if (size != that.size) {
            return false;
        }
        if (trie != null && that.trie != null) {
            return trie.sameAs(that.trie);
        }
        for (Map.Entry<String, @Nullable Object> entry : entrySet()) {
            Object mine = entry.getValue();
            Object theirs = that.find(entry.getKey());
            if (mine != theirs && (mine == null || !mine.equals(theirs))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
