package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Capability;
import dev.tributary.Column;
import dev.tributary.Commit;
import dev.tributary.ConnectionException;
import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.SourceSnapshot;
import dev.tributary.SyncSource;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Ending;
import dev.tributary.testkit.MemoryType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What belongs together becomes visible together: rows and their checkpoint, a new content as a whole, several views. */
@ExtendWith(QuietEngine.class)
class TogetherTest {

    private final ScriptedTransport transport = new ScriptedTransport();
    private final SyncSource source = transport.builder().open();

    private MaterializedView<Row> loaded(String query) {
        MaterializedView<Row> view = source.materialize(query);
        transport.last().content(query, 1, 1, 10, 2, 20);
        return view;
    }

    /** From where a view goes on that starts from what is saved now. */
    private static int checkpointOf(byte[] saved) {
        ScriptedTransport other = new ScriptedTransport();
        try (SyncSource two = other.builder().open()) {
            two.materialize("a", row -> row, from -> from.saved(saved));
            return other.last().subscription("a").resume().checkpoint().toBytes()[0];
        }
    }

    @Test
    @Tag("L3")
    void whoeverSeesTheRowsOfACommitSeesItsCheckpoint() {
        MaterializedView<Row> view = loaded("a");
        List<String> seen = new ArrayList<>();
        view.listen(
                commit -> seen.add(view.snapshot().size() + " rows, told "
                        + commit.checkpoint().toBytes()[0] + ", saved "
                        + checkpointOf(view.save().toBytes())),
                Runnable::run);
        transport.last().change("a", 2, 3, 30);
        transport.last().change("a", 3, 4, 40);
        transport.last().content("a", 4, 1, 10);
        assertThat(seen)
                .containsExactly(
                        "2 rows, told 1, saved 1",
                        "3 rows, told 2, saved 2",
                        "4 rows, told 3, saved 3",
                        "1 rows, told 4, saved 4");
    }

    @Test
    @Tag("L3")
    void aCheckpointIsWorthNothingBeforeItsCommit() {
        MaterializedView<Row> view = loaded("a");
        ScriptedTransport.Session session = transport.last();
        session.does(out -> {
            Draft draft = out.draft(session.subscription("a"));
            draft.put(ScriptedTransport.Session.row(3, 30));
            draft.checkpoint(ScriptedTransport.checkpoint(2));
        });
        assertThat(checkpointOf(view.save().toBytes())).isEqualTo(1);
        session.does(out -> out.end(Ending.retry(new ConnectionException("gone in the middle"))));
        transport.advance(java.time.Duration.ofSeconds(2));
        assertThat(transport.last().subscription("a").resume().checkpoint().toBytes())
                .containsExactly(1);
        assertThat(view.snapshot().contains(3)).isFalse();
    }

    @Test
    @Tag("L7")
    void aNewContentIsInvisibleUntilItIsWhole() {
        MaterializedView<Row> view = loaded("a");
        List<String> heard = new ArrayList<>();
        view.listen(commit -> heard.add(commit.origin() + " " + commit.changes()), Runnable::run);
        heard.clear();
        ScriptedTransport.Session session = transport.last();
        session.does(out -> out.end(Ending.reset(new ConnectionException("the log is gone"))));
        transport.environment.run();
        assertThat(view.snapshot().size()).isEqualTo(2);
        ScriptedTransport.Session next = transport.last();
        next.does(out -> {
            Draft draft = out.draft(next.subscription("a"));
            draft.replaceAll(ScriptedTransport.SCHEMA);
            assertThat(view.snapshot().size()).isEqualTo(2);
            draft.put(ScriptedTransport.Session.row(2, 21));
        });
        assertThat(view.snapshot().size()).isEqualTo(2);
        assertThat(view.snapshot().get(2).getInteger("value")).isEqualTo(20);
        next.does(out -> {
            out.draft(next.subscription("a")).put(ScriptedTransport.Session.row(3, 30));
            out.commit(List.of(next.subscription("a")), null);
        });
        assertThat(heard).hasSize(1);
        assertThat(heard.get(0))
                .startsWith("RESET")
                .contains("- 1", "~ 2 {id=2, value=21} was {id=2, value=20}", "+ 3 {id=3, value=30}");
        assertThat(view.snapshot().size()).isEqualTo(2);
    }

