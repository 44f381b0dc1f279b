package dev.tributary.spacetimedb;

import dev.tributary.Capability;
import dev.tributary.Row;
import dev.tributary.SourceBuilder;
import dev.tributary.SyncSource;
import dev.tributary.conformance.Fault;
import dev.tributary.conformance.LessCapable;
import dev.tributary.conformance.Medium;
import dev.tributary.conformance.ModelWorld;
import dev.tributary.conformance.Operation;
import dev.tributary.conformance.Patience;
import dev.tributary.conformance.TransportDriver;
import dev.tributary.conformance.World;
import dev.tributary.conformance.Write;
import dev.tributary.spi.TransportProvider;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.testkit.spacetimedb.RowDamage;
import dev.tributary.testkit.spacetimedb.SpacetimeDbFault;
import dev.tributary.testkit.spacetimedb.SpacetimeDbModel;
import dev.tributary.testkit.spacetimedb.SpacetimeDbModelServer;
import dev.tributary.testkit.spacetimedb.SpacetimeDbModule;
import dev.tributary.testkit.spacetimedb.SpacetimeDbOptions;
import dev.tributary.testkit.spacetimedb.SpacetimeDbSession;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** The model of a SpacetimeDB server under the laws, spoken to in one of its protocols. */
final class SpacetimeDbDriver implements TransportDriver {

    private static final List<String> TABLES = List.of("stock", "orders");
    /** The second one has most of its rows twice. */
    private static final List<String> QUERIES =
            List.of("SELECT * FROM stock", "SELECT * FROM orders WHERE v < 60; SELECT * FROM orders WHERE v >= 20");

    private static final int FEWER_OVER_SOCKETS = 4;
    private static final int MOST_PIECE = 60;
    private static final int[] STATUSES = {429, 500, 502, 503};
    private static final SimulatedNetwork NETWORK = SimulatedNetwork.PERFECT
            .latency(Duration.ofMillis(1), Duration.ofMillis(20))
            .pieces(50);

    private final ProtocolVersion version;
    private final Medium.Factory medium;
    private final int fewer;
    /** Events pass by in event tables alone, which have no rows, so another test shows them. */
    private final TransportProvider transport = new LessCapable(
            new SpacetimeDbTransport(),
            Set.of(Capability.LOSSLESS, Capability.TRANSACTIONS, Capability.ATOMIC_ACROSS_VIEWS, Capability.WRITES));

    private SpacetimeDbDriver(ProtocolVersion version, Medium.Factory medium, int fewer) {
        this.version = version;
        this.medium = medium;
        this.fewer = fewer;
    }

    static SpacetimeDbDriver simulated(ProtocolVersion version) {
        return new SpacetimeDbDriver(version, Medium.simulated(Set.of("ws", "http"), NETWORK), 1);
    }

    static SpacetimeDbDriver overSockets(ProtocolVersion version) {
        return new SpacetimeDbDriver(version, Medium.sockets(new BothWires(), MOST_PIECE), FEWER_OVER_SOCKETS);
    }

    @Override
    public int programs(int wanted) {
        return Math.max(1, wanted / fewer);
    }

    @Override
    public Set<Capability> capabilities() {
        return transport.capabilities();
    }

    @Override
    public Set<Fault> faults() {
        EnumSet<Fault> faults = Fault.common();
        faults.addAll(Set.of(Fault.RESTART, Fault.RESTART_ANEW, Fault.STATUS, Fault.SCHEMA, Fault.COME_LATER));
        return faults;
    }

    @Override
    public World newWorld(long seed) {
        return new SpacetimeDbWorld(new SimulatedEnvironment(seed), seed);
    }

    private final class SpacetimeDbWorld extends ModelWorld {

        private final SplittableRandom random;
        private final SpacetimeDbModelServer server;
        private final SpacetimeDbModel model;
        private final FaultyServer faulty;
        private final Medium between;
        private boolean hidden;
        private boolean wide = true;

        SpacetimeDbWorld(SimulatedEnvironment environment, long seed) {
            super(environment, QUERIES, transport.capabilities());
            random = new SplittableRandom(seed);
            server = new SpacetimeDbModelServer(environment, module(), SpacetimeDbOptions.current());
            model = server.model();
            faulty = new FaultyServer(server);
            between = medium.to(faulty, environment);
        }

        @Override
        public SourceBuilder builder(String options) {
            String all = "protocols=" + version + (options.isEmpty() ? "" : "&" + options);
            return SourceBuilder.of(URI.create("spacetimedb+ws://" + between.authority() + "/game?" + all))
                    .transport(watched(transport))
                    .wires(between.wires())
                    .environment(environment());
        }

        @Override
        protected void write(List<Write> writes) {
            model.transact(context -> {
                for (Write write : writes) {
                    String table = TABLES.get(write.table());
                    Integer after = write.after();
                    if (after == null) {
                        context.deleteBy(table, "id", (long) write.key());
                    } else {
                        context.put(table, Arcade.row(wide, write.key(), after));
                    }
                }
            });
            server.arm();
        }

