package dev.tributary.driftdb;

import dev.tributary.Capability;
import dev.tributary.Row;
import dev.tributary.SourceBuilder;
import dev.tributary.SyncSource;
import dev.tributary.conformance.Fault;
import dev.tributary.conformance.ModelWorld;
import dev.tributary.conformance.Operation;
import dev.tributary.conformance.Patience;
import dev.tributary.conformance.TransportDriver;
import dev.tributary.conformance.World;
import dev.tributary.conformance.Write;
import dev.tributary.spi.WireEnd;
import dev.tributary.testkit.driftdb.AnswerFault;
import dev.tributary.testkit.driftdb.DriftDbConnection;
import dev.tributary.testkit.driftdb.DriftDbEntry;
import dev.tributary.testkit.driftdb.DriftDbModel;
import dev.tributary.testkit.driftdb.DriftDbModelServer;
import dev.tributary.testkit.driftdb.DriftDbOptions;
import dev.tributary.testkit.driftdb.DriftDbRoom;
import dev.tributary.testkit.driftdb.DriftValue;
import dev.tributary.testkit.driftdb.FrameFault;
import dev.tributary.testkit.driftdb.ServerMessage;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.testkit.simulation.SimulatedServer;
import dev.tributary.testkit.simulation.SimulatedWireProvider;
import dev.tributary.testkit.socket.HttpRequest;
import dev.tributary.testkit.socket.HttpResponse;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * The model of a DriftDB server under the laws. A table is a key whose one value is an object of all its rows. The number
 * beside the value is new each time, so no column stays as it is. The model is the edge worker, for the stand-alone server
 * cannot lose its state and go on; queues that overflow are made by hand.
 */
final class DriftDbDriver implements TransportDriver {

    private static final List<String> TABLES = List.of("stock", "orders");
    private static final int[] STATUSES = {429, 500, 502, 503};
    private static final int ALWAYS = Integer.MAX_VALUE;

    @Override
    public Set<Capability> capabilities() {
        return new DriftDbTransport().capabilities();
    }

    @Override
    public Set<Fault> faults() {
        // A server of DriftDB refuses no key.
        return EnumSet.complementOf(EnumSet.of(Fault.REJECT, Fault.STALE, Fault.SCHEMA));
    }

    @Override
    public World newWorld(long seed) {
        return new DriftDbWorld(new SimulatedEnvironment(seed), seed, capabilities());
    }

    private static final class DriftDbWorld extends ModelWorld {

        private final SplittableRandom random;
        private final DriftDbModelServer server;
        private final DriftDbModel model;
        private final DriftDbRoom room;
        private final Map<String, TreeMap<Integer, Integer>> rows = new LinkedHashMap<>();
        private int refusals;
        private int tokens = 1;

        DriftDbWorld(SimulatedEnvironment environment, long seed, Set<Capability> capabilities) {
            super(environment, TABLES, capabilities);
            random = new SplittableRandom(seed);
            server = new DriftDbModelServer(environment, DriftDbOptions.edgeWorker());
            model = server.model();
            room = model.createRoom("a-room-of-the-laws");
            TABLES.forEach(table -> rows.put(table, new TreeMap<>()));
            demandToken();
        }

        private void demandToken() {
            model.faults().request(this::isUnknown, ALWAYS, AnswerFault.status(401));
        }

        private boolean isUnknown(HttpRequest request) {
            return request.headers().entrySet().stream()
                    .noneMatch(header -> header.getKey().equalsIgnoreCase("authorization")
                            && header.getValue().equals("Bearer " + token()));
        }

        @Override
        public SourceBuilder builder(String options) {
            String address = "driftdb+ws://model/room/" + room.id();
            return SourceBuilder.of(URI.create(address + (options.isEmpty() ? "" : "?" + options)))
                    .transport(watched(new DriftDbTransport()))
                    .set(dev.tributary.driftdb.DriftDbOptions.AUDIT, Duration.ofSeconds(2))
                    .wires(new SimulatedWireProvider(Set.of("ws", "http"), faulty(), SimulatedNetwork.PERFECT))
                    .environment(environment());
        }

        private SimulatedServer faulty() {
            return written(this::accept);
        }

        private void accept(SimulatedConnection connection) {
            if (refusals > 0) {
                refusals -= refusals == ALWAYS ? 0 : 1;
                connection.fail(WireEnd.Kind.REFUSED, "connection refused");
            } else {
                server.accept(connection);
            }
        }

        @Override
        protected void write(List<Write> writes) {
            for (Write write : writes) {
                note(write);
                String table = TABLES.get(write.table());
                room.replace(table, json(table));
            }
        }

        private void note(Write write) {
            TreeMap<Integer, Integer> content = rows.get(TABLES.get(write.table()));
            Integer after = write.after();
            if (after == null) {
                content.remove(write.key());
            } else {
                content.put(write.key(), after);
            }
        }

        private String json(String table) {
            return rows.get(table).entrySet().stream()
                    .map(row -> "\"" + row.getKey() + "\":" + row.getValue())
                    .collect(Collectors.joining(",", "{", "}"));
        }

