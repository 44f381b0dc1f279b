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

/**
 * A server, the network before it and the time they live in. What a query gives is a map of whole numbers: mostly a row
 * has one as key and one as value; rows of another shape are mapped by {@link #entriesOf}. There are at least two
 * queries. Most drivers extend {@link ModelWorld}.
 *
 * <p>Where the server's rows can have another column beside key and value, those of the first query have one: an operation
 * that puts a new value leaves it as it is. Nothing but the laws of PARTIAL_UPDATES looks at it.
 */
public interface World extends AutoCloseable {

    /** Time, randomness and threads for sources. */
    Environment environment();

    /**
     * A builder of a source of this world, with its environment and wires, without credentials and listeners.
     *
     * @param options what follows the question mark of the source's URI; may be empty
     */
    SourceBuilder builder(String options);

    /** The queries, in the text form of the transport. The place in this list is the number of the table. */
    List<String> queries();

    /** The key of a row. Of a row that holds several entries it is not asked. */
    int keyOf(Row row);

    /** The value of a row. Of a row that holds several entries it is not asked. */
    int valueOf(Row row);

    /** What a row holds, for drivers whose rows are documents of several entries: keys and values. */
    default Map<Integer, Integer> entriesOf(Row row) {
        return Map.of(keyOf(row), valueOf(row));
    }

    /**
     * The query that the laws of OLD_VALUES follow: the first one, or one like it where the server tells old values only
     * when it is asked to. Its rows are those of the first query.
     */
    default String oldValuesQuery() {
        return queries().get(0);
    }

    /**
     * Lets something pass by in a query. Where the transport has EVENTS its listeners hear at least one event then; where
     * it has not this may throw, and nobody hears one.
     */
    default void passEvent(int table) {
        throw new AssertionError("EVENTS is declared, so World.passEvent must show it");
    }

    /**
     * Writes a row with the transport's own interface, by a verb that may not be repeated; where the transport has no
     * WRITES this may throw. It is in {@link #truth} and {@link #history} once the server has done it, and never if it does
     * not.
     *
     * @return ends as the write did
     */
    default CompletableFuture<?> write(SyncSource source, Operation.Put put) {
        throw new AssertionError("WRITES is declared, so World.write must show it");
    }

    /**
     * Lets this source be present, in the transport's own way, and looks from another one; where the transport has no
     * PRESENCE this may throw.
     *
     * @return whether the other one saw it come, and go when the source was closed
     */
    default boolean isPresenceSeen(SyncSource source) {
        throw new AssertionError("PRESENCE is declared, so World.isPresenceSeen must show it");
    }

    /**
     * Tells each input of a protocol of this world's sources, after it was taken. A world that cannot says nothing; then
     * its simulation has no steps to count.
     */
    default void onInput(Consumer<ProtocolInput> watcher) {}

    /**
     * What its servers said about coming again, the same each time; a world that cannot tell has one that hears nothing.
     * It is asked for at the beginning of a law.
     */
    default Patience patience() {
        return new Patience();
    }

    /** Changes the server's rows. */
    void apply(Operation operation);

    /** What the server holds for a query now. */
    SortedMap<Integer, Integer> truth(String query);

    /** All committed states of a query, from the empty one on. Those of one place in all queries are of one instant. */
    List<SortedMap<Integer, Integer>> history(String query);

    /** Something goes wrong. Only for those of {@link TransportDriver#faults}. */
    void inject(Fault fault);

    /** Ends all faults that last. */
    void heal();

    /** The token that the server takes now. Asked for only if the driver has {@link Fault#EXPIRE_CREDENTIALS}. */
    String token();

    /** After so much silence no view may be live. */
    Duration silenceLimit();

    /** After so much time without faults all views are live, and their audits have run where they need some. */
    Duration settleTime();

    /** Runs all that is ready; no time goes by. */
    void run();

    /** Lets time go by. */
    void advance(Duration time);

    /** How many wires of clients are open. */
    int openWires();

    /** What sources left behind, as a text; empty when there is nothing. */
    String leftovers();

    /** Frees what is not of the simulation, such as sockets. */
    @Override
    default void close() {}
}
