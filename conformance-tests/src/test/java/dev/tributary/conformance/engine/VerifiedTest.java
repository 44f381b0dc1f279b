package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.Snapshot;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import dev.tributary.spi.Draft;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Readers can tell what was compared with the server from what may miss something. */
@Tag("L2")
class VerifiedTest {

    private final ScriptedTransport transport = new ScriptedTransport();
    private final SyncSource source = transport.builder().open();
    private final MaterializedView<Row> view = source.materialize("a");
    private final ScriptedTransport.Session session = transport.last();

    @AfterEach
    void close() {
        source.close();
    }

    private void unverifiedChange(int key, int value) {
        session.does(out -> {
            Draft draft = out.draft(session.subscription("a"));
            ScriptedTransport.Session.put(draft, key, value);
            draft.verified(false);
            out.commit(List.of(session.subscription("a")), null);
        });
    }

    @Test
    void nothingIsVerifiedBeforeTheFirstContentWhichThenIs() {
        assertThat(view.snapshot().isVerified()).isFalse();
        session.content("a", 1, 1, 10);
        assertThat(view.snapshot().isVerified()).isTrue();
        assertThat(view.status().verified()).isTrue();
        session.change("a", 2, 1, 11);
        assertThat(view.snapshot().isVerified()).isTrue();
    }

    @Test
    void whatComesAfterAnUnverifiedCommitIsUnverifiedUntilTheTransportSaysSo() {
        session.content("a", 1, 1, 10);
        Snapshot<Row> first = view.snapshot();
        unverifiedChange(1, 11);
        Snapshot<Row> second = view.snapshot();
        session.change("a", 2, 2, 20);
        assertThat(first.isVerified()).isTrue();
        assertThat(second.isVerified()).isFalse();
        assertThat(view.snapshot().isVerified()).isFalse();
        assertThat(view.status()).hasToString("live, not verified");

        session.does(out -> out.verifiedUpTo(session.subscription("a"), "2"));
        assertThat(view.snapshot().isVerified()).isFalse();
        assertThat(view.status()).hasToString("live, verified up to 2, newer changes are not");

        long version = view.snapshot().version();
        session.does(out -> out.verified(session.subscription("a"), "3"));
        assertThat(view.snapshot().isVerified()).isTrue();
        assertThat(view.snapshot().version()).isEqualTo(version);
        assertThat(second.isVerified()).as("a snapshot never changes").isFalse();
        assertThat(view.status()).hasToString("live, verified up to 3");
    }

    @Test
    void aRepairIsVerifiedWithItsCommit() {
        session.content("a", 1, 1, 10);
        unverifiedChange(1, 11);
        session.does(out -> {
            Draft draft = out.draft(session.subscription("a"));
            ScriptedTransport.Session.put(draft, 2, 20);
            draft.verified(true);
            out.commit(List.of(session.subscription("a")), null);
        });
        assertThat(view.snapshot().isVerified()).isTrue();
        unverifiedChange(1, 12);
        session.content("a", 1, 1, 12);
        assertThat(view.snapshot().isVerified()).as("after a new content").isTrue();
    }

    @Test
    void aVerifiedStatusIsNeverHeardAfterAnUnverifiedCommit() {
        session.content("a", 1, 1, 10);
        List<String> heard = new ArrayList<>();
        view.listen(new ViewListener<>() {
            @Override
            public void onCommit(Commit<Row> commit) {
                heard.add("commit " + commit.snapshot().isVerified());
            }

            @Override
            public void onStatus(ViewStatus status) {
                heard.add("status " + status.verified());
            }
        });
        transport.environment.run();
        unverifiedChange(1, 11);
        session.does(out -> out.verified(session.subscription("a"), "2"));
        assertThat(heard).containsExactly("commit true", "status true", "status false", "commit false", "status true");
    }

    @Test
    void aDerivedViewIsVerifiedWithTheOneItIsMadeOf() {
        session.content("a", 1, 1, 10);
        MaterializedView<Row> derived = view.where(row -> true);
        transport.environment.run();
        assertThat(derived.snapshot().isVerified()).isTrue();
        unverifiedChange(1, 11);
        assertThat(derived.snapshot().isVerified()).isFalse();
        session.does(out -> out.verified(session.subscription("a"), "2"));
        assertThat(derived.snapshot().isVerified()).isTrue();
        assertThat(derived.status()).hasToString("live, verified up to 2");
    }

    @Test
    @Tag("L3")
    void savedRowsThatMayMissSomethingStillMayAfterARestart() {
        session.content("a", 1, 1, 10);
        unverifiedChange(1, 11);
        byte[] saved = view.save().toBytes();
        try (SyncSource other = new ScriptedTransport().builder().open()) {
            MaterializedView<Row> restored = other.materialize("a", row -> row, from -> from.saved(saved));
            assertThat(restored.snapshot().size()).isEqualTo(1);
            assertThat(restored.snapshot().isVerified()).isFalse();
            assertThat(restored.status().verified()).isFalse();
        }
    }
}
