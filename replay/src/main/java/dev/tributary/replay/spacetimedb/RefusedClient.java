package dev.tributary.replay.spacetimedb;

import dev.tributary.SyncSource;
import dev.tributary.spacetimedb.SpacetimeDb;
import dev.tributary.spacetimedb.SpacetimeDbException;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.testkit.simulation.SimulatedWireProvider;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A handshake that the recorded server refused, by a client of ours that does nothing else: each of them was made with
 * another address or token, which is another source.
 */
final class RefusedClient {

    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private final SimulatedEnvironment environment;
    private final Module module;

    RefusedClient(SimulatedEnvironment environment, Module module) {
        this.environment = environment;
        this.module = module;
    }

    /** What is wrong with what it tells its application; null for nothing. */
    @Nullable
    String difference(int status, String body) {
        AtomicReference<@Nullable Throwable> told = new AtomicReference<>();
        SimulatedWireProvider wires = new SimulatedWireProvider(
                Set.of("ws", "wss", "http", "https"),
                connection -> {
                    connection.head(status, Map.of());
                    connection.body(body);
                    connection.complete();
                },
                SimulatedNetwork.PERFECT);
        try (SyncSource source = SpacetimeDb.source(URI.create("ws://replay.invalid/database"))
                .schema(module.text())
                .environment(environment)
                .wires(wires)
                .withoutReconnect()
                .open()) {
            SpacetimeDb db = source.unwrap(SpacetimeDb.class);
            db.onDisconnect(notice -> told.compareAndSet(null, notice.reason()));
            db.connection(DEADLINE).whenComplete((info, failure) -> {});
            environment.run();
        }
        Throwable reason = told.get();
        boolean isTold = reason instanceof SpacetimeDbException refusal
                && refusal.status() == status
                && ClientEnds.says(reason, body);
        return isTold ? null : "was refused by status " + status + ", ours says " + reason;
    }
}
