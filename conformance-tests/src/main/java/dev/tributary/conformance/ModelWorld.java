package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.spi.TransportProvider;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A world in virtual time that keeps the truth and its history; what is left is to write it into a server. */
public abstract class ModelWorld implements World {

    private final SimulatedEnvironment environment;
    private final List<String> queries;
    private final boolean transactions;
    private final Patience patience = new Patience();
    private boolean isWritten;
    private Consumer<ProtocolInput> watcher = input -> {};
    private final List<TreeMap<Integer, Integer>> tables = new ArrayList<>();
    private final List<List<SortedMap<Integer, Integer>>> histories = new ArrayList<>();

    /** A world without rows. */
    protected ModelWorld(SimulatedEnvironment environment, List<String> queries, Set<Capability> capabilities) {
        this.environment = environment;
        this.queries = List.copyOf(queries);
        this.transactions = capabilities.contains(Capability.TRANSACTIONS);
        for (int table = 0; table < queries.size(); table++) {
            tables.add(new TreeMap<>());
            histories.add(new ArrayList<>());
        }
        remember();
    }

    /**
     * Commits these writes as one transaction of the server. Where the transport has no TRANSACTIONS, each of them is
     * committed by itself, in this order; what a commit leaves is then a state of its own.
     */
    protected abstract void write(List<Write> writes);

    /**
     * Empties a table with the server's own verb for it, as one commit.
     *
     * @param writes the deletes that come to the same
     */
    protected void truncate(int table, List<Write> writes) {
        write(writes);
    }

    /**
     * The transport for one source of this world, whose inputs {@link #onInput} tells and whose {@link #patience} is looked
     * at.
     */
    protected final TransportProvider watched(TransportProvider transport) {
        return new WatchedTransport(transport, input -> watcher.accept(input), patience);
    }

    @Override
    public void onInput(Consumer<ProtocolInput> other) {
        watcher = other;
    }

    @Override
    public Patience patience() {
        return patience;
    }

    /** A server does what a client told it to write. For servers that are not {@link #written}. */
    protected final void clientWrote(Operation.Put put) {
        tables.get(put.table()).put(put.key(), put.value());
        remember();
    }

    private void remember() {
        for (int table = 0; table < tables.size(); table++) {
            histories.get(table).add(Collections.unmodifiableSortedMap(new TreeMap<>(tables.get(table))));
        }
    }

    @Override
    public void apply(Operation operation) {
        if (isWritten) {
            clientSpoke();
        }
        List<Write> writes = commit(operation);
        if (operation instanceof Operation.Truncate truncate && transactions && !writes.isEmpty()) {
            truncate(truncate.table(), writes);
        } else if (!writes.isEmpty()) {
            write(writes);
        }
    }

    /** What is to be written, remembered already. */
    private List<Write> commit(Operation operation) {
        List<Write> writes = new ArrayList<>();
        collect(operation, writes);
        if (transactions && !writes.isEmpty()) {
            remember();
        }
        return writes;
    }

    /** The server of this world where clients write: what they did is remembered when it is done, from {@link #held}. */
    protected final SimulatedServer written(SimulatedServer server) {
        isWritten = true;
        return new WrittenServer(server, this::clientSpoke);
    }

    /** What the server holds for a table. Asked for only where the server is {@link #written}. */
    protected Map<Integer, Integer> held(int table) {
        throw new AssertionError("WRITES is declared, so ModelWorld.held must tell what was written to " + table);
    }

    /**
     * A client may have written: one row at most. Told after each message of a server that is {@link #written}; a server
     * that does later what it is told says so by itself.
     */
    protected final void clientSpoke() {
        boolean isNew = false;
        for (int table = 0; table < tables.size(); table++) {
            Map<Integer, Integer> held = held(table);
            if (!held.equals(tables.get(table))) {
                tables.set(table, new TreeMap<>(held));
                isNew = true;
            }
        }
        if (isNew) {
            remember();
        }
    }

    private void collect(Operation operation, List<Write> writes) {
        if (operation instanceof Operation.Put put) {
            set(put.table(), put.key(), put.value(), writes);
        } else if (operation instanceof Operation.Remove remove) {
            set(remove.table(), remove.key(), null, writes);
        } else if (operation instanceof Operation.Rekey rekey) {
            Integer value = tables.get(rekey.table()).get(rekey.from());
            if (value != null && rekey.from() != rekey.to()) {
                set(rekey.table(), rekey.from(), null, writes);
                set(rekey.table(), rekey.to(), value, writes);
            }
        } else if (operation instanceof Operation.Truncate truncate) {
            List.copyOf(tables.get(truncate.table()).keySet()).forEach(key -> set(truncate.table(), key, null, writes));
        } else if (operation instanceof Operation.Transaction several) {
            several.operations().forEach(one -> collect(one, writes));
        }
    }

    private void set(int table, int key, @Nullable Integer value, List<Write> writes) {
        TreeMap<Integer, Integer> rows = tables.get(table);
        Integer before = rows.get(key);
        if (before == null ? value == null : before.equals(value)) {
            return;
        }
        if (value == null) {
            rows.remove(key);
        } else {
            rows.put(key, value);
        }
        writes.add(new Write(table, key, before, value));
        if (!transactions) {
            remember();
        }
    }

    @Override
    public List<String> queries() {
        return queries;
    }

    @Override
    public SortedMap<Integer, Integer> truth(String query) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(tables.get(queries.indexOf(query))));
    }

    @Override
    public List<SortedMap<Integer, Integer>> history(String query) {
        return Collections.unmodifiableList(histories.get(queries.indexOf(query)));
    }

    @Override
    public SimulatedEnvironment environment() {
        return environment;
    }

    @Override
    public void run() {
        environment.run();
    }

    @Override
    public void advance(Duration time) {
        environment.advance(time);
    }

    @Override
    public int openWires() {
        return environment.pending().wires();
    }

    @Override
    public String leftovers() {
        return environment.pending().isNothing()
                ? environment.failures().isEmpty() ? "" : "uncaught " + environment.failures()
                : environment.pending().toString();
    }
}
