package dev.tributary.conformance;

import static dev.tributary.testkit.MemoryBackend.column;
import static dev.tributary.testkit.MemoryBackend.key;

import dev.tributary.Capability;
import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.Row;
import dev.tributary.SourceBuilder;
import dev.tributary.SyncSource;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Delivery;
import dev.tributary.spi.Environment;
import dev.tributary.spi.TransportProvider;
import dev.tributary.spi.WireProvider;
import dev.tributary.spi.Wires;
import dev.tributary.testkit.MemoryBackend;
import dev.tributary.testkit.MemoryType;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.websocket.WebSocketWireProvider;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The in-memory backend under the laws. */
final class MemoryDriver implements TransportDriver {

    private static final List<String> TABLES = List.of("stock", "orders");

    /** Makes the transport of each world. */
    private final Supplier<TransportProvider> transports;

    private final boolean lossy;
    private final UnaryOperator<WireProvider> wires;

    private final Medium.Factory medium;
    private final int fewer;

    private MemoryDriver(
            Supplier<TransportProvider> transports,
            boolean lossy,
            UnaryOperator<WireProvider> wires,
            Medium.Factory medium,
            int fewer) {
        this.transports = transports;
        this.wires = wires;
        this.lossy = lossy;
        this.medium = medium;
        this.fewer = fewer;
    }

    static MemoryDriver simulated() {
        return new MemoryDriver(MemoryBackend::transport, false, right -> right, simulatedMedium(), 1);
    }

    static MemoryDriver overSockets() {
        return new MemoryDriver(
                MemoryBackend::transport, false, right -> right, Medium.sockets(new WebSocketWireProvider(), 60), 4);
    }

    /** The backend that may lose commits, with its own transport or one that is made of it. */
    static MemoryDriver lossy(TransportProvider transport) {
        return new MemoryDriver(() -> transport, true, right -> right, simulatedMedium(), 1);
    }

    /** Transports that are made of the right one, a new one for each world. */
    static MemoryDriver of(boolean lossy, Supplier<TransportProvider> transports, UnaryOperator<WireProvider> wires) {
        return new MemoryDriver(transports, lossy, wires, simulatedMedium(), 1);
    }

    private static Medium.Factory simulatedMedium() {
        return Medium.simulated(Set.of("ws"), SimulatedNetwork.PERFECT);
    }

    @Override
    public int programs(int wanted) {
        return Math.max(1, wanted / fewer);
    }

    @Override
    public Set<Capability> capabilities() {
        return transports.get().capabilities();
    }

    @Override
    public Set<Fault> faults() {
        EnumSet<Fault> faults = EnumSet.range(Fault.DROP, Fault.RESTART_ANEW);
        faults.add(Fault.COME_LATER);
        if (!lossy) {
            faults.remove(Fault.LOSE);
        }
        return faults;
    }

    @Override
    public World newWorld(long seed) {
        MemoryBackend backend = lossy ? MemoryBackend.createLossy(seed) : MemoryBackend.create(seed);
        return new MemoryWorld(backend, transports.get(), seed, medium, wires);
    }

    private static final class MemoryWorld extends ModelWorld {

        private final UnaryOperator<WireProvider> bent;
        private final MemoryBackend backend;
        private final TransportProvider transport;
        private final SplittableRandom random;
        private final Medium medium;
        private int tokens = 1;
        private boolean silent;

        MemoryWorld(
                MemoryBackend backend,
                TransportProvider transport,
                long seed,
                Medium.Factory between,
                UnaryOperator<WireProvider> bent) {
            super(backend.clock(), TABLES, transport.capabilities());
            this.transport = transport;
            this.bent = bent;
            this.backend = backend;
            this.random = new SplittableRandom(seed);
            this.medium = between.to(
                    written(WritingMemory.server(backend.server(), this::put, () -> silent)), backend.clock());
            // Small messages, so that connections break within transactions.
            backend.rowsPerMessage(3);
            backend.requireToken(token());
            for (String table : TABLES) {
                backend.declare(
                        table,
                        key("id", MemoryType.INT, 0),
                        column("value", MemoryType.LONG),
                        column("note", MemoryType.STRING));
            }
        }

