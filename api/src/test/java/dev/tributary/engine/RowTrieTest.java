package dev.tributary.engine;

import static dev.tributary.engine.RowTrieRows.assertHolds;
import static dev.tributary.engine.RowTrieRows.assertSameStructure;
import static dev.tributary.engine.RowTrieRows.id;
import static dev.tributary.engine.RowTrieRows.idOfHash;
import static dev.tributary.engine.RowTrieRows.range;
import static dev.tributary.engine.RowTrieRows.row;
import static dev.tributary.engine.RowTrieRows.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RowTrieTest {

    @Test
    void emptyHoldsNothing() {
        assertHolds(RowTrie.EMPTY, Map.of());
        assertThat(RowTrie.EMPTY.get(row(1, 0))).isNull();
        assertThat(RowTrie.EMPTY.without(row(1, 0))).isSameAs(RowTrie.EMPTY);
        assertThat(RowTrie.EMPTY.with(row(1, 0)).without(row(1, 0))).isSameAs(RowTrie.EMPTY);
        assertThat(RowTrie.EMPTY.iterator().hasNext()).isFalse();
    }

    @Test
    void putAndRemoveReturnWhatWasThere() {
        Row first = row(7, 1);
        Row second = row(7, 2);
        RowTrie.Transient edited = RowTrie.EMPTY.edit();
        assertThat(edited.put(first)).isNull();
        assertThat(edited.put(second)).isSameAs(first);
        assertThat(edited.size()).isEqualTo(1);
        assertThat(edited.get(row(7, 3))).isSameAs(second);
        assertThat(edited.remove(row(8, 0))).isNull();
        assertThat(edited.remove(row(7, 3))).isSameAs(second);
        assertThat(edited.remove(row(7, 3))).isNull();
        assertThat(edited.size()).isZero();
    }

    @Test
    void changingNothingGivesTheSameTrie() {
        RowTrie trie = RowTrie.bulk(range(0, 100, 1), 100);
        Row present = trie.get(row(42, 0));
        assertThat(present).isNotNull();
        assertThat(trie.with(present)).isSameAs(trie);
        assertThat(trie.without(row(100, 0))).isSameAs(trie);
        assertThat(trie.edit().freeze()).isSameAs(trie);
    }

    @Test
    void aFrozenTransientRefusesUse() {
        RowTrie.Transient edited = RowTrie.EMPTY.edit();
        edited.put(row(1, 1));
        RowTrie frozen = edited.freeze();
        assertThatThrownBy(() -> edited.put(row(2, 1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> edited.remove(row(1, 1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> edited.get(row(1, 1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(edited::size).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(edited::freeze).isInstanceOf(IllegalStateException.class);
        assertThat(frozen).containsExactly(row(1, 1));
    }

    @Test
    void anIteratorEnds() {
        Iterator<Row> rows = RowTrie.EMPTY.with(row(1, 1)).iterator();
        assertThat(id(rows.next())).isEqualTo(1);
        assertThat(rows.hasNext()).isFalse();
        assertThatThrownBy(rows::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void aStreamKnowsItsSize() {
        RowTrie trie = RowTrie.bulk(range(0, 5_000, 1), 5_000);
        assertThat(trie.spliterator().getExactSizeIfKnown()).isEqualTo(5_000);
        assertThat(trie.stream().parallel().mapToLong(RowTrieRows::value).sum()).isEqualTo(5_000);
    }

    @Test
    void manyRowsMayShareTheirWholeHash() {
        Map<Long, Row> model = new HashMap<>();
        RowTrie.Transient edited = RowTrie.EMPTY.edit();
        for (int n = 0; n < 50; n++) {
            Row row = row(idOfHash(0xCAFEBABE, n), n);
            model.put(id(row), row);
            edited.put(row);
        }
        RowTrie trie = edited.freeze();
        assertHolds(trie, model);
        for (Row row : List.copyOf(model.values())) {
            trie = trie.without(row);
            model.remove(id(row));
            assertHolds(trie, model);
        }
        assertThat(trie).isSameAs(RowTrie.EMPTY);
    }

    @Test
    void aChangeCopiesOnePath() {
        RowTrie before = RowTrie.bulk(range(0, 100_000, 1), 100_000);
        Set<RowTrieNode> shared = nodes(before.root());
        for (RowTrie after :
                List.of(before.with(row(500, 2)), before.with(row(100_001, 1)), before.without(row(700, 0)))) {
            Set<RowTrieNode> copied = nodes(after.root());
            copied.removeAll(shared);
            assertThat(copied).hasSizeLessThanOrEqualTo(RowTrieNode.MAX_DEPTH);
        }
    }

    private static Set<RowTrieNode> nodes(RowTrieNode root) {
        Set<RowTrieNode> found = Collections.newSetFromMap(new IdentityHashMap<>());
        found.add(root);
        for (int i = root.rowCount(); i < root.slotCount(); i++) {
            found.addAll(nodes(root.child(i)));
        }
        return found;
    }

    /** Half a commit would change the sum: each takes from one row what it gives to another. */
    @Tag("L2")
    @Test
    void readersSeeWholeCommitsOnly() {
        int accounts = 64;
        AtomicReference<RowTrie> published = new AtomicReference<>(RowTrie.bulk(range(0, accounts, 100), accounts));
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int commit = 0; commit < 50_000; commit++) {
                RowTrie.Transient edited = published.get().edit();
                add(edited, commit * 31L % accounts, -1);
                add(edited, commit * 17L % accounts, +1);
                published.set(edited.freeze());
            }
        });
        do {
            RowTrie seen = published.get();
            assertThat(seen.stream().mapToLong(RowTrieRows::value).sum()).isEqualTo(accounts * 100);
        } while (!writer.isDone());
        writer.join();
    }

    private static void add(RowTrie.Transient edited, long id, long amount) {
        Row present = edited.get(row(id, 0));
        assertThat(present).isNotNull();
        edited.put(row(id, value(present) + amount));
    }

    /** A program of edits that also goes back to old versions and edits those. */
    @net.jqwik.api.Tag("L2")
    @Property
    void everyVersionStaysWhatItWas(@ForAll("programs") List<Step> program) {
        List<RowTrie> versions = new ArrayList<>(List.of(RowTrie.EMPTY));
        List<Map<Long, Row>> models = new ArrayList<>(List.of(Map.of()));
        RowTrie.Transient edited = RowTrie.EMPTY.edit();
        Map<Long, Row> model = new HashMap<>();
        for (Step step : program) {
            Row row = step.row();
            switch (step.action()) {
                case PUT -> assertThat(edited.put(row)).isSameAs(model.put(id(row), row));
                case REMOVE -> assertThat(edited.remove(row)).isSameAs(model.remove(id(row)));
                case FREEZE -> {
                    versions.add(edited.freeze());
                    models.add(model);
                    int from = Math.floorMod(step.version(), versions.size());
                    edited = versions.get(from).edit();
                    model = new HashMap<>(models.get(from));
                }
            }
            assertThat(edited.get(row)).isSameAs(model.get(id(row)));
            assertThat(edited.size()).isEqualTo(model.size());
        }
        versions.add(edited.freeze());
        models.add(model);
        for (int i = 0; i < versions.size(); i++) {
            assertHolds(versions.get(i), models.get(i));
        }
    }

    @Property
    void structureDependsOnContentAlone(@ForAll("programs") List<Step> program) {
        RowTrie.Transient edited = RowTrie.EMPTY.edit();
        RowTrie byCopies = RowTrie.EMPTY;
        Map<Long, Row> model = new HashMap<>();
        for (Step step : program) {
            if (step.action() == Action.REMOVE) {
                edited.remove(step.row());
                byCopies = byCopies.without(step.row());
                model.remove(id(step.row()));
            } else {
                edited.put(step.row());
                byCopies = byCopies.with(step.row());
                model.put(id(step.row()), step.row());
            }
        }
        RowTrie direct = RowTrie.EMPTY;
        for (Row row : model.values()) {
            direct = direct.with(row);
        }
        assertSameStructure(edited.freeze(), direct);
        assertSameStructure(byCopies, direct);
    }

    enum Action {
        PUT,
        REMOVE,
        FREEZE
    }

    /** The version is used by {@link Action#FREEZE} only: where to go on from. */
    record Step(Action action, Row row, int version) {}

    @Provide
    Arbitrary<List<Step>> programs() {
        Arbitrary<Action> action =
                Arbitraries.frequency(Tuple.of(12, Action.PUT), Tuple.of(8, Action.REMOVE), Tuple.of(1, Action.FREEZE));
        return Combinators.combine(
                        action, RowTrieRows.rows(), Arbitraries.integers().greaterOrEqual(0))
                .as(Step::new)
                .list()
                .ofMaxSize(200);
    }
}
