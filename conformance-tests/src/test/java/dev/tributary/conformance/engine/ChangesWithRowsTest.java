package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.Commit;
import dev.tributary.ConfigurationException;
import dev.tributary.ConnectionException;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.RowPacker;
import dev.tributary.SyncSource;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Ending;
import dev.tributary.testkit.MemoryType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Changes of a transport that needs the rows to tell them. */
@Tag("L4")
class ChangesWithRowsTest {

    private final ScriptedTransport transport = new ScriptedTransport();
    private SyncSource source;
    private ScriptedTransport.Session session;
    private final List<Commit<Row>> heard = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private Flow.Subscription demand;

    @BeforeEach
    void subscribe() {
        transport.changesNeedRows = true;
        source = transport.builder().open();
        source.changes("a").subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                demand = subscription;
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Commit<Row> commit) {
                heard.add(commit);
            }

            @Override
            public void onError(Throwable failure) {
                failures.add(failure);
            }

            @Override
            public void onComplete() {
                failures.add(new AssertionError("changes have no end"));
            }
        });
        session = transport.last();
    }

    @AfterEach
    void close() {
        source.close();
    }

    private List<String> lastChanges() {
        return heard.get(heard.size() - 1).changes().stream()
                .map(Object::toString)
                .sorted()
                .toList();
    }

    @Test
    void theDraftKnowsTheRowsAndCommitsTellWhatWasBefore() {
        assertThat(session.subscription("a").keepsRows()).isTrue();
        session.content("a", 1, 1, 10, 2, 20);
        assertThat(heard).singleElement().satisfies(commit -> {
            assertThat(commit.origin()).isEqualTo(Commit.Origin.INITIAL);
            assertThat(commit.checkpoint()).isNull();
        });
        session.does(out -> {
            Draft draft = out.draft(session.subscription("a"));
            assertThat(draft.get(ScriptedTransport.SCHEMA.key(1)).get("value")).isEqualTo(10);
            assertThat(draft.remove(ScriptedTransport.SCHEMA.key(7))).isNull();
            RowPacker partial = new RowPacker(ScriptedTransport.SCHEMA);
            partial.set(0, MemoryType.INT.encode(1));
            partial.set(1, MemoryType.INT.encode(11));
            assertThat(draft.patch(partial.pack())).isTrue();
            draft.remove(ScriptedTransport.SCHEMA.key(2));
            out.commit(List.of(session.subscription("a")), null);
        });
        assertThat(lastChanges()).containsExactly("- 2", "~ 1 {id=1, value=11} was {id=1, value=10}");
        assertThat(heard.get(1).snapshot().size()).isEqualTo(1);
    }

    @Test
    @Tag("L7")
    void aResetTellsTheDifferencesOrNothing() {
        session.content("a", 1, 1, 10, 2, 20);
        session.content("a", 2, 2, 20, 1, 10);
        assertThat(heard).hasSize(1);
        session.content("a", 3, 1, 10, 3, 30);
        assertThat(heard).hasSize(2);
        assertThat(heard.get(1).origin()).isEqualTo(Commit.Origin.RESET);
        assertThat(lastChanges()).containsExactly("+ 3 {id=3, value=30}", "- 2");
    }

    @Test
    void theRowsAreThereAfterAReconnect() {
        session.content("a", 5, 1, 10);
        session.does(out -> out.end(Ending.retry(new ConnectionException("gone"))));
        transport.advance(Duration.ofSeconds(5));
        session = transport.last();
        assertThat(session.subscription("a").resume().schema()).isEqualTo(ScriptedTransport.SCHEMA);
        assertThat(session.subscription("a").resume().checkpoint().toBytes()).containsExactly(5);
        session.change("a", 6, 1, 11);
        assertThat(lastChanges()).containsExactly("~ 1 {id=1, value=11} was {id=1, value=10}");
    }

    @Test
    void eachSubscriberHasASessionOfItsOwn() {
        source.materialize("a");
        source.materialize("b");
        transport.environment.run();
        assertThat(transport.sessions).hasSize(2);
        demand.cancel();
        transport.environment.run();
        assertThat(failures).isEmpty();
    }

    @Test
    void aPlaceWithoutItsRowsIsRefused() {
        assertThatThrownBy(() -> source.changes(Query.of("a"), ScriptedTransport.checkpoint(1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("need the rows");
    }
}
