package dev.tributary.conformance;

import dev.tributary.Row;
import dev.tributary.SourceBuilder;
import dev.tributary.spi.Environment;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;

/**
 * A server, the network before it and the time they live in. Each query gives rows with a whole number as key and one as
 * value; there are at least two. Most drivers extend {@link ModelWorld}.
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

    /** The key of a row. */
    int keyOf(Row row);

    /** The value of a row. */
    int valueOf(Row row);

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

    /** After so much time without faults all views are live. */
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
