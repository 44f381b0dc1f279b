package dev.tributary.engine;

import static dev.tributary.engine.RowTrieRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.Checkpoint;
import dev.tributary.Column;
import dev.tributary.Commit;
import dev.tributary.LimitExceededException;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.RowPacker;
import dev.tributary.RowSchema;
import dev.tributary.spi.Draft;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.BeforeTry;

/** A draft is a map of rows that nobody sees before its commit; its commit holds the net differences. */
@Tag("L4")
class RowDraftProperties {

    private static final long NO_LIMIT = Long.MAX_VALUE;

    private ViewCore core;
    private ViewContent content;

    @BeforeTry
    void beginAnew() {
        core = new ViewCore(Query.of("items"), new StateCell(), Instant.EPOCH);
        content = new ViewContent(core, NO_LIMIT);
    }

    enum Verb {
        PUT,
        PATCH,
        REMOVE,
        REPLACE_ALL
    }

    record Step(Verb verb, long id, long value) {}

    @Provide
    Arbitrary<List<List<Step>>> commits() {
        Arbitrary<Verb> verbs = Arbitraries.frequency(
                Tuple.of(10, Verb.PUT),
                Tuple.of(4, Verb.PATCH),
                Tuple.of(6, Verb.REMOVE),
                Tuple.of(1, Verb.REPLACE_ALL));
        Arbitrary<Step> steps = Combinators.combine(
                        verbs,
                        Arbitraries.longs().between(0, 6),
                        Arbitraries.longs().between(0, 2))
                .as(Step::new);
        return steps.list().ofMaxSize(12).list().ofMaxSize(6);
    }

    private static Map<Long, Row> byId(RowTrie rows) {
        Map<Long, Row> map = new HashMap<>();
        rows.forEach(row -> map.put(RowTrieRows.id(row), row));
        return map;
    }

    /** Makes the open draft visible, and checks its commit against the rows that there were and should be. */
    private void commitAndCheck(Map<Long, Row> before, Map<Long, Row> after, Commit.Origin origin) {
        long version = core.state().version();
        RowCommit commit = Objects.requireNonNull(content.close("metadata"));
        assertThat(byId(core.state().rows())).as("nothing is visible yet").isEqualTo(before);
        assertThat(commit.after().version()).isEqualTo(version + 1);
        assertThat(commit.metadata()).isEqualTo("metadata");
        assertThat(commit.isMerged()).isFalse();
        assertThat(commit.origin()).isEqualTo(origin);
        assertThat(byId(commit.after().rows())).isEqualTo(after);
        assertThat(commit.changeCount()).isEqualTo(commit.changes().size());
        Map<Long, Row> followed = new HashMap<>(before);
        for (RowChange change : commit.changes()) {
            long id = RowTrieRows.id(change.keyed());
            assertThat(followed.get(id)).as("what was there").isEqualTo(change.before());
            assertThat(change.after()).as("a change changes something").isNotEqualTo(change.before());
            followed.put(id, change.after());
        }
        followed.values().removeIf(Objects::isNull);
        assertThat(followed).isEqualTo(after);
        assertThat(commit.changes().stream().map(change -> RowTrieRows.id(change.keyed())))
                .as("one change for each key")
                .doesNotHaveDuplicates();
        core.restore(commit.after());
    }

    @Property(tries = 300)
    void aDraftIsAMap(@ForAll("commits") List<List<Step>> commits) {
        Map<Long, Row> model = new LinkedHashMap<>();
        for (List<Step> steps : commits) {
            Map<Long, Row> before = Map.copyOf(model);
            boolean first = !content.hasContent();
            Draft draft = content.draft();
            boolean replaced = first;
            if (first) {
                draft.replaceAll(RowTrieRows.SCHEMA);
            }
            boolean touched = first;
            for (Step step : steps) {
                Row row = row(step.id(), step.value());
                Row held = model.get(step.id());
                switch (step.verb()) {
                    case PUT -> {
                        draft.put(row);
                        model.put(step.id(), row);
                        touched = true;
                    }
                    case PATCH -> {
                        assertThat(draft.patch(row)).isEqualTo(held != null);
                        model.computeIfPresent(step.id(), (id, was) -> row);
                        touched |= held != null;
                    }
                    case REMOVE -> {
                        assertThat(draft.remove(row)).isEqualTo(held);
                        model.remove(step.id());
                        touched |= held != null;
                    }
                    case REPLACE_ALL -> {
                        draft.event("lost with the rest");
                        draft.checkpoint(Checkpoint.of(new byte[] {1}));
                        draft.replaceAll(RowTrieRows.SCHEMA);
                        model.clear();
                        touched = true;
                        replaced = true;
                    }
                }
                if (step.value() == 0) {
                    assertThat(draft.size()).isEqualTo(model.size());
                    assertThat(draft.get(row)).isEqualTo(model.get(step.id()));
                }
            }
            assertThat(content.draft()).isSameAs(draft);
            assertThat(draft.schema()).isEqualTo(RowTrieRows.SCHEMA);
            assertThat(content.isOutgrown()).isFalse();
            if (!touched) {
                assertThat(content.close(null)).isNull();
                continue;
            }
            Commit.Origin origin = first ? Commit.Origin.INITIAL : replaced ? Commit.Origin.RESET : Commit.Origin.LIVE;
            commitAndCheck(before, model, origin);
        }
    }

