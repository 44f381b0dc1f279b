package dev.tributary;

import static dev.tributary.TestTypes.column;
import static dev.tributary.TestTypes.key;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Rows against a model: a list of values, of which each may also be null or absent. */
class RowProperties {

    /** The key is spread over the columns and not in their order. */
    private static final RowSchema SCHEMA = TestTypes.schema(
            column("note", TestTypes.TEXT),
            key("seq", TestTypes.INT8, 1),
            column("price", TestTypes.DECIMAL),
            key("org", TestTypes.TEXT, 0),
            column("count", TestTypes.INT4));

    private static final List<Integer> KEY = List.of(3, 1);
    private static final Object ABSENT = new Object();

    @Property
    void whatIsSetInAnyOrderIsRead(
            @ForAll("partials") List<@Nullable Object> model, @ForAll("orders") List<Integer> order) {
        Row row = pack(model, order);

        for (int i = 0; i < model.size(); i++) {
            Object value = model.get(i);
            boolean there = value != null && value != ABSENT;
            assertThat(row.get(i)).isEqualTo(there ? value : null);
            assertThat(row.has(i)).isEqualTo(value != ABSENT);
            assertThat(row.isNull(i)).isEqualTo(!there);
            assertThat(row.packedValue(i)).isEqualTo(there ? bytes(value) : null);
        }
        assertThat(row.isComplete()).isEqualTo(!model.contains(ABSENT));
        assertThat(row).isEqualTo(pack(model, List.of(0, 1, 2, 3, 4)));
        assertThat(row.toMap().keySet())
                .containsExactlyElementsOf(IntStream.range(0, model.size())
                        .filter(i -> model.get(i) != ABSENT)
                        .mapToObj(i -> SCHEMA.columns().get(i).name())
                        .toList());
    }

    @Property
    void mergeReplacesWhatIsPresent(
            @ForAll("partials") List<@Nullable Object> model, @ForAll("partials") List<@Nullable Object> change) {
        List<@Nullable Object> merged = new ArrayList<>(model);
        for (int i = 0; i < change.size(); i++) {
            if (change.get(i) != ABSENT) {
                merged.set(i, change.get(i));
            }
        }
        assertThat(pack(model).merge(pack(change))).isEqualTo(pack(merged));
    }

    @Property
    void rowsAreEqualWhenTheirValuesAre(
            @ForAll("fewRows") List<@Nullable Object> one, @ForAll("fewRows") List<@Nullable Object> other) {
        assertThat(pack(one).equals(pack(other))).isEqualTo(one.equals(other));
        assertThat(pack(one)).hasSameHashCodeAs(pack(new ArrayList<>(one)));
    }

    @Property
    void identityIsTheKeyAlone(
            @ForAll("fewRows") List<@Nullable Object> one, @ForAll("fewRows") List<@Nullable Object> other) {
        boolean same = KEY.stream().allMatch(i -> Objects.equals(one.get(i), other.get(i)));
        Row row = pack(one);
        Row second = pack(other);

        assertThat(row.sameKey(second)).isEqualTo(same);
        if (same) {
            assertThat(row.keyHash()).isEqualTo(second.keyHash());
        }
    }

    @Property
    void theKeyAloneFindsItsRow(@ForAll("rows") List<@Nullable Object> model) {
        Row row = pack(model);
        Row key = SCHEMA.key(model.get(3), model.get(1));

        assertThat(key.sameKey(row)).isTrue();
        assertThat(key.keyHash()).isEqualTo(row.keyHash());
        assertThat(key.key()).isEqualTo(row.key()).containsExactly(model.get(3), model.get(1));
        assertThat(key.isComplete()).isFalse();
    }

