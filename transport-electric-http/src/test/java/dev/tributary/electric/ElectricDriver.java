package dev.tributary.electric;

import dev.tributary.Capability;
import dev.tributary.Row;
import dev.tributary.SourceBuilder;
import dev.tributary.conformance.Fault;
import dev.tributary.conformance.LessCapable;
import dev.tributary.conformance.Medium;
import dev.tributary.conformance.ModelWorld;
import dev.tributary.conformance.Patience;
import dev.tributary.conformance.TransportDriver;
import dev.tributary.conformance.World;
import dev.tributary.conformance.Write;
import dev.tributary.http.HttpWireProvider;
import dev.tributary.spi.TransportProvider;
import dev.tributary.testkit.electric.Column;
import dev.tributary.testkit.electric.ElectricModel;
import dev.tributary.testkit.electric.ModelOptions;
import dev.tributary.testkit.electric.TableSpec;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The model of an Electric server under the laws: small chunks, bodies in small pieces, shapes that rotate; behind
 * simulated wires or behind sockets.
 */
final class ElectricDriver implements TransportDriver {

    private static final List<String> TABLES = List.of("stock", "orders");
    private static final int MOST_PIECE = 60;

    private static final Column ID = Column.of("id", "int4").primaryKey(0);
    private static final Column VALUE = Column.of("value", "int4");
    private static final Column NOTE = Column.of("note", "text");
    private static final Column MORE = Column.of("more", "text");
    private static final String WHOLE_ROWS = "?replica=full";

    private final TransportProvider transport;
    /** What each query asks for, after the name of its table. */
    private final String asks;

    private final Medium.Factory medium;
    private final int fewer;
    private final Set<String> ignored;

    private ElectricDriver(
            TransportProvider transport, String asks, Medium.Factory medium, int fewer, Set<String> ignored) {
        this.transport = transport;
        this.asks = asks;
        this.medium = medium;
        this.fewer = fewer;
        this.ignored = ignored;
    }

    static ElectricDriver simulated() {
        return behindACacheThatIgnores(Set.of());
    }

    /**
     * With a cache on the way that leaves these parameters out of its key. To it, a client that sends them is one that does
     * not.
     */
    static ElectricDriver behindACacheThatIgnores(Set<String> parameters) {
        return new ElectricDriver(new ElectricTransport(), "", simulatedMedium(), 1, parameters);
    }

    /** With queries that ask for whole rows: their connections have no PARTIAL_UPDATES. */
    static ElectricDriver ofWholeRows() {
        Set<Capability> capabilities = EnumSet.copyOf(ElectricTransport.CAPABILITIES);
        capabilities.remove(Capability.PARTIAL_UPDATES);
        return new ElectricDriver(
                new LessCapable(new ElectricTransport(), capabilities), WHOLE_ROWS, simulatedMedium(), 1, Set.of());
    }

    static ElectricDriver overSockets() {
        return new ElectricDriver(
                new ElectricTransport(), "", Medium.sockets(new HttpWireProvider(), MOST_PIECE), 4, Set.of());
    }

    private static Medium.Factory simulatedMedium() {
        return Medium.simulated(Set.of("http"), SimulatedNetwork.PERFECT.pieces(MOST_PIECE));
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
        return EnumSet.complementOf(EnumSet.of(Fault.LOSE));
    }

    @Override
    public World newWorld(long seed) {
        return new ElectricWorld(new SimulatedEnvironment(seed), seed);
    }

    private final class ElectricWorld extends ModelWorld {

        private final SplittableRandom random;
        private final ElectricModel model;
        private final SimulatedElectric server;
        private final Medium between;

        ElectricWorld(SimulatedEnvironment environment, long seed) {
            super(environment, TABLES.stream().map(table -> table + asks).toList(), capabilities());
            random = new SplittableRandom(seed);
            model = new ElectricModel(
                    ModelOptions.defaults().withChunkBytes(400),
                    () -> environment.trueNow().toEpochMilli(),
                    random.split());
            for (String table : TABLES) {
                model.createTable(TableSpec.of(table, ID, VALUE, NOTE));
            }
            server = new SimulatedElectric(environment, model, ignored);
            between = medium.to(server, environment);
        }

        @Override
        public SourceBuilder builder(String options) {
            return SourceBuilder.of(URI.create(
                            "electric+http://" + between.authority() + (options.isEmpty() ? "" : "?" + options)))
                    .transport(watched(transport))
                    .wires(between.wires())
                    .environment(environment());
        }

