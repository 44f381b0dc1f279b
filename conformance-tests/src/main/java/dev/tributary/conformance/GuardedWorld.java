package dev.tributary.conformance;

import dev.tributary.Row;
import dev.tributary.SourceBuilder;
import dev.tributary.SyncSource;
import dev.tributary.spi.Environment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A world as the laws use it: see {@link GuardedDriver}. */
final class GuardedWorld implements World {

    private final World world;
    private final List<String> queries;

    private GuardedWorld(World world, List<String> queries) {
        this.world = world;
        this.queries = queries;
    }

    static GuardedWorld of(World world) {
        List<String> queries = GuardedDriver.guard("World.queries", world::queries);
        Law.DRIVER_IS_COMPLETE.holdsIf(
                queries.size() >= 2, "World.queries gave " + queries + ", two are needed at least");
        return new GuardedWorld(world, queries);
    }

    @Override
    public Environment environment() {
        return GuardedDriver.guard("World.environment", world::environment);
    }

    @Override
    public SourceBuilder builder(String options) {
        return GuardedDriver.guard("World.builder", () -> world.builder(options));
    }

    @Override
    public List<String> queries() {
        return queries;
    }

    @Override
    public String oldValuesQuery() {
        return GuardedDriver.guard("World.oldValuesQuery", world::oldValuesQuery);
    }

    @Override
    public int keyOf(Row row) {
        return GuardedDriver.guard("World.keyOf", () -> world.keyOf(row));
    }

    @Override
    public int valueOf(Row row) {
        return GuardedDriver.guard("World.valueOf", () -> world.valueOf(row));
    }

    @Override
    public Map<Integer, Integer> entriesOf(Row row) {
        return GuardedDriver.guard("World.entriesOf of " + row, () -> world.entriesOf(row));
    }

    @Override
    public void passEvent(int table) {
        GuardedDriver.guard("World.passEvent", () -> world.passEvent(table));
    }

    @Override
    public CompletableFuture<?> write(SyncSource source, Operation.Put put) {
        return GuardedDriver.<CompletableFuture<?>>guard("World.write", () -> world.write(source, put));
    }

    @Override
    public boolean isPresenceSeen(SyncSource source) {
        return GuardedDriver.guard("World.isPresenceSeen", () -> world.isPresenceSeen(source));
    }

    @Override
    public void onInput(Consumer<ProtocolInput> watcher) {
        GuardedDriver.guard("World.onInput", () -> world.onInput(watcher));
    }

    @Override
    public Patience patience() {
        return GuardedDriver.guard("World.patience", world::patience);
    }

    @Override
    public void apply(Operation operation) {
        GuardedDriver.guard("World.apply of " + operation, () -> world.apply(operation));
        for (String query : queries) {
            List<SortedMap<Integer, Integer>> states = history(query);
            SortedMap<Integer, Integer> truth = truth(query);
            Law.DRIVER_TELLS_THE_TRUTH.holdsIf(
                    !states.isEmpty() && states.get(states.size() - 1).equals(truth),
                    "of " + query + " World.truth gives " + truth + ", but the last of World.history is "
                            + (states.isEmpty() ? "nothing" : states.get(states.size() - 1)));
        }
        if (operation instanceof Operation.Put put) {
            SortedMap<Integer, Integer> truth = truth(queries.get(put.table()));
            Law.DRIVER_TELLS_THE_TRUTH.holdsIf(
                    Integer.valueOf(put.value()).equals(truth.get(put.key())),
                    "after " + operation + " World.truth gives " + truth);
        }
    }

    @Override
    public SortedMap<Integer, Integer> truth(String query) {
        return GuardedDriver.guard("World.truth", () -> world.truth(query));
    }

    @Override
    public List<SortedMap<Integer, Integer>> history(String query) {
        return GuardedDriver.guard("World.history", () -> world.history(query));
    }

    @Override
    public void inject(Fault fault) {
        GuardedDriver.guard("World.inject of " + fault, () -> world.inject(fault));
    }

    @Override
    public void heal() {
        GuardedDriver.guard("World.heal", world::heal);
    }

    @Override
    public String token() {
        return GuardedDriver.guard("World.token", world::token);
    }

    @Override
    public Duration silenceLimit() {
        return GuardedDriver.guard("World.silenceLimit", world::silenceLimit);
    }

    @Override
    public Duration settleTime() {
        return GuardedDriver.guard("World.settleTime", world::settleTime);
    }

    @Override
    public void run() {
        GuardedDriver.guard("World.run", world::run);
    }

    @Override
    public void advance(Duration time) {
        GuardedDriver.guard("World.advance", () -> world.advance(time));
    }

    @Override
    public int openWires() {
        return GuardedDriver.guard("World.openWires", world::openWires);
    }

    @Override
    public String leftovers() {
        return GuardedDriver.guard("World.leftovers", world::leftovers);
    }

    @Override
    public void close() {
        GuardedDriver.guard("World.close", world::close);
    }
}