        @Override
        public int keyOf(Row row) {
            return Math.toIntExact(row.getLong("id"));
        }

        @Override
        public int valueOf(Row row) {
            return Math.toIntExact(row.getLong("v"));
        }

        @Override
        public CompletableFuture<?> write(SyncSource source, Operation.Put put) {
            return source.unwrap(SpacetimeDb.class)
                    .callReducer("put_" + TABLES.get(put.table()), put.key(), put.value());
        }

        private SpacetimeDbModule module() {
            return Arcade.told(
                    hidden ? SpacetimeDbModule.Table::hidden : stock -> {},
                    wide,
                    (table, id, v) -> clientWrote(
                            new Operation.Put(TABLES.indexOf(table), Math.toIntExact(id), Math.toIntExact(v))));
        }

        private Map<Integer, Integer> rowsOf(int table) {
            Map<Integer, Integer> rows = new TreeMap<>();
            model.rows(TABLES.get(table))
                    .forEach(row -> rows.put(((Number) row.get(0)).intValue(), ((Number) row.get(1)).intValue()));
            return rows;
        }

        @Override
        public void inject(Fault fault) {
            switch (fault) {
                case DROP -> drop();
                case REFUSE_ONCE -> faulty.refuse(1, random.nextBoolean() ? 503 : 0);
                case REFUSE -> {
                    faulty.refuse(Integer.MAX_VALUE, random.nextBoolean() ? 503 : 0);
                    between.refuse(true);
                }
                case SILENCE -> {
                    faulty.silent(true);
                    between.silent(true);
                    if (between instanceof Medium.Simulated) {
                        // Sockets answer pings by themselves, and keep what they are given until they speak again.
                        model.sessions().forEach(SpacetimeDbSession::silence);
                    }
                }
                case RESET_LOG, RESTART_ANEW -> model.restart(true);
                case RESTART -> model.restart(false);
                case STATUS -> faulty.refuse(1, STATUSES[random.nextInt(STATUSES.length)]);
                case COME_LATER -> faulty.comeLater(random.nextBoolean() ? 503 : 429, Patience.ASKED);
                case EXPIRE_CREDENTIALS -> {
                    model.rotateKeys();
                    // The server does not look at a token again, or cut when its time is over.
                    drop();
                }
                case GARBAGE -> garbage();
                case SLOW ->
                    model.faults()
                            .when(event -> true, Integer.MAX_VALUE, SpacetimeDbFault.delay(Duration.ofMillis(700)));
                case REJECT -> {
                    hidden = true;
                    model.update(module(), false);
                }
                case SCHEMA -> migrate();
                case LOSE, DUPLICATE, STALE -> throw new AssertionError("not here: " + fault);
            }
            server.arm();
        }

        /** A column goes, or comes: another module, and the rows written into it before anybody is let in. */
        private void migrate() {
            wide = !wide;
            List<Map<Integer, Integer>> rows = List.of(rowsOf(0), rowsOf(1));
            model.replace(module());
            model.transact(context -> {
                for (int table = 0; table < TABLES.size(); table++) {
                    String name = TABLES.get(table);
                    rows.get(table).forEach((id, v) -> context.put(name, Arcade.row(wide, id, v)));
                }
            });
        }

        private void drop() {
            for (SpacetimeDbSession session : model.sessions()) {
                if (random.nextBoolean()) {
                    session.breakConnection();
                } else {
                    session.close(random.nextBoolean() ? 1011 : 1013, "dropped");
                }
            }
        }

        private void garbage() {
            switch (random.nextInt(4)) {
                case 0 -> model.sessions().forEach(SpacetimeDbSession::greetAgain);
                case 1 ->
                    model.sessions()
                            .forEach(session ->
                                    session.sendDelete("stock", Arcade.row(wide, 1_000_000L + random.nextInt(9), 1L)));
                case 2 -> {
                    model.faults().next(SpacetimeDbFault.truncated(1 + random.nextInt(3)));
                    model.sessions().forEach(SpacetimeDbSession::greetAgain);
                }
                default -> {
                    model.faults().next(SpacetimeDbFault.rows(RowDamage.values()[random.nextInt(3)]));
                    model.sessions().forEach(session -> session.sendDelete("stock", Arcade.row(wide, 1_000_000L, 1L)));
                }
            }
        }

        @Override
        public void heal() {
            faulty.refuse(0, 0);
            faulty.silent(false);
            between.refuse(false);
            between.silent(false);
            model.faults().clear();
            if (hidden) {
                hidden = false;
                model.update(module(), false);
            }
            server.arm();
        }

        @Override
        public String leftovers() {
            String left = super.leftovers();
            return left.isEmpty() ? between.leftovers() : left;
        }

        @Override
        public void close() {
            between.close();
        }

        @Override
        public String token() {
            return model.token("ada");
        }

        @Override
        public Duration silenceLimit() {
            return Duration.ofSeconds(45);
        }

        @Override
        public Duration settleTime() {
            return Duration.ofSeconds(120);
        }
    }
}
