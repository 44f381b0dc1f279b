package dev.tributary.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.Capability;
import dev.tributary.Checkpoint;
import dev.tributary.Column;
import dev.tributary.ColumnType;
import dev.tributary.Documents;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.RowPacker;
import dev.tributary.RowSchema;
import dev.tributary.SavedViewException;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.SessionContext;
import dev.tributary.spi.TransportProvider;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Documents come back from a saved view as they were; damaged ones are refused, whatever they say. */
@Tag("L3")
class SavedDocumentsProperties {

    private static final ColumnType TYPE = new Text();
    private static final RowSchema SCHEMA = RowSchema.of(List.of(
            new Column("value", TYPE, true, -1),
            new Column("key", TYPE, false, 0),
            new Column("note", TYPE, true, -1)));
    private static final Query QUERY = Query.of("q");

    @Provide
    Arbitrary<List<@Nullable Object>> documentLists() {
        return Documents.any().list().ofMaxSize(5);
    }

    private static Row row(int key, @Nullable Object document) {
        RowPacker packer = new RowPacker(SCHEMA);
        packer.set(1, TYPE.encode("key " + key));
        packer.setDocument(0, document);
        if (key % 3 == 0) {
            packer.setNull(2);
        } else if (key % 3 == 1) {
            packer.set(2, TYPE.encode("note"));
        } else {
            packer.setDocument(2, key);
        }
        return packer.pack();
    }

    private static byte[] save(RowTrie rows) {
        return new SavedRows("s", QUERY, new ViewState(7, SCHEMA, rows, Checkpoint.of(new byte[] {1}), false))
                .toBytes();
    }

    private static ViewState read(byte[] bytes) {
        return SavedRows.read(bytes, new Transport(), QUERY);
    }

    private static byte[] saved(List<@Nullable Object> documents) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            rows.add(row(i, documents.get(i)));
        }
        return save(RowTrie.bulk(rows.toArray(new Row[0]), rows.size()));
    }

    @Property
    void whatWasSavedComesBack(@ForAll("documentLists") List<@Nullable Object> documents) {
        byte[] bytes = saved(documents);
        ViewState state = read(bytes);
        assertThat(state.rows().size()).isEqualTo(documents.size());
        assertThat(state.verified()).isFalse();
        for (int i = 0; i < documents.size(); i++) {
            Row row = row(i, documents.get(i));
            assertThat(state.rows().get(row)).isEqualTo(row);
        }
        assertThat(save(state.rows())).isEqualTo(bytes);
    }

    @Property
    @Tag("L10")
    void damageIsRefusedOrHarmless(
            @ForAll("documentLists") List<@Nullable Object> documents,
            @ForAll @IntRange(min = 6, max = 2_000) int place,
            @ForAll byte value,
            @ForAll boolean cut) {
        byte[] bytes = saved(documents);
        int at = 6 + place % (bytes.length - 10);
        byte[] damaged = cut ? Arrays.copyOf(bytes, at + 4) : bytes;
        if (!cut) {
            damaged[at] = value;
        }
        CRC32C sum = new CRC32C();
        sum.update(damaged, 0, damaged.length - 4);
        ByteBuffer.wrap(damaged).putInt(damaged.length - 4, (int) sum.getValue());
        try {
            read(damaged).rows().forEach(row -> assertThat(row.toString()).isNotNull());
        } catch (SavedViewException expected) {
            assertThat(expected.getMessage()).isNotNull();
        }
    }

    @Test
    void depthDoesNotMatter() {
        Object deep = Documents.nested(100_000);
        Row row = row(1, deep);
        assertThat(row.equals(read(saved(Arrays.asList(null, deep))).rows().get(row)))
                .isTrue();
    }

    @Test
    void namesAreWrittenOnce() {
        List<@Nullable Object> many = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            many.add(Map.of("a name that is rather long, and comes again and again", i));
        }
        assertThat(saved(many).length).isLessThan(1_000 * 40);
    }

    @Test
    void whatIsNoPlainValueIsRefusedWhenItIsSaved() {
        assertThatThrownBy(() -> saved(List.of(List.of(new StringBuilder())))).isInstanceOf(SavedViewException.class);
        assertThatThrownBy(() -> saved(List.of(Map.of(1, "one")))).isInstanceOf(SavedViewException.class);
    }

    /** A text column. */
    private static final class Text implements ColumnType {

        @Override
        public String name() {
            return "text";
        }

        @Override
        public Object decode(byte[] bytes, int offset, int length) {
            return new String(bytes, offset, length, java.nio.charset.StandardCharsets.UTF_8);
        }

        @Override
        public byte[] encode(Object value) {
            return value.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }

        @Override
        public Class<?> javaType() {
            return String.class;
        }
    }

    private static final class Transport implements TransportProvider {

        @Override
        public String scheme() {
            return "s";
        }

        @Override
        public Set<String> wireSchemes() {
            return Set.of("ws");
        }

        @Override
        public Set<Capability> capabilities() {
            return Set.of();
        }

        @Override
        public Protocol session(SessionContext context) {
            throw new AssertionError("nothing is opened");
        }

        @Override
        public ColumnType columnType(String name) {
            if (!name.equals("text")) {
                throw new IllegalArgumentException("no type " + name);
            }
            return TYPE;
        }
    }
}