    @Property
    void textIsPackedAsTheJdkDoes(@ForAll("anyText") String text, @ForAll("anyText") String around) {
        RowPacker packer = new RowPacker(SCHEMA);
        char[] chars = (around + text + around).toCharArray();

        packer.setText(3, chars, around.length(), text.length());
        packer.setText(0, chars, 0, chars.length);
        Row row = packer.pack();

        assertThat(row.packedValue(3)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        assertThat(row.packedValue(0)).isEqualTo((around + text + around).getBytes(StandardCharsets.UTF_8));
    }

    @Property
    void lengthsOfAnySizeAreRead(@ForAll("anyCode") int code) {
        byte[] bytes = new byte[8];
        int end = Row.putVarint(bytes, 2, code);

        assertThat(end - 2).isEqualTo(Row.varintSize(code));
        assertThat(Row.varint(bytes, 2)).isEqualTo(code);
    }

    private static Row pack(List<@Nullable Object> model) {
        return pack(model, List.of(4, 3, 2, 1, 0));
    }

    private static Row pack(List<@Nullable Object> model, List<Integer> order) {
        RowPacker packer = new RowPacker(SCHEMA);
        // What was set before a row, or cleared, must leave no trace.
        packer.setNull(0);
        packer.clear();
        for (int column : order) {
            Object value = model.get(column);
            if (value == null) {
                packer.setNull(column);
            } else if (value != ABSENT) {
                packer.set(column, bytes(value));
            }
        }
        return packer.pack();
    }

    private static byte[] bytes(Object value) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Provide
    Arbitrary<List<@Nullable Object>> rows() {
        return models(texts(), Arbitraries.longs(), 0);
    }

    @Provide
    Arbitrary<List<@Nullable Object>> partials() {
        return models(texts(), Arbitraries.longs(), 3);
    }

    /** Few values, so that equal ones meet. */
    @Provide
    Arbitrary<List<@Nullable Object>> fewRows() {
        return models(Arbitraries.of("", "a", "aaaaaaaaa"), Arbitraries.longs().between(0, 1), 0)
                .map(model -> {
                    model.set(2, null);
                    model.set(4, null);
                    return model;
                });
    }

    private static Arbitrary<List<@Nullable Object>> models(Arbitrary<String> texts, Arbitrary<Long> seqs, int absent) {
        // The edge cases of five cells, multiplied, would take minutes; those that count are drawn often enough.
        return Combinators.combine(
                        cell(texts, absent),
                        cell(seqs, absent),
                        cell(Arbitraries.bigDecimals(), absent),
                        cell(texts, absent),
                        cell(Arbitraries.integers(), absent))
                .as((note, seq, price, org, count) ->
                        (List<@Nullable Object>) new ArrayList<>(Arrays.asList(note, seq, price, org, count)))
                .withoutEdgeCases();
    }

    /** A value, null in one of ten cases, absent in so many of ten. */
    private static Arbitrary<@Nullable Object> cell(Arbitrary<?> values, int absent) {
        return Arbitraries.frequencyOf(
                Tuple.of(absent, Arbitraries.just(ABSENT)),
                Tuple.of(10 - absent, values.asGeneric().injectNull(0.1)));
    }

    /** Many lengths where a length code grows by a byte: 126 and 16382. */
    private static Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().alpha().ofMaxLength(12),
                Arbitraries.of(124, 125, 126, 127, 128, 16_381, 16_382, 16_383, 40_000)
                        .map("x"::repeat));
    }

    @Provide
    Arbitrary<List<Integer>> orders() {
        return Arbitraries.shuffle(0, 1, 2, 3, 4);
    }

    /** Any characters, many of them surrogates with and without partner, and of each length in UTF-8. */
    @Provide
    Arbitrary<String> anyText() {
        Arbitrary<Character> chars = Arbitraries.oneOf(
                Arbitraries.chars().all(),
                Arbitraries.chars().range('\ud800', '\udfff'),
                Arbitraries.of('a', '\u007f', '\u0080', '\u07ff', '\u0800', '\uffff', '\ud83d', '\ude00'));
        return chars.list().ofMaxSize(200).map(list -> {
            StringBuilder text = new StringBuilder();
            list.forEach(text::append);
            return text.toString();
        });
    }

    @Provide
    Arbitrary<Integer> anyCode() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(0, Integer.MAX_VALUE),
                Arbitraries.of(0, 127, 128, 16_383, 16_384, 1 << 21, (1 << 28) - 1, 1 << 28, Integer.MAX_VALUE));
    }
}
