package dev.tributary.testkit.driven;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.simulation.SimulatedEnvironment;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Quiet is neither said while something is under way, nor held back by what waits on purpose. */
class WireLedgerProperties {

    private final SimulatedEnvironment environment = new SimulatedEnvironment(1);
    private final WireLedger ledger = WireLedger.of(environment);

    /** What happens, and to whom. */
    enum Event {
        SERVER_SAYS_HEAD,
        SERVER_SAYS_CONTENT,
        SERVER_ENDS,
        SERVER_HEARS,
        SERVER_SEES_THE_CLIENT_GO,
        CLIENT_GRANTS,
        CLIENT_SENDS,
        CLIENT_PINGS,
        CLIENT_HEARS,
        CLIENT_CLOSES
    }

    /** The same wire as queues of what is under way. */
    private static final class Model {

        private final Deque<Event> toClient = new ArrayDeque<>();
        private int toServer;
        private int granted;
        private boolean serverOver;
        private boolean clientOver;
        private boolean head;

        boolean isQuiet() {
            if (clientOver) {
                return serverOver;
            }
            Event next = toClient.peek();
            if (next == Event.SERVER_SAYS_CONTENT && granted == 0) {
                next = null;
            }
            return next == null && (toServer == 0 || serverOver);
        }
    }

    @Property(tries = 500)
    void quietIsTheTruth(@ForAll @Size(max = 40) List<Event> events) {
        WireLedger ledger = WireLedger.of(new SimulatedEnvironment(1));
        WireAccount client = ledger.open("somewhere");
        assertThat(ledger.isQuiet()).isFalse();
        ServedWire server = Objects.requireNonNull(ledger.served(client.number()));
        assertThat(ledger.isQuiet()).isFalse();
        server.reached();
        Model model = new Model();
        for (Event event : events) {
            happens(event, client, server, model);
            assertThat(ledger.isQuiet()).as("after %s", event).isEqualTo(model.isQuiet());
        }
    }

    private static void happens(Event event, WireAccount client, ServedWire server, Model model) {
        switch (event) {
            case SERVER_SAYS_HEAD -> {
                if (!model.head && !model.serverOver) {
                    model.head = true;
                    server.saysHead();
                    model.toClient.add(event);
                }
            }
            case SERVER_SAYS_CONTENT -> {
                if (model.head && !model.serverOver) {
                    server.saysContent(7);
                    model.toClient.add(event);
                }
            }
            case SERVER_ENDS -> {
                if (!model.serverOver) {
                    model.serverOver = true;
                    server.saysEnd();
                    model.toClient.add(event);
                }
            }
            case SERVER_HEARS -> {
                if (model.toServer > 0 && !model.serverOver) {
                    model.toServer--;
                    server.hears();
                }
            }
            case SERVER_SEES_THE_CLIENT_GO -> {
                if (model.clientOver && !model.serverOver) {
                    model.serverOver = true;
                    server.left();
                }
            }
            case CLIENT_GRANTS -> {
                model.granted++;
                client.grants(1);
            }
            case CLIENT_SENDS -> {
                if (!model.clientOver) {
                    model.toServer++;
                    client.sends();
                }
            }
            case CLIENT_PINGS -> {
                // Ignored by a server that is silent, which is as good as an answer.
                client.pings();
                server.ignoresPing();
            }
            case CLIENT_HEARS -> hear(client, model);
            case CLIENT_CLOSES -> {
                if (!model.clientOver) {
                    model.clientOver = true;
                    client.closes();
                }
            }
        }
    }

    private static void hear(WireAccount client, Model model) {
        Event next = model.toClient.peek();
        if (next == null || model.clientOver || (next == Event.SERVER_SAYS_CONTENT && model.granted == 0)) {
            return;
        }
        model.toClient.remove();
        switch (next) {
            case SERVER_SAYS_HEAD -> client.opened();
            case SERVER_SAYS_CONTENT -> {
                model.granted--;
                client.heard(7);
            }
            default -> {
                model.clientOver = true;
                client.ended();
            }
        }
    }

    @Example
    void aRequestMayComeAgain() {
        WireAccount client = ledger.open("somewhere");
        ServedWire first = Objects.requireNonNull(ledger.served(client.number()));
        first.reached();
        first.saysHead();
        first.saysEnd();
        assertThat(ledger.isQuiet())
                .as("the client asks again, or tells the end")
                .isFalse();
        ServedWire second = Objects.requireNonNull(ledger.served(client.number()));
        second.reached();
        assertThat(ledger.isQuiet()).as("the second is held").isTrue();
        first.left();
        assertThat(ledger.isQuiet()).isTrue();
    }

    @Example
    void aPingIsUnderWayUntilItsAnswerIsHeard() {
        WireAccount client = ledger.open("somewhere");
        Objects.requireNonNull(ledger.served(client.number())).reached();
        client.pings();
        assertThat(ledger.isQuiet()).isFalse();
        client.alive();
        assertThat(ledger.isQuiet()).isTrue();
    }

    @Example
    void closedWiresKeepNoConnection() {
        ledger.wiresMade();
        ledger.connectionOpened();
        assertThat(ledger.isQuiet()).as("a connection in reserve").isTrue();
        ledger.wiresClosed();
        assertThat(ledger.isQuiet()).isFalse();
        ledger.connectionClosed();
        assertThat(ledger.isQuiet()).isTrue();
    }

    @Example
    void timeWaitsForOtherThreads() throws InterruptedException {
        WireAccount client = ledger.open("somewhere");
        StringBuilder order = new StringBuilder();
        environment.after(Duration.ofSeconds(1), () -> order.append("timer "));
        Thread other = new Thread(() -> {
            environment.arrive(() -> order.append("arrival "));
            client.ended();
        });
        other.start();
        environment.advance(Duration.ofSeconds(2));
        other.join();
        assertThat(order).hasToString("arrival timer ");
    }

    @Example
    void otherThreadsMaySetAndCancelTimers() throws InterruptedException {
        StringBuilder heard = new StringBuilder();
        Thread other = new Thread(() -> {
            environment.schedule(() -> heard.append("one "), 1_000_000);
            environment.schedule(() -> heard.append("two "), 1_000_000).cancel();
        });
        other.start();
        other.join();
        assertThat(environment.isEngineThread()).isFalse();
        environment.advance(Duration.ofSeconds(1));
        assertThat(heard).hasToString("one ");
    }
}
