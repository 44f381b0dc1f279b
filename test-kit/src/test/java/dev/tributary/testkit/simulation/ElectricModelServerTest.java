package dev.tributary.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.Deadlines;
import dev.tributary.spi.HttpTarget;
import dev.tributary.testkit.electric.Column;
import dev.tributary.testkit.electric.Fault;
import dev.tributary.testkit.electric.ModelOptions;
import dev.tributary.testkit.electric.TableSpec;
import dev.tributary.testkit.electric.WireFault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ElectricModelServerTest {

    private static final String BROKEN_HEAD = "ended BROKEN";
    private static final TableSpec SPEC =
            TableSpec.of("items", Column.of("id", "int4").primaryKey(0).required(), Column.of("name", "text"));

    private final SimulatedEnvironment environment = new SimulatedEnvironment(1);
    private final ElectricModelServer server = new ElectricModelServer(environment, ModelOptions.defaults());
    private final SimulatedWires wires = new SimulatedWires(environment, server);

    @BeforeEach
    void createTable() {
        server.model().createTable(SPEC);
        server.model().commit(tx -> tx.insert("items", Map.of("id", "1", "name", "tea")));
    }

    @Test
    void aRequestIsAnsweredAtOnce() {
        RecordingListener listener = get("offset=-1");
        assertThat(listener.heard).startsWith("head 200").endsWith("ended COMPLETE");
        assertThat(listener.content()).contains("tea");
        assertThat(environment.elapsed()).isZero();
    }

    @Test
    void aLiveRequestIsHeldInVirtualTime() {
        get("offset=-1");
        RecordingListener listener = get("live=true&offset=0_inf&handle=" + handle());
        assertThat(listener.heard).isEmpty();
        environment.advance(Duration.ofMillis(19_999));
        assertThat(listener.heard).isEmpty();
        environment.advance(Duration.ofMillis(1));
        assertThat(listener.content()).contains("up-to-date");
        assertThat(environment.pending().wires()).isZero();
    }

    @Test
    void aCommitAnswersAHeldRequest() {
        get("offset=-1");
        RecordingListener listener = get("live=true&offset=0_inf&handle=" + handle());
        environment.after(
                Duration.ofSeconds(3),
                () -> server.model().commit(tx -> tx.insert("items", Map.of("id", "2", "name", "milk"))));
        environment.advance(Duration.ofSeconds(3));
        assertThat(listener.content()).contains("milk");
        assertThat(listener.heard).last().isEqualTo("ended COMPLETE");
    }

    @Test
    void aClosedRequestIsNoLongerHeld() {
        get("offset=-1");
        get("live=true&offset=0_inf&handle=" + handle());
        assertThat(server.model().heldRequests()).isOne();
        wires.close();
        environment.run();
        assertThat(server.model().heldRequests()).isZero();
    }

    @Test
    void whatGoesWrongOnTheWayGoesWrongHere() {
        server.model().faults().next(Fault.reset());
        assertThat(get("offset=-1").heard).containsExactly(BROKEN_HEAD);
        server.model().faults().next(Fault.wire(new WireFault.Cut(10)));
        assertThat(get("offset=-1").heard).hasSize(3).startsWith("head 200").endsWith(BROKEN_HEAD);
        server.model().faults().next(Fault.wire(new WireFault.ResetInBody(10)));
        assertThat(get("offset=-1").heard).hasSize(3).endsWith(BROKEN_HEAD);
    }

    @Test
    void delaysPassInVirtualTime() {
        server.model().faults().next(Fault.wire(new WireFault.Delay(2_000)));
        RecordingListener delayed = get("offset=-1");
        environment.advance(Duration.ofMillis(1_999));
        assertThat(delayed.heard).isEmpty();
        environment.advance(Duration.ofMillis(1));
        assertThat(delayed.heard).endsWith("ended COMPLETE");

        server.model().faults().next(Fault.wire(new WireFault.Stall(5, 2_000)));
        RecordingListener stalled = get("offset=-1");
        assertThat(stalled.content()).hasSize(5);
        environment.advance(Duration.ofMillis(2_000));
        assertThat(stalled.content()).isEqualTo(delayed.content());

        server.model().faults().next(Fault.wire(new WireFault.Dribble(20, 10)));
        RecordingListener dribbled = get("offset=-1");
        environment.advance(Duration.ofMillis(10));
        assertThat(dribbled.content()).hasSize(20);
        environment.advance(Duration.ofSeconds(10));
        assertThat(dribbled.content()).isEqualTo(delayed.content());
        assertThat(dribbled.heard).last().isEqualTo("ended COMPLETE");
    }

    @Test
    void redirectsAreFollowed() {
        server.model().faults().next(Fault.redirect("/v1/shape?table=items&offset=-1"));
        assertThat(get("offset=-1").content()).contains("tea");
    }

    private String handle() {
        return server.model().handles().get(0);
    }

    private RecordingListener get(String query) {
        RecordingListener listener = new RecordingListener();
        String uri = "http://server.invalid/v1/shape?table=items&" + query;
        Deadlines deadlines = new Deadlines(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
        wires.open(new HttpTarget("GET", URI.create(uri), uri, Map.of(), Map.of(), null, deadlines), listener)
                .request(1_000);
        environment.run();
        return listener;
    }
}