    /** For each key a value and how many copies of it, before and after: a multiset of rows. */
    @Property(tries = 300)
    void copiesOfRowsAreCounted(@ForAll("multisets") List<Map<Long, Long>> states, @ForAll long seed) {
        Draft first = content.draft();
        first.replaceAll(RowTrieRows.SCHEMA);
        commitAndCheck(Map.of(), Map.of(), Commit.Origin.INITIAL);
        Map<Long, Long> held = Map.of();
        Random order = new Random(seed);
        for (Map<Long, Long> next : states) {
            boolean anew = order.nextInt(5) == 0;
            Map<Row, Integer> counts = anew ? new HashMap<>() : counts(held);
            Map<Row, Integer> more = new HashMap<>();
            counts.forEach((row, count) -> more.merge(row, -count, Integer::sum));
            counts(next).forEach((row, count) -> more.merge(row, count, Integer::sum));
            List<Row> singles = new ArrayList<>();
            more.forEach((row, count) -> singles.addAll(Collections.nCopies(Math.abs(count), row)));
            Collections.shuffle(singles, order);
            Draft draft = content.draft();
            if (anew) {
                draft.replaceAll(RowTrieRows.SCHEMA);
            }
            draft.event("so that it is a commit");
            for (Row row : singles) {
                int one = Integer.signum(more.get(row));
                int now = counts.merge(row, one, Integer::sum);
                assertThat(draft.add(row, one)).isEqualTo(now);
            }
            commitAndCheck(rowsOf(held), rowsOf(next), anew ? Commit.Origin.RESET : Commit.Origin.LIVE);
            held = next;
        }
    }

    /** By key: the value and, above it, how many copies. */
    @Provide
    Arbitrary<List<Map<Long, Long>>> multisets() {
        return Arbitraries.maps(
                        Arbitraries.longs().between(0, 3), Arbitraries.longs().between(10, 39))
                .ofMaxSize(4)
                .list()
                .ofMaxSize(6);
    }

    private static Map<Row, Integer> counts(Map<Long, Long> multiset) {
        Map<Row, Integer> counts = new HashMap<>();
        multiset.forEach((id, code) -> counts.put(row(id, code % 2), (int) (code / 10)));
        return counts;
    }

    private static Map<Long, Row> rowsOf(Map<Long, Long> multiset) {
        Map<Long, Row> rows = new HashMap<>();
        multiset.forEach((id, code) -> rows.put(id, row(id, code % 2)));
        return rows;
    }

    /** What was put and not counted can be counted on, when the old row of a key goes before the new one comes. */
    @Property(tries = 200)
    void rowsThatWerePutCountOnce(
            @ForAll("contents") Map<Long, Long> first, @ForAll("contents") Map<Long, Long> second) {
        Draft draft = content.draft();
        draft.replaceAll(RowTrieRows.SCHEMA);
        first.forEach((id, value) -> draft.put(row(id, value)));
        first.forEach((id, value) -> {
            if (!value.equals(second.get(id))) {
                assertThat(draft.add(row(id, value), -1)).isZero();
            }
        });
        assertThat(draft.add(row(99, 0), -1)).isEqualTo(-1);
        assertThat(draft.add(row(99, 0), 1)).isZero();
        Map<Long, Row> rows = new HashMap<>();
        second.forEach((id, value) -> {
            int more = value.equals(first.get(id)) ? 0 : 1;
            assertThat(draft.add(row(id, value), more)).isEqualTo(1);
            rows.put(id, row(id, value));
        });
        commitAndCheck(Map.of(), rows, Commit.Origin.INITIAL);
    }

    /** By key one row each. */
    @Provide
    Arbitrary<Map<Long, Long>> contents() {
        return Arbitraries.maps(
                        Arbitraries.longs().between(0, 5), Arbitraries.longs().between(0, 2))
                .ofMaxSize(6);
    }

    @Example
    void aCountBelowZeroIsToldAndIsNoRow() {
        Draft draft = content.draft();
        draft.replaceAll(RowTrieRows.SCHEMA);
        assertThat(draft.add(row(1, 0), -1)).isEqualTo(-1);
        assertThat(draft.size()).isZero();
        assertThat(draft.add(row(1, 0), 1)).isZero();
        assertThat(draft.size()).isZero();
        assertThat(draft.add(row(1, 0), 3)).isEqualTo(3);
        assertThat(draft.add(row(1, 0), -3)).isZero();
        assertThat(draft.size()).isZero();
        assertThat(draft.get(row(1, 0))).isNull();
    }

