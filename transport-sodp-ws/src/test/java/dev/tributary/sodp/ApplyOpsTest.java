package dev.tributary.sodp;

import static dev.tributary.sodp.DeltaOp.add;
import static dev.tributary.sodp.DeltaOp.remove;
import static dev.tributary.sodp.DeltaOp.update;
import static dev.tributary.sodp.Packed.map;
import static dev.tributary.sodp.SodpDialect.GO;
import static dev.tributary.sodp.SodpDialect.RUST;
import static dev.tributary.sodp.SodpDialect.STANDARD;
import static dev.tributary.sodp.SodpDialect.TYPESCRIPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The table of the specification (6.2), line by line, and how paths are read (6.1). */
class ApplyOpsTest {

    private static @Nullable Object apply(SodpDialect dialect, @Nullable Object document, DeltaOp... ops) {
        return Sodp.applyOps(document, List.of(ops), dialect);
    }

    private static void refused(SodpDialect dialect, @Nullable Object document, DeltaOp... ops) {
        assertThatThrownBy(() -> apply(dialect, document, ops)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<@Nullable Object> list(@Nullable Object... elements) {
        return Arrays.asList(elements);
    }

    @Test
    @Tag("S22")
    @Tag("S23")
    void theSlashAndTheEmptyPathAreTheWholeValue() {
        for (String root : List.of("/", "")) {
            assertThat(apply(TYPESCRIPT, map("a", 1), update(root, list(1)))).isEqualTo(list(1L));
            assertThat(apply(TYPESCRIPT, null, add(root, 5))).isEqualTo(5L);
            assertThat(apply(TYPESCRIPT, map("a", 1), remove(root))).isNull();
        }
    }

    @Test
    @Tag("S22")
    void fieldsAreSetAndDeleted() {
        assertThat(apply(TYPESCRIPT, map("a", 1), add("/b", 2))).isEqualTo(map("a", 1L, "b", 2L));
        assertThat(apply(TYPESCRIPT, map("a", 1), update("/a", null))).isEqualTo(map("a", null));
        assertThat(apply(TYPESCRIPT, map("a", 1), update("/new", 2))).isEqualTo(map("a", 1L, "new", 2L));
        assertThat(apply(TYPESCRIPT, map("a", 1), remove("/a"))).isEqualTo(map());
        assertThat(apply(TYPESCRIPT, map("a", 1), remove("/b"))).isEqualTo(map("a", 1L));
        assertThat(apply(TYPESCRIPT, map("0", 1, "-", 2), update("/0", 3), remove("/-")))
                .isEqualTo(map("0", 3L));
    }

    @Test
    @Tag("S22")
    void theEndOfAnArrayGrowsAndShrinks() {
        for (SodpDialect dialect : SodpDialect.values()) {
            assertThat(apply(dialect, list(1, 2), add("/-", 3))).isEqualTo(list(1L, 2L, 3L));
            assertThat(apply(dialect, list(1, 2), add("/2", 3))).isEqualTo(list(1L, 2L, 3L));
        }
        assertThat(apply(STANDARD, list(1, 2), update("/-", 3))).isEqualTo(list(1L, 2L, 3L));
        assertThat(apply(STANDARD, list(1, 2), update("/2", 3))).isEqualTo(list(1L, 2L, 3L));
        assertThat(apply(STANDARD, list(1, 2), remove("/-"))).isEqualTo(list(1L));
        assertThat(apply(STANDARD, list(1, 2), remove("/2"))).isEqualTo(list(1L, 2L));
    }

    @Test
    @Tag("S22")
    void addAtAnIndexInsertsForTheTypeScriptServerAndReplacesForOthers() {
        assertThat(apply(TYPESCRIPT, list("a", "b"), add("/0", "x"))).isEqualTo(list("x", "a", "b"));
        assertThat(apply(STANDARD, list("a", "b"), add("/0", "x"))).isEqualTo(list("x", "b"));
        assertThat(apply(RUST, list("a", "b"), add("/0", "x"))).isEqualTo(list("x", "b"));
    }

    @Test
    @Tag("S22")
    void anIndexInTheArrayIsReplacedOrRemoved() {
        for (SodpDialect dialect : SodpDialect.values()) {
            assertThat(apply(dialect, list("a", "b"), update("/1", "x"))).isEqualTo(list("a", "x"));
            assertThat(apply(dialect, list("a", "b", "c"), remove("/1"))).isEqualTo(list("a", "c"));
        }
    }

    @Test
    @Tag("S22")
    void anIndexBehindTheEndIsFilledUpAsTheServerDoes() {
        assertThat(apply(TYPESCRIPT, list(1), add("/5", 2))).isEqualTo(list(1L, 2L));
        assertThat(apply(TYPESCRIPT, list(1), update("/3", 2))).isEqualTo(list(1L, null, null, 2L));
        assertThat(apply(TYPESCRIPT, list(1), remove("/3"))).isEqualTo(list(1L));
        refused(TYPESCRIPT, list(1), update("/900000000", 2));
        refused(STANDARD, list(1), add("/5", 2));
        refused(STANDARD, list(1), update("/5", 2));
    }

    @Test
    @Tag("S22")
    @Tag("S24")
    void anyOtherNameOnAnArrayFitsNot() {
        for (SodpDialect dialect : SodpDialect.values()) {
            for (String name : List.of("/a", "/00", "/-1", "/1e3", "/\u0661", "/01")) {
                refused(dialect, list(1, 2), update(name, 3));
                refused(dialect, list(1, 2), add(name, 3));
                refused(dialect, list(1, 2), remove(name));
            }
        }
    }

    @Test
    @Tag("S22")
    void missingParentsAreMadeByTheNextSegmentAlsoForRemove() {
        assertThat(apply(TYPESCRIPT, null, update("/a/b", 1))).isEqualTo(map("a", map("b", 1L)));
        assertThat(apply(TYPESCRIPT, map("a", null), update("/a/0", 1))).isEqualTo(map("a", list(1L)));
        assertThat(apply(TYPESCRIPT, null, add("/-", 1))).isEqualTo(list(1L));
        assertThat(apply(TYPESCRIPT, null, remove("/row/2"))).isEqualTo(map("row", list()));
        assertThat(apply(TYPESCRIPT, null, remove("/row/x"))).isEqualTo(map("row", map()));
        assertThat(apply(STANDARD, list(), update("/0/a", 1))).isEqualTo(list(map("a", 1L)));
        refused(RUST, null, update("/a/b", 1));
        refused(GO, map("a", null), update("/a/b", 1));
    }

    @Test
    @Tag("S22")
    @Tag("S24")
    void aScalarInTheWayFitsNot() {
        for (SodpDialect dialect : SodpDialect.values()) {
            refused(dialect, map("a", 1), update("/a/b", 2));
            refused(dialect, "text", update("/a", 2));
        }
    }

    @Test
    @Tag("S22")
    void aDashInTheMiddleIsTheLastElementForTheTypeScriptServer() {
        assertThat(apply(TYPESCRIPT, list(map("n", 1), map("n", 2)), update("/-/n", 3)))
                .isEqualTo(list(map("n", 1L), map("n", 3L)));
        refused(STANDARD, list(map("n", 1)), update("/-/n", 3));
        refused(TYPESCRIPT, list(), update("/-/n", 3));
    }

    @Test
    @Tag("S23")
    void escapesAreReadWhereTheServerWritesThem() {
        assertThat(apply(TYPESCRIPT, map(), add("/a~1b", 1), add("/c~0d", 2), add("/e~01", 3)))
                .isEqualTo(map("a/b", 1L, "c~d", 2L, "e~1", 3L));
        assertThat(apply(RUST, map(), add("/c~0d", 2), add("/~1", 3))).isEqualTo(map("c~0d", 2L, "~1", 3L));
        assertThat(apply(TYPESCRIPT, map(), add("/~2~", 1))).isEqualTo(map("~2~", 1L));
    }

    @Test
    @Tag("S23")
    void emptySegmentsIndexLikeNamesAndAnyUnicodeAreNames() {
        assertThat(apply(TYPESCRIPT, map("a", map()), add("/a/", 1))).isEqualTo(map("a", map("", 1L)));
        assertThat(apply(TYPESCRIPT, map(), add("//x", 1))).isEqualTo(map("", map("x", 1L)));
        assertThat(apply(TYPESCRIPT, map("o", map()), add("/o/07", 1), add("/o/\u00e9\ud83d\ude00 .", 2)))
                .isEqualTo(map("o", map("07", 1L, "\u00e9\ud83d\ude00 .", 2L)));
        refused(TYPESCRIPT, map(), add("a", 1));
    }

    @Test
    @Tag("S24")
    @Tag("S54")
    void exactDifferencesThatCannotBeMeantFitNot() {
        for (SodpDialect dialect : List.of(RUST, GO)) {
            refused(dialect, map("a", 1), add("/a", 2));
            refused(dialect, map("a", 1), update("/b", 2));
            refused(dialect, map("a", 1), remove("/b"));
            refused(dialect, map("a", 1), add("/", 2));
            refused(dialect, map("a", 1), update("/a", 2), remove("/"));
            refused(dialect, map("a", 1), update("/", 2), add("/a", 1));
        }
        refused(RUST, map("a", map("b", 1)), update("/a/b", 2), update("/a/b", 3));
        assertThat(apply(GO, list(1), add("/-", 2), add("/-", 3))).isEqualTo(list(1L, 2L, 3L));
    }

    @Test
    @Tag("S25")
    void whatWasGivenIsNotChangedAndWhatDidNotChangeIsShared() {
        Object before = apply(TYPESCRIPT, null, add("/", map("a", map("x", 1), "b", list(1, 2))));
        Object after = apply(TYPESCRIPT, before, update("/a/x", 2));
        assertThat(before).isEqualTo(map("a", map("x", 1L), "b", list(1L, 2L)));
        assertThat(((DocMap) after).get("b")).isSameAs(((DocMap) before).get("b"));
        assertThatThrownBy(() -> ((DocMap) after).put("c", 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((DocMap) after).clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((DocList) ((DocMap) after).get("b")).add(1))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