        @Override
        protected void write(List<Write> writes) {
            model.commit(tx -> {
                for (Write write : writes) {
                    String table = TABLES.get(write.table());
                    String key = Integer.toString(write.key());
                    Integer after = write.after();
                    if (after == null) {
                        tx.delete(table, Map.of("id", key));
                    } else {
                        tx.upsert(table, Map.of("id", key, "value", after.toString(), "note", "as it was"));
                    }
                }
            });
            server.watch();
        }

        @Override
        protected void truncate(int table, List<Write> writes) {
            model.commit(tx -> tx.truncate(TABLES.get(table)));
            server.watch();
        }

        /** Only when it is asked to does Electric tell them. */
        @Override
        public String oldValuesQuery() {
            return TABLES.get(0) + WHOLE_ROWS;
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
                case DROP -> server.drop();
                case REFUSE_ONCE -> {
                    if (random.nextBoolean()) {
                        server.refuse(1);
                    } else {
                        model.faults().next(dev.tributary.testkit.electric.Fault.status(503));
                    }
                }
                case REFUSE -> {
                    server.refuse(Integer.MAX_VALUE);
                    between.refuse(true);
                }
                case SILENCE -> server.silent(true);
                case RESET_LOG -> TABLES.forEach(model::rotateTable);
                case EXPIRE_CREDENTIALS -> server.changeToken();
                case GARBAGE -> model.faults().next(garbage());
                case SLOW -> server.delay(Duration.ofMillis(700));
                case STALE -> server.stale();
                case COME_LATER -> model.faults().next(comeLater());
                case LOSE -> throw new AssertionError("not here: " + fault);
                case REJECT -> server.reject(TABLES.get(0));
                case RESTART -> model.restart(true);
                case RESTART_ANEW -> model.restart(false);
                case DUPLICATE -> server.repeat();
                case STATUS -> model.faults().next(status());
                case SCHEMA -> alter(TABLES.get(random.nextInt(TABLES.size())));
            }
        }

        /** Statuses after which a client comes again, at once or later, from where it was or from the beginning. */
        private dev.tributary.testkit.electric.Fault status() {
            return switch (random.nextInt(8)) {
                case 0 -> dev.tributary.testkit.electric.Fault.status(429);
                case 1 -> dev.tributary.testkit.electric.Fault.status(500);
                case 2 -> dev.tributary.testkit.electric.Fault.status(502);
                case 3 -> dev.tributary.testkit.electric.Fault.status(504);
                case 4 -> dev.tributary.testkit.electric.Fault.status(503);
                case 5 -> dev.tributary.testkit.electric.Fault.reset();
                case 6 -> dev.tributary.testkit.electric.Fault.mustRefetch();
                default -> dev.tributary.testkit.electric.Fault.mustRefetchSameHandle();
            };
        }

        private dev.tributary.testkit.electric.Fault comeLater() {
            String seconds = Long.toString(Patience.ASKED.toSeconds());
            return random.nextBoolean()
                    ? dev.tributary.testkit.electric.Fault.unavailable(seconds)
                    : dev.tributary.testkit.electric.Fault.status(429, Map.of("retry-after", seconds), "");
        }

        /** A column comes, or goes. */
        private void alter(String table) {
            TableSpec wider = TableSpec.of(table, ID, VALUE, NOTE, MORE);
            boolean isWide = model.spec(table).columns().size() > 3;
            model.alterTable(
                    isWide ? TableSpec.of(table, ID, VALUE, NOTE) : wider, isWide ? Map.of() : Map.of("more", "new"));
            server.watch();
        }

        /** Bodies alone: an answer without Electric's headers is no server of Electric's, and ends the view for good. */
        private dev.tributary.testkit.electric.Fault garbage() {
            return dev.tributary.testkit.electric.Fault.body(
                    switch (random.nextInt(4)) {
                        case 0 -> "[{\"headers\":{\"operation\":\"ins";
                        case 1 -> "[{\"headers\":{\"control\":\"snapshot-end\"}}]]]";
                        case 2 -> "[{\"key\":\"x\",\"value\":{\"id\":\"no number\"},\"headers\":{}}]";
                        default -> "{}";
                    });
        }

        @Override
        public void heal() {
            between.refuse(false);
            server.heal();
            model.faults().clear();
        }

        @Override
        public String token() {
            return server.token();
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
        public Duration silenceLimit() {
            return Duration.ofSeconds(60);
        }

        @Override
        public Duration settleTime() {
            return Duration.ofSeconds(120);
        }
    }
}
