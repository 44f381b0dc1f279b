package dev.tributary.engine;

import static dev.tributary.engine.RowTrieRows.id;
import static dev.tributary.engine.RowTrieRows.range;
import static dev.tributary.engine.RowTrieRows.row;
import static dev.tributary.engine.RowTrieRows.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Row;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RowTrieDiffTest {

    @Tag("L7")
    @Test
    void equalRowsAreNoDifference() {
        RowTrie loaded = RowTrie.bulk(range(0, 10_000, 1), 10_000);
        RowTrie again = RowTrie.bulk(range(0, 10_000, 1), 10_000);
        assertThat(diff(loaded, again)).isEmpty();
    }

    @Tag("L7")
    @Test
    void aResetTellsOnlyWhatBecameDifferent() {
        RowTrie before = RowTrie.bulk(range(0, 10_000, 1), 10_000);
        RowTrie after = RowTrie.bulk(range(1, 10_002, 1), 10_001).with(row(5, 2));
        assertThat(diff(before, after).values())
                .containsExactlyInAnyOrder(
                        new Change(row(0, 1), null),
                        new Change(row(5, 1), row(5, 2)),
                        new Change(null, row(10_000, 1)),
                        new Change(null, row(10_001, 1)));
    }

    @net.jqwik.api.Tag("L7")
    @Property
    void differsWhereTheContentsDiffer(@ForAll("manyRows") List<Row> from, @ForAll("manyRows") List<Row> to) {
        RowTrie before = trie(from);
        RowTrie after = trie(to);
        assertThat(diff(before, after)).isEqualTo(modelDiff(model(from), model(to)));
        assertThat(diff(after, before)).isEqualTo(modelDiff(model(to), model(from)));
    }

    @net.jqwik.api.Tag("L7")
    @Property
    void differsAlsoWhereVersionsShareNodes(@ForAll("manyRows") List<Row> from, @ForAll("manyRows") List<Row> edits) {
        RowTrie before = trie(from);
        RowTrie after = edited(before, edits);
        Map<Long, Row> afterModel = new HashMap<>();
        after.forEach(row -> afterModel.put(id(row), row));
        assertThat(diff(before, after)).isEqualTo(modelDiff(model(from), afterModel));
    }

    @net.jqwik.api.Tag("L7")
    @Property
    void differencesCompose(
            @ForAll("manyRows") List<Row> first,
            @ForAll("manyRows") List<Row> edits,
            @ForAll("manyRows") List<Row> unrelated) {
        RowTrie one = trie(first);
        RowTrie two = edited(one, edits);
        RowTrie three = trie(unrelated);
        Map<Long, Change> composed = new HashMap<>(diff(one, two));
        diff(two, three)
                .forEach((id, change) -> composed.merge(id, change, (a, b) -> new Change(a.before(), b.after())));
        composed.values().removeIf(change -> Objects.equals(change.before(), change.after()));
        assertThat(diff(one, three)).isEqualTo(composed);

        RowTrie.Transient applied = one.edit();
        RowTrie.diff(one, three, new RowTrie.DiffSink() {
            @Override
            public void inserted(Row row) {
                assertThat(applied.put(row)).isNull();
            }

            @Override
            public void deleted(Row row) {
                assertThat(applied.remove(row)).isSameAs(row);
            }

            @Override
            public void updated(Row before, Row after) {
                assertThat(applied.put(after)).isSameAs(before);
            }
        });
        RowTrieRows.assertSameStructure(applied.freeze(), three);
    }

    @Tag("L7")
    @Test
    void looksOnlyWhereVersionsDiffer() {
        RowTrie before = RowTrie.bulk(range(0, 200_000, 1), 200_000);
        RowTrie.Transient edited = before.edit();
        int changes = 30;
        for (int i = 0; i < changes; i += 3) {
            edited.put(row(i, 2));
            edited.remove(row(1_000 + i, 0));
            edited.put(row(1_000_000 + i, 1));
        }
        Differences sink = new Differences();
        int compared = new RowTrieDiff(sink).run(before.root(), edited.freeze().root());
        assertThat(sink.changes).hasSize(changes);
        assertThat(compared).isLessThanOrEqualTo(changes * RowTrieNode.MAX_DEPTH);
        assertThat(new RowTrieDiff(sink).run(before.root(), before.root())).isZero();
    }

    @Tag("L7")
    @Test
    void looksAtNoNodeTwice() {
        RowTrie before = RowTrie.bulk(range(0, 50_000, 1), 50_000);
        RowTrie after = RowTrie.bulk(range(25_000, 75_000, 1), 50_000);
        Differences sink = new Differences();
        int compared = new RowTrieDiff(sink).run(before.root(), after.root());
        assertThat(sink.changes).hasSize(50_000);
        assertThat(compared).isLessThan(100_000);
    }

    private static RowTrie trie(List<Row> rows) {
        return RowTrie.bulk(rows.toArray(Row[]::new), rows.size());
    }

    /** Rows of value 0 are removed, others put. */
    private static RowTrie edited(RowTrie trie, List<Row> edits) {
        RowTrie.Transient edited = trie.edit();
        for (Row row : edits) {
            if (value(row) == 0) {
                edited.remove(row);
            } else {
                edited.put(row);
            }
        }
        return edited.freeze();
    }

    private static Map<Long, Row> model(List<Row> rows) {
        Map<Long, Row> model = new HashMap<>();
        rows.forEach(row -> model.put(id(row), row));
        return model;
    }

    private static Map<Long, Change> modelDiff(Map<Long, Row> before, Map<Long, Row> after) {
        Map<Long, Change> changes = new HashMap<>();
        before.forEach((id, row) -> changes.put(id, new Change(row, after.get(id))));
        after.forEach((id, row) -> changes.putIfAbsent(id, new Change(null, row)));
        changes.values().removeIf(change -> Objects.equals(change.before(), change.after()));
        return changes;
    }

    private static Map<Long, Change> diff(RowTrie from, RowTrie to) {
        Differences sink = new Differences();
        RowTrie.diff(from, to, sink);
        return sink.changes;
    }

    private record Change(@Nullable Row before, @Nullable Row after) {}

    /** Keeps what it hears by id, and fails where it hears of one twice. */
    private static final class Differences implements RowTrie.DiffSink {

        private final Map<Long, Change> changes = new HashMap<>();

        @Override
        public void inserted(Row row) {
            add(id(row), new Change(null, row));
        }

        @Override
        public void deleted(Row row) {
            add(id(row), new Change(row, null));
        }

        @Override
        public void updated(Row before, Row after) {
            assertThat(id(after)).isEqualTo(id(before));
            add(id(before), new Change(before, after));
        }

        private void add(long id, Change change) {
            assertThat(changes.put(id, change)).as("another change of %s", id).isNull();
        }
    }

    @Provide
    Arbitrary<List<Row>> manyRows() {
        return RowTrieRows.rows().list().ofMaxSize(100);
    }
}
