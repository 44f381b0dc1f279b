package dev.tributary.sodp;

import dev.tributary.Capability;
import dev.tributary.MaterializedView;
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
import dev.tributary.spi.WireProvider;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.testkit.sodp.SodpFault;
import dev.tributary.testkit.sodp.SodpFrame;
import dev.tributary.testkit.sodp.SodpModel;
import dev.tributary.testkit.sodp.SodpOptions;
import dev.tributary.testkit.sodp.SodpTokens;
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

/**
 * The model of a SODP server under the laws, in one of its dialects. The members of objects are the rows: name and value,
 * and never another column.
 */
final class SodpDriver implements TransportDriver {

    private static final List<String> KEYS = List.of("stock", "orders");
    private static final List<String> QUERIES = List.of("stock?as=children", "orders?as=children");

    private static final int[] STATUSES = {429, 500, 502, 503};
    private static final int MOST_PIECE = 60;
    private static final int FEWER_OVER_SOCKETS = 4;
    private static final SimulatedNetwork NETWORK =
            SimulatedNetwork.PERFECT.latency(Duration.ofMillis(1), Duration.ofMillis(20));

    private final dev.tributary.testkit.sodp.SodpDialect dialect;
    private final TransportProvider transport;
    private final Medium.Factory medium;
    private final int fewer;
    /** For the source's URI; may be empty. */
    private String further = "";

    private SodpDriver(dev.tributary.testkit.sodp.SodpDialect dialect, Medium.Factory medium, int fewer) {
        this.dialect = dialect;
        this.medium = medium;
        this.fewer = fewer;
        this.transport = dialect == dev.tributary.testkit.sodp.SodpDialect.GO
                ? new LessCapable(new SodpTransport(), Set.of(Capability.WRITES))
                : new SodpTransport();
    }

    static SodpDriver simulated(dev.tributary.testkit.sodp.SodpDialect dialect) {
        return new SodpDriver(dialect, Medium.simulated(Set.of("ws"), NETWORK), 1);
    }

    static SodpDriver overSockets(dev.tributary.testkit.sodp.SodpDialect dialect) {
        return new SodpDriver(dialect, Medium.sockets(new WebSocketWireProvider(), MOST_PIECE), FEWER_OVER_SOCKETS);
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
        // Only the Rust server has a log that survives, and that one forgets what came after a delete:
        // what it then holds is no state that the world knows of, so no law can be held against it.
        EnumSet<Fault> faults = EnumSet.complementOf(EnumSet.of(Fault.RESTART, Fault.STALE, Fault.SCHEMA));
        if (capabilities().contains(Capability.LOSSLESS)) {
            faults.remove(Fault.LOSE);
        }
        return faults;
    }

    @Override
    public World newWorld(long seed) {
        return new SodpWorld(new SimulatedEnvironment(seed), seed);
    }

    /** A world whose wires another builder can use. */
    interface HasWires {

        WireProvider wires();

        /** Host and port of the server. */
        String authority();
    }

    private final class SodpWorld extends ModelWorld implements HasWires {

        private final SplittableRandom random;
        private final SodpTokens tokens = new SodpTokens();
        private final SodpModel model;
        private final SimulatedSodp server;
        private final Medium between;
        private int number = 1;

        SodpWorld(SimulatedEnvironment environment, long seed) {
            super(environment, QUERIES, transport.capabilities());
            random = new SplittableRandom(seed);
            tokens.accept(token(), "ada");
            model = new SodpModel(
                    SodpOptions.of(dialect).withTokens(tokens),
                    () -> environment.trueNow().toEpochMilli(),
                    random.split());
            server = new SimulatedSodp(environment, model, this::clientSpoke);
            between = medium.to(written(server), environment);
        }

        @Override
        public SourceBuilder builder(String options) {
            String audit = capabilities().contains(Capability.LOSSLESS) ? further : "audit=10s";
            String all = options.isEmpty() ? audit : audit.isEmpty() ? options : audit + "&" + options;
            return SourceBuilder.of(URI.create("sodp+ws://" + authority() + (all.isEmpty() ? "" : "?" + all)))
                    .transport(watched(transport))
                    .wires(wires())
                    .environment(environment());
        }

        @Override
        public WireProvider wires() {
            return between.wires();
        }

        @Override
        public String authority() {
            return between.authority();
        }

        @Override
        protected void write(List<Write> writes) {
            for (Write write : writes) {
                String key = KEYS.get(write.table());
                String member = "k" + write.key();
                Integer after = write.after();
                boolean fresh = !model.exists(key);
                if (after == null || fresh || random.nextInt(8) == 0) {
                    Map<String, Object> members = members(key);
                    if (after == null) {
                        members.remove(member);
                    } else {
                        members.put(member, after);
                    }
                    if (members.isEmpty() && random.nextBoolean()) {
                        model.delete(key);
                    } else {
                        model.set(key, members);
                    }
                } else if (random.nextBoolean()) {
                    model.patch(key, Map.of(member, after));
                } else {
                    boolean dots = dialect == dev.tributary.testkit.sodp.SodpDialect.GO;
                    model.setIn(key, dots ? member : "/" + member, after);
                }
            }
            server.arm();
        }

