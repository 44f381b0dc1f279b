package dev.tributary.spacetimedb.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ColumnType;
import dev.tributary.ConfigurationException;
import dev.tributary.ProtocolException;
import dev.tributary.Row;
import dev.tributary.spacetimedb.Arguments;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Random tables with random rows: every form of a row is the same row. Nothing is shrunk: a seed has no smaller form.
 */
class RowFormsProperties {

    private static final int LEVELS = 4;

    private final AtomicReference<byte[]> taken = new AtomicReference<>(new byte[0]);

    private byte[] bsatn(RowDecoder decoder, String json) {
        decoder.json(json, (buffer, offset, length) -> taken.set(Arrays.copyOfRange(buffer, offset, offset + length)));
        return taken.get();
    }

    private record Table(List<Model.Kind> kinds, DatabaseSchema schema) {
        static Table random(Random random) {
            List<Model.Kind> kinds = Model.kinds(random, random.nextInt(6), LEVELS);
            return new Table(kinds, Model.database(kinds, random.nextInt(kinds.size() + 1) - 1));
        }

        RowDecoder decoder() {
            return Objects.requireNonNull(schema.table("t")).layout().decoder();
        }

        FunctionSchema reducer() {
            return Objects.requireNonNull(schema.reducer("r"));
        }