        /** There is no writing into a value: what is written takes the place of all that was there. */
        @Override
        public CompletableFuture<?> write(SyncSource source, Operation.Put put) {
            Map<String, Integer> value = Map.of(Integer.toString(put.key()), put.value());
            return source.unwrap(DriftDb.class).replace(TABLES.get(put.table()), value, Duration.ofMinutes(1));
        }

        @Override
        protected Map<Integer, Integer> held(int table) {
            TreeMap<Integer, Integer> content = new TreeMap<>();
            for (DriftDbEntry entry : room.entries(TABLES.get(table))) {
                content.clear();
                if (entry.value() instanceof DriftValue.Map object) {
                    object.members().forEach(member -> content.put(number(member.key()), number(member.value())));
                }
            }
            rows.put(TABLES.get(table), content);
            return content;
        }

        private static int number(DriftValue value) {
            return value instanceof DriftValue.Text text
                    ? Integer.parseInt(text.value())
                    : ((DriftValue.Int) value).value().intValueExact();
        }

        @Override
        public void passEvent(int table) {
            room.relay(TABLES.get(table), "\"passing\"");
        }

        @Override
        public boolean isPresenceSeen(SyncSource source) {
            SyncSource other = builder("").token(this::token).open();
            ValueCodec<Long> longs = ValueCodec.plain(Long.class);
            Presence<Long> one = Presence.open(source, "one", longs);
            Presence<Long> two = Presence.open(other, "two", longs);
            one.set(1L);
            advance(Duration.ofSeconds(1));
            boolean came = two.others().equals(Map.of("one", 1L));
            source.close();
            advance(Duration.ofSeconds(5));
            boolean went = two.others().isEmpty();
            other.close();
            return came && went;
        }

        @Override
        public int keyOf(Row row) {
            throw new AssertionError("a row holds several entries");
        }

        @Override
        public int valueOf(Row row) {
            throw new AssertionError("a row holds several entries");
        }

        @Override
        public Map<Integer, Integer> entriesOf(Row row) {
            Map<Integer, Integer> entries = new TreeMap<>();
            if (row.get("value") instanceof Map<?, ?> value) {
                value.forEach((key, held) -> entries.put(Integer.parseInt((String) key), Math.toIntExact((Long) held)));
            }
            return entries;
        }

        @Override
        public void inject(Fault fault) {
            switch (fault) {
                case DROP -> model.connections().forEach(DriftDbConnection::drop);
                case REFUSE_ONCE -> {
                    if (random.nextBoolean()) {
                        refusals = 1;
                    } else {
                        model.faults().request(request -> true, 1, AnswerFault.status(503));
                    }
                }
                case REFUSE -> refusals = ALWAYS;
                case SILENCE -> {
                    model.connections().forEach(connection -> connection.silence(true));
                    model.faults().request(request -> true, ALWAYS, new AnswerFault.Silence(false));
                }
                case RESET_LOG -> reset();
                case EXPIRE_CREDENTIALS -> {
                    tokens++;
                    model.connections().forEach(DriftDbConnection::drop);
                }
                case GARBAGE -> model.faults().frame(frame -> true, 1, garbage());
                case SLOW -> {
                    model.faults().frame(frame -> true, ALWAYS, new FrameFault.Delay(700));
                    model.faults().http(ALWAYS, new AnswerFault.Delay(700));
                }
                case LOSE ->
                    model.faults()
                            .frame(
                                    frame -> frame instanceof ServerMessage.Push && random.nextInt(3) == 0,
                                    ALWAYS,
                                    new FrameFault.Lose());
                case RESTART -> model.restart();
                case RESTART_ANEW -> {
                    model.restart();
                    reset();
                }
                case DUPLICATE ->
                    model.faults().frame(frame -> frame instanceof ServerMessage.Push, 1, FrameFault.repeated(2));
                case STATUS ->
                    model.faults()
                            .request(request -> true, 1, AnswerFault.status(STATUSES[random.nextInt(STATUSES.length)]));
                case COME_LATER -> model.faults().request(request -> true, 1, comeLater());
                case STALE, SCHEMA -> throw new AssertionError("not here: " + fault);
                case REJECT -> throw new AssertionError("a server of DriftDB refuses no key");
            }
        }

        /** The numbers are those of before, or rows would differ by them. */
        private void reset() {
            Map<String, Long> numbers = new LinkedHashMap<>();
            TABLES.forEach(table -> room.entries(table).forEach(entry -> numbers.put(table, entry.seq())));
            long counter = room.counter();
            model.reload(room, false);
            numbers.forEach((table, number) -> {
                room.counter(number - 1);
                room.replace(table, json(table));
            });
            room.counter(counter);
        }

        private AnswerFault comeLater() {
            String seconds = Long.toString(Patience.ASKED.toSeconds());
            return new AnswerFault.Respond(
                    HttpResponse.of(random.nextBoolean() ? 503 : 429).with("retry-after", seconds));
        }

        private FrameFault garbage() {
            return switch (random.nextInt(3)) {
                case 0 -> FrameFault.truncated();
                case 1 -> FrameFault.member("type", "7");
                default -> FrameFault.member("key", "[[]]");
            };
        }

        @Override
        public void heal() {
            refusals = 0;
            model.faults().clear();
            demandToken();
            model.connections().forEach(connection -> connection.silence(false));
        }

        @Override
        public String token() {
            return "s3cret-" + tokens;
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