    @Example
    void aPatchChangesOnlyWhatIsPresent() {
        RowSchema schema = RowSchema.of(List.of(
                new Column("id", new RowTrieRows.LittleEndian(8), false, 0),
                new Column("a", new RowTrieRows.LittleEndian(8), true, -1),
                new Column("b", new RowTrieRows.LittleEndian(8), true, -1)));
        Draft draft = content.draft();
        draft.replaceAll(schema);
        draft.put(schema.row(1L, 10L, 100L));
        RowPacker packer = new RowPacker(schema);
        packer.set(0, schema.columns().get(0).type().encode(1L));
        packer.set(2, schema.columns().get(2).type().encode(200L));
        assertThat(draft.patch(packer.pack())).isTrue();
        assertThat(draft.get(schema.row(1L, 0L, 0L))).isEqualTo(schema.row(1L, 10L, 200L));
    }

    @Example
    void tooManyChangesToRememberAreFoundAll() {
        for (int count : new int[] {16_383, 16_384, 16_385, 20_000}) {
            Map<Long, Row> before = byId(core.state().rows());
            Map<Long, Row> after = new HashMap<>(before);
            Draft draft = content.draft();
            boolean first = !content.hasContent();
            if (first) {
                draft.replaceAll(RowTrieRows.SCHEMA);
            }
            for (int i = 0; i < count; i++) {
                Row row = row(i, count);
                draft.put(row);
                after.put((long) i, row);
            }
            commitAndCheck(before, after, first ? Commit.Origin.INITIAL : Commit.Origin.LIVE);
        }
    }

    @Example
    @Tag("L9")
    void aCommitKeepsNoMoreChangesThanItMay() {
        content.draft().replaceAll(RowTrieRows.SCHEMA);
        commitAndCheck(Map.of(), Map.of(), Commit.Origin.INITIAL);
        for (int count : new int[] {1, 16_384, 16_385}) {
            Draft draft = content.draft();
            for (int i = 0; i < count; i++) {
                draft.put(row(i, count));
            }
            RowCommit commit = Objects.requireNonNull(content.close(null));
            assertThat(commit.heldChanges()).isEqualTo(count > 16_384 ? 0 : count);
            assertThat(commit.changes()).hasSize(count);
        }
    }

    @Example
    @Tag("L9")
    void aDraftHasABoundInBytes() {
        int one = row(1, 1).sizeInBytes();
        ViewContent bounded = new ViewContent(core, 10L * one);
        Draft draft = bounded.draft();
        draft.replaceAll(RowTrieRows.SCHEMA);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 10; i++) {
                draft.put(row(i, 1));
            }
            assertThat(bounded.isOutgrown()).isFalse();
            if (round == 0) {
                draft.replaceAll(RowTrieRows.SCHEMA);
            }
        }
        assertThatThrownBy(() -> draft.put(row(11, 1)))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("maxTransaction");
        assertThat(bounded.isOutgrown()).isTrue();
        bounded.dropDraft();
        assertThat(bounded.isOutgrown()).isFalse();
        Draft patched = bounded.draft();
        patched.replaceAll(RowTrieRows.SCHEMA);
        patched.put(row(1, 1));
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 20; i++) {
                        patched.patch(row(1, i));
                    }
                })
                .isInstanceOf(LimitExceededException.class);
    }

    @Example
    @Tag("L3")
    void theCheckpointOfACommitIsThatOfItsDraft() {
        Draft draft = content.draft();
        draft.replaceAll(RowTrieRows.SCHEMA);
        draft.checkpoint(Checkpoint.of(new byte[] {7}));
        RowCommit commit = Objects.requireNonNull(content.close(null));
        assertThat(content.checkpoint()).isNull();
        core.restore(commit.after());
        assertThat(Objects.requireNonNull(content.checkpoint()).toBytes()).containsExactly(7);
        content.draft().put(row(1, 1));
        commit = Objects.requireNonNull(content.close(null));
        assertThat(Objects.requireNonNull(commit.after().checkpoint()).toBytes())
                .as("a draft begins with the checkpoint of the rows")
                .containsExactly(7);
        content.draft().replaceAll(RowTrieRows.SCHEMA);
        commit = Objects.requireNonNull(content.close(null));
        assertThat(commit.after().checkpoint()).as("a new content has its own").isNull();
    }

    @Example
    void eventsComeInOrder() {
        Draft draft = content.draft();
        draft.replaceAll(RowTrieRows.SCHEMA);
        draft.event("one");
        draft.event("two");
        assertThat(Objects.requireNonNull(content.close(null)).events()).containsExactly("one", "two");
    }
}
