package dev.tributary.engine;

import static dev.tributary.engine.RowTrieRows.assertHolds;
import static dev.tributary.engine.RowTrieRows.assertSameStructure;
import static dev.tributary.engine.RowTrieRows.id;
import static dev.tributary.engine.RowTrieRows.idOfHash;
import static dev.tributary.engine.RowTrieRows.range;
import static dev.tributary.engine.RowTrieRows.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Row;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RowTrieBulkTest {

    @Test
    void ofNothingIsEmpty() {
        assertThat(RowTrie.bulk(new Row[0], 0)).isSameAs(RowTrie.EMPTY);
        assertThat(RowTrie.bulk(new Row[10], 0)).isSameAs(RowTrie.EMPTY);
    }

    @Test
    void takesOnlyTheFirstRows() {
        Row[] rows = Arrays.copyOf(range(0, 10, 1), 100);
        assertThat(RowTrie.bulk(rows, 10).size()).isEqualTo(10);
        assertThat(RowTrie.bulk(rows, 3).size()).isEqualTo(3);
    }

    @Test
    void theLastRowOfAKeyWins() {
        Row[] rows = new Row[1_000];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row(idOfHash(i % 2, i % 3), i);
        }
        RowTrie trie = RowTrie.bulk(rows, rows.length);
        assertThat(trie.stream().map(RowTrieRows::value)).containsExactlyInAnyOrder(999L, 998L, 997L, 996L, 995L, 994L);
    }

    @Test
    void manyRowsMayShareTheirWholeHash() {
        Row[] rows = new Row[300];
        Map<Long, Row> model = new HashMap<>();
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row(idOfHash(i % 3 - 1, i / 3), i);
            model.put(id(rows[i]), rows[i]);
        }
        assertHolds(RowTrie.bulk(rows, rows.length), model);
    }

    /** Enough for five full levels, and for some hashes to be equal by chance. */
    @Test
    void manyRowsGiveWhatPutsGive() {
        int count = 300_000;
        Row[] rows = range(0, count, 1);
        RowTrie trie = RowTrie.bulk(rows, count);
        RowTrie.Transient edited = RowTrie.EMPTY.edit();
        for (Row row : rows) {
            edited.put(row);
        }
        assertThat(trie.size()).isEqualTo(count);
        assertSameStructure(trie, edited.freeze());
        RowTrieRows.assertCanonical(trie);
    }

    @Property
    void givesWhatPutsGive(@ForAll("manyRows") List<Row> rows, @ForAll @IntRange(max = 50) int others) {
        Row[] all = Arrays.copyOf(rows.toArray(Row[]::new), rows.size() + others);
        System.arraycopy(range(0, others, 9), 0, all, rows.size(), others);
        Map<Long, Row> model = new HashMap<>();
        RowTrie.Transient edited = RowTrie.EMPTY.edit();
        for (Row row : all) {
            model.put(id(row), row);
            edited.put(row);
        }
        RowTrie trie = RowTrie.bulk(all, all.length);
        assertHolds(trie, model);
        assertSameStructure(trie, edited.freeze());
    }

    /** More rows than are built in one piece, in shares that are empty, hold one row, or hold nearly all. */
    @Property(tries = 30)
    void manyRowsOfFewHashesGiveWhatPutsGive(
            @ForAll("hashes") List<Integer> hashes, @ForAll @IntRange(min = 8_000, max = 20_000) int count) {
        Row[] rows = new Row[count];
        RowTrie.Transient edited = RowTrie.EMPTY.edit();
        for (int i = 0; i < count; i++) {
            int hash = hashes.get(i % hashes.size()) + (i % 7 == 0 ? i : 0);
            rows[i] = row(idOfHash(hash, i % 3), i);
            edited.put(rows[i]);
        }
        RowTrie trie = RowTrie.bulk(rows, count);
        RowTrie puts = edited.freeze();
        assertThat(trie.size()).isEqualTo(puts.size());
        assertSameStructure(trie, puts);
        RowTrieRows.assertCanonical(trie);
    }

    @Provide
    Arbitrary<List<Integer>> hashes() {
        return net.jqwik.api.Arbitraries.integers().list().ofMinSize(1).ofMaxSize(40);
    }

    /** A trie built at once has no owner; an edit must copy it as it does any other. */
    @net.jqwik.api.Tag("L2")
    @Property
    void editsLeaveItAsItWas(@ForAll("manyRows") List<Row> rows, @ForAll("manyRows") List<Row> edits) {
        Map<Long, Row> model = new HashMap<>();
        rows.forEach(row -> model.put(id(row), row));
        RowTrie trie = RowTrie.bulk(rows.toArray(Row[]::new), rows.size());
        RowTrie.Transient edited = trie.edit();
        for (Row row : edits) {
            if (RowTrieRows.value(row) == 0) {
                edited.remove(row);
            } else {
                edited.put(row);
            }
        }
        edited.freeze();
        assertHolds(trie, model);
    }

    @Provide
    Arbitrary<List<Row>> manyRows() {
        return RowTrieRows.rows().list().ofMaxSize(300);
    }
}
