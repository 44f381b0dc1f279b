package dev.tributary;

import static dev.tributary.TestTypes.column;
import static dev.tributary.TestTypes.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RowTest {

    private static final RowSchema ITEMS = TestTypes.schema(
            key("id", TestTypes.INT8, 0), column("name", TestTypes.TEXT), column("price", TestTypes.DECIMAL));

    private static final RowSchema COMPOSITE = TestTypes.schema(
            key("seq", TestTypes.INT4, 1), column("note", TestTypes.TEXT), key("org", TestTypes.TEXT, 0));

    private static final RowSchema DOCUMENTS = TestTypes.schema(
            key("key", TestTypes.TEXT, 0), column("value", TestTypes.JSON), column("n", TestTypes.INT4));

    @Test
    void intAndLongAreOneKey() {
        assertThat(ITEMS.key(42)).isEqualTo(ITEMS.key(42L));
        assertThat(ITEMS.key(42).sameKey(ITEMS.row(42L, "tea", null))).isTrue();
    }

    @Test
    void keyOfTheWrongShapeShowsTheRightOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> COMPOSITE.key("a"))
                .withMessage("the key is (org text, seq int4), but 1 values were given");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> COMPOSITE.key(7, "a"))
                .withMessage("the key is (org text, seq int4): expected a text, got Integer");
    }

    @Test
    void rowOfTheWrongShapeSaysSo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ITEMS.row(1L, "tea"))
                .withMessage("2 values for 3 columns [id, name, price]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ITEMS.row(1L, 2, null))
                .withMessage("name: expected a text, got Integer");
    }

    @Test
    void keyIsShownInKeyOrder() {
        Row row = COMPOSITE.row(7, null, "a");
        assertThat(row.keyText()).isEqualTo("(a, 7)");
        assertThat(row.key()).containsExactly("a", 7);
        assertThat(ITEMS.key(42).keyText()).isEqualTo("42");
        assertThat(COMPOSITE.keyColumns()).extracting(Column::name).containsExactly("org", "seq");
    }

    @Test
    void withoutDeclaredKeyAllColumnsAreTheKey() {
        RowSchema schema = TestTypes.schema(column("a", TestTypes.TEXT), column("b", TestTypes.TEXT));
        assertThat(schema.declaresKey()).isFalse();
        assertThat(schema.key("x", null).sameKey(schema.row("x", null))).isTrue();
        assertThat(schema.row("x", "y").sameKey(schema.row("x", "z"))).isFalse();
    }

    @Test
    void keyOfOtherSplitIsAnotherKey() {
        RowSchema schema = TestTypes.schema(key("a", TestTypes.TEXT, 0), key("b", TestTypes.TEXT, 1));
        assertThat(schema.key("ab", "c").sameKey(schema.key("a", "bc"))).isFalse();
        assertThat(schema.key("", null).sameKey(schema.key(null, ""))).isFalse();
    }

    @Test
    void twoColumnsOfOneNameAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestTypes.schema(column("a", TestTypes.TEXT), column("a", TestTypes.INT4)))
                .withMessage("two columns are named 'a'");
    }

    @Test
    void unknownColumnIsRefusedWithThoseThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ITEMS.row(1, "tea", null).get("nmae"))
                .withMessage("no column 'nmae'; there are [id, name, price]");
        assertThat(ITEMS.find("nmae")).isEqualTo(-1);
    }

    @Test
    @Tag("L10")
    void valueThatIsNoneSpoilsItsOwnReadingOnly() {
        Row row = TestTypes.rowOfTexts(ITEMS, "42", "tea", "abc");
        assertThatThrownBy(() -> row.get("price"))
                .isInstanceOf(MappingException.class)
                .hasMessage("price: expected a decimal, got 'abc' in row 42");
        assertThat(row.get("name")).isEqualTo("tea");
        assertThat(row).hasToString("{id=42, name=tea, price=?}");
    }

    @Test
    void typedAccessWidensAndRefuses() {
        RowSchema schema = TestTypes.schema(
                key("i", TestTypes.INT4, 0), column("f", TestTypes.FLOAT4), column("t", TestTypes.TEXT));
        Row row = TestTypes.rowOfTexts(schema, "7", "0.5", "x");
        assertThat(row.getLong("i")).isEqualTo(7L);
        assertThat(row.getInteger("i")).isEqualTo(7);
        assertThat(row.getDouble("f")).isEqualTo(0.5);
        assertThat(row.getString("t")).isEqualTo("x");
        assertThat(row.get("i", Number.class)).isEqualTo(7);
        assertThatThrownBy(() -> row.getLong("t"))
                .isInstanceOf(MappingException.class)
                .hasMessage("t: expected Long, but it is String in row 7");
        assertThat(ITEMS.row(1, null, null).getDecimal("price")).isNull();
    }

    @Test
    void mergeNeedsOneSchema() {
        assertThatIllegalArgumentException().isThrownBy(() -> ITEMS.key(1).merge(COMPOSITE.key("a", 1)));
        RowSchema equal = RowSchema.of(ITEMS.columns());
        assertThat(equal).isEqualTo(ITEMS).hasSameHashCodeAs(ITEMS);
        assertThat(ITEMS.key(1).merge(equal.row(1, "tea", null))).isEqualTo(ITEMS.row(1, "tea", null));
    }

    @Test
    void rowsOfDifferentSchemasDiffer() {
        RowSchema other = TestTypes.schema(
                key("id", TestTypes.INT4, 0), column("name", TestTypes.TEXT), column("price", TestTypes.DECIMAL));
        assertThat(other.row(1, "tea", null)).isNotEqualTo(ITEMS.row(1, "tea", null));
    }

    @Test
    void packedValueIsACopy() {
        Row row = ITEMS.row(1, "tea", BigDecimal.ONE);
        byte[] bytes = row.packedValue(1);
        bytes[0] = 'T';
        assertThat(row.get("name")).isEqualTo("tea");
    }

    @Test
    void packerIsEmptyAfterEachRowAlsoAHugeOne() {
        RowPacker packer = new RowPacker(ITEMS);
        String huge = "x".repeat(3 << 20);
        packer.set(0, "1".getBytes(StandardCharsets.UTF_8));
        packer.setText(1, huge.toCharArray(), 0, huge.length());
        assertThat(packer.pack().get("name")).isEqualTo(huge);

        packer.set(0, "2".getBytes(StandardCharsets.UTF_8));
        assertThat(packer.pack()).isEqualTo(ITEMS.key(2));
    }

    @Test
    @Tag("L10")
    void bytesThatAreNoRowAreRefused() {
        RowSchema two = TestTypes.schema(TestTypes.key("a", TestTypes.INT4, 0), TestTypes.column("b", TestTypes.TEXT));
        byte[][] wrong = {
            {},
            {0},
            {0, 0, 0},
            {-1, -1},
            {0, -1},
            {-1, -1, -1, -1, -1, -1, 0, 0},
            {-1, -1, -1, -1, -1},
            {9, 0},
            {-128, -128, -128, -128, 8, 0}
        };
        for (byte[] bytes : wrong) {
            assertThatThrownBy(() -> Row.ofPacked(two, bytes))
                    .as(Arrays.toString(bytes))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Row.ofPacked(two, new byte[] {0, 1}).has(1)).isFalse();
    }

    @Test
    void documentIsReadAndMergedAsAWhole() {
        Row row = document("k", Map.of("hp", 1), 1);
        Row change = document("k", Map.of("hp", 2), null);

        assertThat(row.get("value")).isEqualTo(Map.of("hp", 1));
        assertThat(row.isComplete()).isTrue();
        assertThat(row).isEqualTo(document("k", Map.of("hp", 1), 1)).isNotEqualTo(change);
        assertThat(row.merge(change)).isEqualTo(document("k", Map.of("hp", 2), 1));
        assertThat(row.merge(DOCUMENTS.key("k"))).isEqualTo(row);
        assertThat(document("k", null, 1).isNull("value")).isTrue();
        assertThat(document("k", null, 1).has(1)).isTrue();
    }

    @Test
    void documentAndPackedValueReplaceEachOther() {
        Row packed = TestTypes.rowOfTexts(DOCUMENTS, "k", "plain", "1");
        Row document = document("k", List.of(1), 1);

        assertThat(packed.merge(document)).isEqualTo(document);
        assertThat(document.merge(packed)).isEqualTo(packed);
        assertThat(packed).isEqualTo(document.merge(packed)).hasSameHashCodeAs(document.merge(packed));
    }

    @Test
    void ofDocumentAndPackedValueTheLastSetCounts() {
        RowPacker packer = new RowPacker(DOCUMENTS);
        packer.set(0, new byte[] {'k'});
        packer.setDocument(1, "document");
        packer.set(1, new byte[] {'p'});
        assertThat(packer.pack())
                .isEqualTo(TestTypes.rowOfTexts(DOCUMENTS, "k", "p").merge(DOCUMENTS.key("k")));

        packer.set(0, new byte[] {'k'});
        packer.set(1, new byte[] {'p'});
        packer.setDocument(1, "document");
        assertThat(packer.pack()).isEqualTo(document("k", "document", null));
    }

    @Test
    void documentCannotBeAKey() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RowPacker(DOCUMENTS).setDocument(0, "k"))
                .withMessage("a document cannot be a part of the key (key text)");
    }

    /** A row with this document; without n where that is null. */
    private static Row document(String key, Object value, Integer n) {
        RowPacker packer = new RowPacker(DOCUMENTS);
        packer.set(0, key.getBytes(StandardCharsets.UTF_8));
        packer.setDocument(1, value);
        if (n != null) {
            packer.set(2, n.toString().getBytes(StandardCharsets.UTF_8));
        }
        return packer.pack();
    }

    @Test
    @org.junit.jupiter.api.Tag("L10")
    void aKeyThatCannotBeReadSpoilsItsReadingAndNothingElse() {
        RowSchema schema = RowSchema.of(java.util.List.of(new Column("id", TestTypes.INT4, false, 0)));
        RowPacker packer = new RowPacker(schema);
        packer.set(0, "1{3".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Row row = packer.pack();
        assertThat(row.toString()).isEqualTo("{id=?}");
        assertThatThrownBy(() -> row.get("id"))
                .isInstanceOf(MappingException.class)
                .hasMessageContaining("in row ?");
    }
}