        private Map<String, Object> members(String key) {
            Map<String, Object> members = new TreeMap<>();
            if (model.value(key) instanceof Map<?, ?> map) {
                map.forEach((name, value) -> members.put((String) name, value));
            }
            return members;
        }

        @Override
        public int keyOf(Row row) {
            return Integer.parseInt(row.getString("name").substring(1));
        }

        @Override
        public int valueOf(Row row) {
            return Math.toIntExact(row.getLong("value"));
        }

        @Override
        public CompletableFuture<?> write(SyncSource source, Operation.Put put) {
            return source.unwrap(Sodp.class)
                    .setIn(KEYS.get(put.table()), SodpPath.of("k" + put.key()), put.value(), Duration.ofSeconds(20));
        }

        @Override
        protected Map<Integer, Integer> held(int table) {
            Map<Integer, Integer> rows = new TreeMap<>();
            members(KEYS.get(table))
                    .forEach((name, value) ->
                            rows.put(Integer.parseInt(name.substring(1)), ((Number) value).intValue()));
            return rows;
        }

        @Override
        public boolean isPresenceSeen(SyncSource source) {
            try (SyncSource other = builder("").token(this::token).open();
                    MaterializedView<Row> seen = other.materialize("who?as=children")) {
                CompletableFuture<SodpPresence> here =
                        source.unwrap(Sodp.class).presence("who", SodpPath.of("ada"), "here", Duration.ofSeconds(20));
                advance(Duration.ofSeconds(5));
                boolean came = here.isDone() && seen.get("ada") != null;
                server.drop();
                advance(Duration.ofSeconds(40));
                boolean cameBack = seen.get("ada") != null;
                source.close();
                advance(Duration.ofSeconds(5));
                return came && cameBack && seen.get("ada") == null;
            }
        }

        @Override
        public void inject(Fault fault) {
            switch (fault) {
                case DROP -> server.drop();
                case REFUSE_ONCE -> server.refuse(1, random.nextBoolean() ? 503 : 0);
                case REFUSE -> {
                    server.refuse(Integer.MAX_VALUE, random.nextBoolean() ? 503 : 0);
                    between.refuse(true);
                }
                case SILENCE -> {
                    server.silent(true);
                    between.silent(true);
                }
                case RESET_LOG, RESTART_ANEW -> restart();
                case DUPLICATE -> model.faults().when(event -> event.isSent(SodpFrame.DELTA), 1, SodpFault.duplicate());
                case STATUS -> server.refuse(1, STATUSES[random.nextInt(STATUSES.length)]);
                case COME_LATER -> server.comeLater(random.nextBoolean() ? 503 : 429, Patience.ASKED);
                case RESTART, STALE, SCHEMA -> throw new AssertionError("not here: " + fault);
                case EXPIRE_CREDENTIALS -> {
                    tokens.revoke(token());
                    number++;
                    tokens.accept(token(), "ada");
                    // These servers do not look at a token again, or cut when its time is over.
                    server.drop();
                }
                case GARBAGE -> server.garbage(garbage());
                case SLOW -> server.delay(Duration.ofMillis(700));
                case LOSE ->
                    model.faults()
                            .when(
                                    event -> event.isSent(SodpFrame.DELTA) && random.nextInt(3) == 0,
                                    Integer.MAX_VALUE,
                                    SodpFault.drop());
                case REJECT ->
                    model.faults()
                            .when(
                                    event -> event.fromClient() && asksFor(event.frame(), KEYS.get(0)),
                                    Integer.MAX_VALUE,
                                    SodpFault.error(403, "access denied: " + KEYS.get(0)));
            }
        }

        /** The server begins with an empty log and other versions, and is given its values again. */
        private void restart() {
            Map<String, Object> values = new TreeMap<>();
            model.keys().forEach(key -> values.put(key, members(key)));
            server.drop();
            model.restart(false);
            values.forEach(model::set);
        }

        private boolean asksFor(SodpFrame frame, String key) {
            boolean asks = frame.type() == SodpFrame.WATCH || frame.type() == SodpFrame.RESUME;
            return asks
                    && (key.equals(frame.text("state"))
                            || (frame.field("states") instanceof List<?> states && states.contains(key)));
        }

        private byte[] garbage() {
            return switch (random.nextInt(5)) {
                case 0 -> new byte[] {(byte) 0xc1};
                case 1 -> new byte[] {};
                case 2 -> new byte[] {(byte) 0x94, 4, 10, 0, (byte) 0xdf, -1, -1, -1, -1};
                case 3 -> Packed.frame(FrameType.DELTA, 10, 0, Packed.map("version", "one", "ops", 5));
                default -> Packed.frame(FrameType.STATE_INIT, 10, 0, List.of(1));
            };
        }

        @Override
        public void heal() {
            between.refuse(false);
            between.silent(false);
            server.heal();
            model.faults().clear();
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
            return "s3cret-" + number;
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