        @Override
        public SourceBuilder builder(String options) {
            return SourceBuilder.of(
                            URI.create("memory+ws://" + medium.authority() + (options.isEmpty() ? "" : "?" + options)))
                    .transport(watched(transport))
                    .wires(bent.apply(inTheEnvironmentOfTheWorld(medium.wires())))
                    .environment(backend.clock());
        }

        /** A source that was given a bent environment has the wires of the right one. */
        private WireProvider inTheEnvironmentOfTheWorld(WireProvider right) {
            return new WireProvider() {
                @Override
                public Set<String> schemes() {
                    return right.schemes();
                }

                @Override
                public List<Option<?>> options() {
                    return right.options();
                }

                @Override
                public Wires wires(Options options, Environment any) {
                    return right.wires(options, backend.clock());
                }
            };
        }

        private void put(Operation.Put put) {
            write(List.of(new Write(put.table(), put.key(), null, put.value())));
        }

        @Override
        protected Map<Integer, Integer> held(int table) {
            Map<Integer, Integer> rows = new TreeMap<>();
            backend.rows(TABLES.get(table)).forEach(row -> rows.put(keyOf(row), valueOf(row)));
            return rows;
        }

        @Override
        protected void write(List<Write> writes) {
            backend.commit(tx -> {
                for (Write write : writes) {
                    String table = TABLES.get(write.table());
                    Integer after = write.after();
                    if (after == null) {
                        tx.delete(table, write.key());
                    } else {
                        tx.put(table, write.key(), Map.of("value", after, "note", "as it was"));
                    }
                }
            });
        }

        @Override
        public int keyOf(Row row) {
            return Math.toIntExact(row.getLong("id"));
        }

        @Override
        public int valueOf(Row row) {
            return Math.toIntExact(row.getLong("value"));
        }

        @Override
        public void inject(Fault fault) {
            switch (fault) {
                case DROP -> backend.dropConnections();
                case REFUSE_ONCE -> backend.refuseConnections(1);
                case REFUSE -> backend.refuseConnections();
                case SILENCE -> {
                    silent = true;
                    backend.silence();
                    medium.silent(true);
                }
                case RESET_LOG -> backend.truncateLog();
                case EXPIRE_CREDENTIALS -> {
                    tokens++;
                    backend.requireToken(token());
                }
                case GARBAGE -> backend.sendMalformed(garbage());
                case SLOW -> backend.delay(Duration.ofMillis(700));
                case LOSE -> backend.loseCommits();
                case REJECT -> backend.refuseTable(TABLES.get(0), "this table is closed today");
                case RESTART -> backend.restart();
                case RESTART_ANEW -> backend.restartWithoutLog();
                case COME_LATER -> backend.refuseConnections(1, Patience.ASKED);
                case DUPLICATE, STALE, STATUS, SCHEMA -> throw new AssertionError("not here: " + fault);
            }
        }

        private byte[] garbage() {
            return switch (random.nextInt(4)) {
                case 0 -> new byte[] {99}; // no such tag
                case 1 -> new byte[] {12, 0, 0, 0, 1, 0, 0, 1, 0, 7}; // a row that is cut off
                case 2 -> new byte[] {11, 0, 0, 0, 1, 127, 127, 127, 127}; // a schema of very many columns
                default -> new byte[] {12, 0, 0, 0, 1, 0, 0, 0, 2, -1, -1}; // a row that is none
            };
        }

        @Override
        public CompletableFuture<?> write(SyncSource source, Operation.Put put) {
            return source.unwrap(Calls.class).call(put, Duration.ofSeconds(20), Delivery.ONCE);
        }

        @Override
        public void passEvent(int table) {
            backend.commit(tx -> tx.event(TABLES.get(table), "passing"));
        }

        @Override
        public void heal() {
            silent = false;
            medium.silent(false);
            backend.heal();
        }

        @Override
        public String token() {
            return "s3cret-" + tokens;
        }

        @Override
        public String leftovers() {
            String left = super.leftovers();
            return left.isEmpty() ? medium.leftovers() : left;
        }

        @Override
        public void close() {
            medium.close();
        }

        @Override
        public Duration silenceLimit() {
            return Duration.ofSeconds(45);
        }

        @Override
        public Duration settleTime() {
            return Duration.ofSeconds(60);
        }
    }
}