    @Test
    @Tag("L7")
    void aNewContentUnderOtherKeysReplacesAllRows() {
        MaterializedView<Row> view = loaded("a");
        List<Commit<Row>> heard = new ArrayList<>();
        view.listen(heard::add, Runnable::run);
        heard.clear();
        RowSchema byName = RowSchema.of(
                List.of(new Column("id", MemoryType.INT, false, -1), new Column("value", MemoryType.STRING, false, 0)));
        replace(byName, byName.row(1, "ten"));
        assertThat(heard.get(0).changes())
                .extracting(Object::toString)
                .containsExactlyInAnyOrder("- 1", "- 2", "+ ten {id=1, value=ten}");
        RowSchema wider = RowSchema.of(List.of(
                new Column("value", MemoryType.STRING, false, 0), new Column("more", MemoryType.INT, true, -1)));
        replace(wider, wider.row("ten", 7));
        assertThat(heard.get(1).changes())
                .as("the same key: an update")
                .singleElement()
                .hasToString("~ ten {value=ten, more=7} was {id=1, value=ten}");
        RowSchema keyless = RowSchema.of(List.of(
                new Column("value", MemoryType.STRING, false, -1), new Column("more", MemoryType.INT, true, -1)));
        replace(keyless, keyless.row("ten", 7));
        assertThat(heard.get(2).changes())
                .as("no key of its own: nothing to compare")
                .hasSize(2);
        replace(keyless, keyless.row("ten", 7), keyless.row("ten", 8));
        assertThat(heard.get(3).changes()).as("the same schema compares").hasSize(1);
    }

    private void replace(RowSchema schema, Row... rows) {
        ScriptedTransport.Session session = transport.last();
        session.does(out -> {
            Draft draft = out.draft(session.subscription("a"));
            draft.replaceAll(schema);
            for (Row row : rows) {
                draft.put(row);
            }
            out.commit(List.of(session.subscription("a")), null);
        });
    }

    @Test
    @Tag("L2")
    void viewsOfOneSessionAreOfOneInstantWhereTheTransportSaysSo() {
        ScriptedTransport atomic = new ScriptedTransport();
        atomic.capabilities = EnumSet.of(Capability.ATOMIC_ACROSS_VIEWS);
        try (SyncSource two = atomic.builder().open()) {
            MaterializedView<Row> a = two.materialize("a");
            MaterializedView<Row> b = two.materialize("b");
            atomic.last().content("a", 1, 1, 1);
            atomic.last().content("b", 1, 1, 1);
            SourceSnapshot before = two.snapshot();
            ScriptedTransport.Session session = atomic.last();
            session.does(out -> {
                out.draft(session.subscription("a")).put(ScriptedTransport.Session.row(2, 2));
                out.draft(session.subscription("b")).put(ScriptedTransport.Session.row(2, 2));
                out.commit(List.copyOf(session.subscriptions.values()), null);
            });
            assertThat(before.of(a).size() + before.of(b).size()).isEqualTo(2);
            SourceSnapshot after = two.snapshot();
            assertThat(after.of(a).size() + after.of(b).size()).isEqualTo(4);
        }
    }

    @Test
    @Tag("L12")
    void theRowsOfAClosedViewStandStillWhateverTakesItsPlace() {
        ScriptedTransport atomic = new ScriptedTransport();
        atomic.capabilities = EnumSet.of(Capability.ATOMIC_ACROSS_VIEWS);
        try (SyncSource two = atomic.builder().open()) {
            MaterializedView<Row> a = two.materialize("a");
            MaterializedView<Row> twin = two.materialize("a");
            MaterializedView<Row> other = two.materialize("other");
            atomic.last().content("a", 1, 1, 1);
            atomic.last().content("other", 1, 1, 1);
            SourceSnapshot before = two.snapshot();
            a.close();
            twin.close();
            atomic.environment.run();
            assertThat(a.snapshot().get(1).getInteger("value")).isEqualTo(1);
            MaterializedView<Row> b = two.materialize("b");
            atomic.last().content("b", 1, 7, 7, 8, 8);
            assertThat(b.snapshot().size()).isEqualTo(2);
            assertThat(a.snapshot().size()).isEqualTo(1);
            assertThat(twin.snapshot().size()).isEqualTo(1);
            assertThat(other.snapshot().size()).isEqualTo(1);
            assertThat(before.of(a).size()).isEqualTo(1);
            MaterializedView<Row> never = two.materialize("never loaded");
            never.close();
            atomic.environment.run();
            MaterializedView<Row> next = two.materialize("c");
            atomic.last().content("c", 1, 9, 9);
            assertThat(next.snapshot().size()).isEqualTo(1);
            assertThat(never.snapshot().isEmpty()).isTrue();
        }
    }
}
