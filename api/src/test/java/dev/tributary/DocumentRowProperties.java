package dev.tributary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.SizedDocument;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rows of documents: equal by value, measured honestly, and neither needs a deep stack. */
class DocumentRowProperties {

    private static final int DEEP = 200_000;

    @Provide
    Arbitrary<@Nullable Object> documents() {
        return Documents.any();
    }

    static Row row(@Nullable Object document) {
        RowPacker packer = new RowPacker(
                TestTypes.schema(TestTypes.key("id", TestTypes.INT4, 0), TestTypes.column("value", TestTypes.JSON)));
        packer.set(0, TestTypes.INT4.encode(1));
        packer.setDocument(1, document);
        return packer.pack();
    }

    /** An equal document that shares nothing with this one. */
    private static @Nullable Object copy(@Nullable Object document) {
        if (document instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(copy(element)));
            return copy;
        }
        if (document instanceof Map<?, ?> map) {
            Map<@Nullable Object, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((name, value) -> copy.put(name, copy(value)));
            return copy;
        }
        return document instanceof byte[] bytes ? bytes.clone() : document;
    }

    @Property
    @Tag("L7")
    void rowsAreEqualWhenTheirDocumentsHoldTheSameValues(@ForAll("documents") @Nullable Object document) {
        assertThat(row(document)).isEqualTo(row(copy(document))).hasSameHashCodeAs(row(copy(document)));
        assertThat(row(document)).isNotEqualTo(row(Arrays.asList(copy(document), 1)));
    }

    @Property
    @Tag("L7")
    void oneValueThatDiffersMakesRowsDiffer(@ForAll("documents") @Nullable Object document) {
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put("a", copy(document));
        one.put("b", List.of(new byte[] {1, 2}));
        Map<String, @Nullable Object> other = new LinkedHashMap<>(one);
        other.put("b", List.of(new byte[] {1, 3}));
        assertThat(row(one)).isNotEqualTo(row(other));
        other.remove("b");
        assertThat(row(one)).isNotEqualTo(row(other));
        other.put("c", null);
        assertThat(row(one)).isNotEqualTo(row(other));
    }

    @Property
    @Tag("L9")
    void aRowCountsAllThatItHolds(@ForAll("documents") @Nullable Object document) {
        int size = row(document).sizeInBytes();
        List<@Nullable Object> twice = Arrays.asList(document, copy(document));
        int both = row(twice).sizeInBytes();
        int empty = row(null).sizeInBytes();
        assertThat(both - empty).isGreaterThanOrEqualTo(2 * (size - empty));
        assertThat((long) size - empty).isGreaterThanOrEqualTo(Documents.leastBytes(document));
    }

    @Test
    @Tag("L9")
    void aDocumentThatKnowsItsSizeIsNotEntered() {
        Object closed = new Closed();
        assertThat(row(closed).sizeInBytes()).isBetween(1_000_000, 1_001_000);
        assertThat(row(List.of(Map.of("a", closed), closed)).sizeInBytes()).isBetween(2_000_000, 2_001_000);
        assertThat(row(Arrays.asList(new Closed[3_000])).sizeInBytes()).isLessThan(100_000);
        List<Object> huge = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            huge.add(closed);
        }
        assertThat(row(huge).sizeInBytes()).isEqualTo(Integer.MAX_VALUE);
    }

    /** A list that must not be looked into. */
    private static final class Closed extends AbstractList<Object> implements SizedDocument {

        @Override
        public long sizeInBytes() {
            return 1_000_000;
        }

        @Override
        public Object get(int index) {
            throw new AssertionError("it was entered");
        }

        @Override
        public int size() {
            throw new AssertionError("it was entered");
        }
    }

    @Test
    @Tag("L10")
    void depthDoesNotMatter() {
        Row one = row(Documents.nested(DEEP));
        assertThat(one.sizeInBytes()).isGreaterThan(DEEP);
        assertThat(one.equals(row(Documents.nested(DEEP)))).isTrue();
        assertThat(one.equals(row(Documents.nested(DEEP + 1)))).isFalse();
    }
}
