package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.LimitExceededException;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.RowPacker;
import dev.tributary.SyncSource;
import dev.tributary.spi.Draft;
import dev.tributary.testkit.MemoryType;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bound of an open transaction counts documents and events as well as packed rows. */
@Tag("L9")
class DocumentBoundTest {

    private static Row row(int id, Object document) {
        RowPacker packer = new RowPacker(ScriptedTransport.SCHEMA);
        packer.set(0, MemoryType.INT.encode(id));
        packer.setDocument(1, document);
        return packer.pack();
    }

    private static MaterializedView<Row> viewAfter(Consumer<Draft> edits) {
        ScriptedTransport transport = new ScriptedTransport();
        try (SyncSource source = transport.builder("?maxTransaction=10k").open()) {
            MaterializedView<Row> view = source.materialize("a");
            ScriptedTransport.Session session = transport.last();
            session.does(out -> {
                Draft draft = out.draft(session.subscription("a"));
                draft.replaceAll(ScriptedTransport.SCHEMA);
                edits.accept(draft);
                out.commit(List.of(session.subscription("a")), null);
                out.upToDate(session.subscription("a"));
            });
            Phase phase = view.status().phase();
            assertThat(phase == Phase.FAILED).isEqualTo(view.status().reason() instanceof LimitExceededException);
            return view.snapshot().version() == 0 ? null : view;
        }
    }

    @Test
    void aLargeDocumentIsTooMuchAndSeveralSmallOnesAreNot() {
        assertThat(viewAfter(draft -> draft.put(row(1, List.of(Map.of("text", "x".repeat(20_000)))))))
                .isNull();
        assertThat(viewAfter(draft -> {
                    for (int i = 0; i < 20; i++) {
                        draft.put(row(i, Map.of("text", "x".repeat(50))));
                    }
                }))
                .isNotNull();
    }

    @Test
    void manyEventsAreTooMuch() {
        assertThat(viewAfter(draft -> {
                    for (int i = 0; i < 1_000; i++) {
                        draft.event("passing " + i);
                    }
                }))
                .isNull();
        assertThat(viewAfter(draft -> draft.event("passing"))).isNotNull();
    }
}