        List<Model.Value> row(Random random) {
            return kinds.stream().map(kind -> kind.value(random)).toList();
        }
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    @Tag("T20")
    @Tag("T21")
    @Tag("T27")
    @Tag("T28")
    void everyFormOfARowIsTheSameRow(@ForAll long seed) {
        Random random = new Random(seed);
        Table table = Table.random(random);
        RowDecoder decoder = table.decoder();
        for (int i = 0; i < 5; i++) {
            List<Model.Value> values = table.row(random);
            Model.Value whole = Model.Struct.ofValues(values, random);
            assertThat(bsatn(decoder, whole.stored())).isEqualTo(whole.bsatn());
            assertThat(bsatn(decoder, whole.computed())).isEqualTo(whole.bsatn());
            assertThat(bsatn(decoder, whole.shuffled())).isEqualTo(whole.bsatn());
            Row row = decoder.row(whole.bsatn(), 0, whole.bsatn().length);
            assertThat(decoder.jsonRow(whole.stored())).isEqualTo(row);
            char[] chars = (" " + whole.computed() + "]").toCharArray();
            assertThat(decoder.jsonRow(chars, 1, chars.length - 2)).isEqualTo(row);
            @Nullable Object[] java = values.stream().map(Model.Value::java).toArray();
            for (int column = 0; column < java.length; column++) {
                assertThat(Model.comparable(row.get(column))).isEqualTo(Model.comparable(java[column]));
            }
            assertThat(row.schema().row(java)).isEqualTo(row);
        }
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    @Tag("T22")
    @Tag("T23")
    void rowsAreSplitWhereTheyEndAndNothingMayBeLeftOver(@ForAll long seed) {
        Random random = new Random(seed);
        Table table = Table.random(random);
        RowDecoder decoder = table.decoder();
        byte[] one = Model.Struct.ofValues(table.row(random), random).bsatn();
        byte[] two = Model.Struct.ofValues(table.row(random), random).bsatn();
        byte[] both = Model.concat(new byte[] {7}, one, two);
        assertThat(decoder.skip(both, 1, both.length)).isEqualTo(1 + one.length);
        assertThat(decoder.skip(both, 1 + one.length, both.length)).isEqualTo(both.length);
        for (int length = 0; length < one.length; length++) {
            int cut = length;
            assertThatThrownBy(() -> decoder.row(one, 0, cut))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("table t");
        }
        byte[] longer = Arrays.copyOf(one, one.length + 1);
        assertThatThrownBy(() -> decoder.row(longer, 0, longer.length))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("1 bytes are left over");
        assertThat(decoder.row(one, 0, one.length)).isEqualTo(decoder.row(longer, 0, one.length));
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    @Tag("T22")
    void spoiledBytesAreRefusedOrAreAnotherRow(@ForAll long seed) {
        Random random = new Random(seed);
        Table table = Table.random(random);
        RowDecoder decoder = table.decoder();
        byte[] bytes = Model.Struct.ofValues(table.row(random), random).bsatn();
        for (int i = 0; i < 20 && bytes.length > 0; i++) {
            byte[] spoiled = bytes.clone();
            spoiled[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? random.nextInt() : 0xff);
            Row row;
            try {
                row = decoder.row(spoiled, 0, spoiled.length);
            } catch (ProtocolException e) {
                continue;
            }
            // What was let in can be read, and goes back to the same bytes.
            @Nullable Object[] java = new Object[row.schema().columns().size()];
            for (int column = 0; column < java.length; column++) {
                java[column] = row.get(column);
            }
            assertThat(row.schema().row(java)).isEqualTo(row);
        }
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    @Tag("T22")
    void spoiledJsonIsRefusedOrIsAnotherRow(@ForAll long seed) {
        Random random = new Random(seed);
        Table table = Table.random(random);
        RowDecoder decoder = table.decoder();
        Model.Value value = Model.Struct.ofValues(table.row(random), random);
        String signs = "[]{},:\"0123456789-.eE\\utrueflsn x";
        for (int i = 0; i < 20; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? value.stored() : value.computed());
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setLength(at);
                case 1 -> text.deleteCharAt(at);
                default -> text.setCharAt(at, signs.charAt(random.nextInt(signs.length())));
            }
            try {
                decoder.jsonRow(text.toString());
            } catch (ProtocolException e) {
                assertThat(e).hasMessageContaining("table t");
            }
        }
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void aTypeIsMadeAgainFromItsName(@ForAll long seed) {
        Random random = new Random(seed);
        Table table = Table.random(random);
        RowDecoder decoder = table.decoder();
        byte[] bytes = Model.Struct.ofValues(table.row(random), random).bsatn();
        Row row = decoder.row(bytes, 0, bytes.length);
        for (int column = 0; column < table.kinds().size(); column++) {
            ColumnType type = row.schema().columns().get(column).type();
            ColumnType again = ValueType.named(type.name());
            assertThat(again.name()).isEqualTo(type.name());
            assertThat(again.javaType()).isEqualTo(type.javaType());
            byte[] packed = row.packedValue(column);
            if (packed != null) {
                assertThat(Model.comparable(again.decode(packed, 0, packed.length)))
                        .isEqualTo(Model.comparable(row.get(column)));
            }
        }
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    @Tag("T29")
    void argumentsOfEveryFormAreTheSameBytes(@ForAll long seed) {
        Random random = new Random(seed);
        Table table = Table.random(random);
        FunctionSchema reducer = table.reducer();
        List<Model.Value> values = table.row(random);
        Model.Value whole = Model.Struct.ofValues(values, random);
        @Nullable Object[] java = values.stream().map(Model.Value::java).toArray();
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        for (int i = java.length - 1; i >= 0; i--) {
            named.put("f" + i, java[i]);
        }
        List<Arguments> all = List.of(
                Arguments.of(java),
                Arguments.named(named),
                Arguments.json(whole.computed()),
                Arguments.json(whole.shuffled()),
                Arguments.bsatn(whole.bsatn()));
        for (Arguments arguments : all) {
            assertThat(ArgumentWriter.toBsatn("r", reducer, arguments)).isEqualTo(whole.bsatn());
            String json = ArgumentWriter.toJson("r", reducer, arguments);
            assertThat(ArgumentWriter.toBsatn("r", reducer, Arguments.json(json)))
                    .isEqualTo(whole.bsatn());
        }
        byte[] longer = Arrays.copyOf(whole.bsatn(), whole.bsatn().length + 1);
        assertThatThrownBy(() -> ArgumentWriter.toBsatn("r", reducer, Arguments.bsatn(longer)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the arguments of r");
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    @Tag("T41")
    void returnedValuesAreReadFromBothForms(@ForAll long seed) {
        Random random = new Random(seed);
        Table table = Table.random(random);
        AlgebraicType type =
                Objects.requireNonNull(table.schema().procedure("p")).returnType();
        Model.Value whole = Model.Struct.ofValues(table.row(random), random);
        assertThat(Model.comparable(ReturnValue.ofBsatn("p", type, whole.bsatn())))
                .isEqualTo(Model.comparable(whole.java()));
        assertThat(Model.comparable(ReturnValue.ofJson("p", type, whole.computed())))
                .isEqualTo(Model.comparable(whole.java()));
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    @Tag("T59")
    void aSpoiledSchemaIsRefusedOrIsAnotherSchema(@ForAll long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder(Model.schema(Model.kinds(random, 3, 2), 0));
        String signs = "[]{},:\"0123456789-";
        int at = random.nextInt(text.length());
        if (random.nextBoolean()) {
            text.setCharAt(at, signs.charAt(random.nextInt(signs.length())));
        } else {
            text.setLength(at);
        }
        try {
            DatabaseSchema.parse(text.toString());
        } catch (ProtocolException e) {
            assertThat(e).hasMessageContaining("schema");
        }
    }
}
