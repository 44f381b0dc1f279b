package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.SourceListener;
import dev.tributary.SyncSource;
import dev.tributary.testkit.MemoryBackend;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A saved view that is not what it should be is refused by name, and the view is synced anew. */
@Tag("L3")
@Tag("L10")
class SavedViewTest {

    private static final Logger LOG = Logger.getLogger("dev.tributary");

    private final MemoryBackend backend = MemoryBackend.create();

    @BeforeEach
    void hundredsOfRefusalsAreNoNews() {
        LOG.setLevel(Level.OFF);
    }

    @AfterEach
    void restore() {
        LOG.setLevel(null);
    }

    private byte[] saved() {
        backend.commit(tx -> tx.insert("items", 1, Map.of("name", "tea")).insert("items", 2, Map.of("name", "cup")));
        try (SyncSource source = backend.source()) {
            MaterializedView<Row> view = source.materialize("items");
            backend.clock().advance(Duration.ofSeconds(1));
            return view.save().toBytes();
        }
    }

    /** What is reported when a view starts from these bytes; it must converge in any case. */
    private List<String> faultsWith(String query, byte[] bytes) {
        List<String> faults = new ArrayList<>();
        SourceListener listener = new SourceListener() {
            @Override
            public void onFault(Query of, String what, String where) {
                faults.add(what + " at " + where);
            }
        };
        try (SyncSource source = backend.builder().listener(listener).open()) {
            MaterializedView<Row> view = source.materialize(Query.parse(query), row -> row, from -> from.saved(bytes));
            backend.clock().advance(Duration.ofSeconds(30));
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
            assertThat(view.snapshot().size()).isEqualTo(backend.rows(query).size());
        }
        return faults;
    }

    @Test
    void aGoodOneIsTaken() {
        byte[] bytes = saved();
        assertThat(faultsWith("items", bytes)).isEmpty();
    }

    @Test
    void anyByteChangedOrMissingIsFound() {
        byte[] bytes = saved();
        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= (byte) (1 << i % 8);
            assertThat(faultsWith("items", changed)).as("byte %s changed", i).hasSize(1);
            assertThat(faultsWith("items", Arrays.copyOf(bytes, i)))
                    .as("cut at byte %s", i)
                    .hasSize(1);
        }
    }

    @Test
    void damageThatKeepsTheChecksumIsFoundOrHarmless() {
        byte[] bytes = saved();
        for (int i = 6; i < bytes.length - 4; i++) {
            for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff}) {
                byte[] changed = bytes.clone();
                changed[i] = (byte) value;
                CRC32C sum = new CRC32C();
                sum.update(changed, 0, changed.length - 4);
                ByteBuffer.wrap(changed).putInt(changed.length - 4, (int) sum.getValue());
                int at = i;
                assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> faultsWithout(changed)))
                        .as("byte %s set to %s", at, value)
                        .isNull();
            }
        }
    }

    private void faultsWithout(byte[] bytes) {
        try (SyncSource source = backend.source()) {
            MaterializedView<Row> view =
                    source.materialize(Query.parse("items"), row -> row, from -> from.saved(bytes));
            view.snapshot().forEach(row -> assertThat(row.toString()).isNotNull());
        }
    }

    @Test
    void oneOfAnotherQueryIsRefusedByName() {
        byte[] bytes = saved();
        backend.commit(tx -> tx.insert("other", 1, Map.of("name", "x")));
        assertThat(faultsWith("other", bytes)).singleElement().asString().contains("'items'", "'other'");
        assertThat(faultsWith("items?name=tea", bytes)).hasSize(1);
    }

    @Test
    void oneOfAnotherFormatOrNoneAtAllIsRefused() {
        byte[] bytes = saved();
        bytes[5]++;
        assertThat(faultsWith("items", bytes)).singleElement().asString().contains("format");
        assertThat(faultsWith("items", new byte[0])).hasSize(1);
        assertThat(faultsWith("items", new ByteArrayOutputStream().toByteArray()))
                .hasSize(1);
    }

    @Test
    void aViewWithoutContentCannotBeSaved() {
        try (SyncSource source = backend.source()) {
            MaterializedView<Row> view = source.materialize("items");
            assertThatThrownBy(view::save).isInstanceOf(IllegalStateException.class);
        }
    }
}
