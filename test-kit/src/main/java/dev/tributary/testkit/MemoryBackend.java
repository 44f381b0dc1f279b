package dev.tributary.testkit;

import dev.tributary.Column;
import dev.tributary.Options;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.SourceBuilder;
import dev.tributary.SyncSource;
import dev.tributary.spi.Environment;
import dev.tributary.spi.TransportProvider;
import dev.tributary.spi.WireEnd;
import dev.tributary.spi.WireProvider;
import dev.tributary.spi.Wires;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.testkit.simulation.SimulatedServer;
import dev.tributary.testkit.simulation.SimulatedWires;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A sync server in memory, for tests of applications: tables, transactions, and every fault that a network has. Time
 * stands still until the test moves it on, so a test never sleeps and always runs the same way.
 *
 * <pre>{@code
 * MemoryBackend backend = MemoryBackend.create();
 * SyncSource source = backend.source();
 * MaterializedView<Item> items = source.materialize("items", Item.class);
 *
 * backend.commit(tx -> tx.insert("items", 1, Map.of("name", "tea")));
 * items.awaitUpToDate(ofSeconds(10));             // virtual seconds: returns at once
 *
 * backend.dropConnections();                      // my code under faults
 * backend.commit(tx -> tx.delete("items", 1));
 * backend.clock().advance(ofSeconds(30));         // time is mine: reconnects, catches up
 * }</pre>
 *
 * <p><b>Queries.</b> The name of a table, with columns that must equal a value if wanted: {@code items?color=red}. A table
 * that was not made yet is empty and has no columns; {@link #declare} it where the code under test looks up keys before
 * the first insert.
 *
 * <p><b>Time.</b> {@link #clock} is the clock, the timers and the threads of every source of this backend. Nothing is
 * delivered, and no listener is called, before {@link SimulatedEnvironment#advance} or {@link SimulatedEnvironment#run},
 * or an {@code awaitUpToDate} of a view, which move time on. They run everything on the thread that calls them, so a test
 * needs no synchronization. Backend and sources are not for use by several threads.
 *
 * <p><b>What it promises.</b> RESUME, RESUME_AFTER_RESTART, LOSSLESS, TRANSACTIONS, ATOMIC_ACROSS_VIEWS and EVENTS. The
 * number of a commit is its metadata: {@code commit.metadata(Long.class)}.
 */
public final class MemoryBackend {

    private static final URI ADDRESS = URI.create("memory+ws://memory");

    private final boolean lossy;
    private final SimulatedEnvironment environment;
    private final MemoryServer server;
    private SimulatedNetwork network = SimulatedNetwork.PERFECT;

    private MemoryBackend(long seed, boolean lossy) {
        this.lossy = lossy;
        environment = new SimulatedEnvironment(seed);
        server = new MemoryServer(environment);
    }

    /** An empty backend. What is random, such as the time between attempts, is the same in every run. */
    public static MemoryBackend create() {
        return create(0);
    }

    /** An empty backend whose randomness comes from this seed. */
    public static MemoryBackend create(long seed) {
        return new MemoryBackend(seed, false);
    }

    /**
     * An empty backend that may lose commits without a sign, as some servers do to slow clients: see
     * {@link #loseCommits}. Its transport has neither LOSSLESS nor ATOMIC_ACROSS_VIEWS: views say whether they are
     * verified, and are compared with the server now and then.
     */
    public static MemoryBackend createLossy(long seed) {
        return new MemoryBackend(seed, true);
    }

    /** A source that is connected to this backend when it is asked for a query. The test closes it. */
    public SyncSource source() {
        return builder().open();
    }

    /** A builder of such a source, for a back-off, a token, listeners or required capabilities. */
    public SourceBuilder builder() {
        return SourceBuilder.of(ADDRESS)
                .transport(lossy ? lossyTransport() : transport())
                .wires(new MemoryWires())
                .environment(environment);
    }

    /** The transport of this backend, to register it by hand where the code under test opens its source itself. */
    public static TransportProvider transport() {
        return new MemoryTransport(false);
    }

    /** The transport of a backend that was made by {@link #createLossy}. */
    public static TransportProvider lossyTransport() {
        return new MemoryTransport(true);
    }

    /** Wires to this backend, for the scheme {@code ws}. */
    public WireProvider wires() {
        return new MemoryWires();
    }

    /** What stands behind {@link #wires}, for wires of another kind. */
    public SimulatedServer server() {
        return server;
    }

    /** Each source gets wires over the network of that moment. */
    private final class MemoryWires implements WireProvider {

        @Override
        public Set<String> schemes() {
            return Set.of("ws");
        }

        @Override
        public Wires wires(Options options, Environment unused) {
            return new SimulatedWires(environment, server, network);
        }
    }

    /** Time, randomness and threads of all sources of this backend. */
    public SimulatedEnvironment clock() {
        return environment;
    }

    // ---- data ----

    /**
     * Makes a table with these columns. Where no column is declared as key, all of them are.
     *
     * @throws IllegalStateException when there is a table of that name
     */
    public MemoryBackend declare(String table, Column... columns) {
        server.declare(table, RowSchema.of(List.of(columns)));
        return this;
    }

    /** A column of the key for {@link #declare}; its place in the key. */
    public static Column key(String name, MemoryType type, int keyIndex) {
        return new Column(name, type, false, keyIndex);
    }

    /** A column for {@link #declare} that may be null. */
    public static Column column(String name, MemoryType type) {
        return new Column(name, type, true, -1);
    }

    /**
     * One transaction. All of it becomes visible together, in all views of a source, once time moves on.
     *
     * @throws RuntimeException what the code throws; then nothing was changed
     */
    public void commit(Consumer<? super MemoryTransaction> transaction) {
        server.commit(transaction);
    }

    /** What the server holds for a query, in no particular order. */
    public List<Row> rows(String query) {
        return new ArrayList<>(server.rows(new MemoryQuery(Query.parse(query))));
    }

    /** The number of the last commit; 0 before the first. */
    public long lastCommit() {
        return server.head();
    }

    // ---- faults ----

    /** Breaks every connection. Sources reconnect after their back-off. */
    public void dropConnections() {
        server.drop(WireEnd.Kind.BROKEN, "connection reset");
    }

    /** Refuses the next connections, so many. */
    public void refuseConnections(int count) {
        server.refuse(count, Duration.ZERO);
    }

    /** Refuses every connection until {@link #acceptConnections}. */
    public void refuseConnections() {
        server.refuse(Integer.MAX_VALUE, Duration.ZERO);
    }

    /** Answers the next connections, so many, that it has no room now, and asks to come again after so many seconds. */
    public void refuseConnections(int count, Duration comeAgainAfter) {
        server.refuse(count, comeAgainAfter);
    }

    /** Takes connections again. */
    public void acceptConnections() {
        server.refuse(0, Duration.ZERO);
    }

    /** Connections stay open, but nothing arrives any more: what a network does when a cable is pulled. */
    public void silence() {
        server.silent(true);
    }

    /** What {@link #silence} held back arrives where the client still waits for it. */
    public void speak() {
        server.silent(false);
    }

    /** From now on all that the server sends takes this long. */
    public void delay(Duration time) {
        server.delay(time);
    }

    /** Sources that are opened from now on have this between them and the server. */
    public void network(SimulatedNetwork next) {
        network = next;
    }

    /** Cuts transactions into messages of so many rows, so that a connection can break in the middle of one. */
    public void rowsPerMessage(int most) {
        server.framesPerMessage(Math.max(1, most));
    }

    /** Forgets old commits: who was not connected cannot go on from where it stopped, and gets the rows anew. */
    public void truncateLog() {
        server.truncateLog();
    }

    /** Drops all connections, as a server does that starts again. It kept its log. */
    public void restart() {
        server.drop(WireEnd.Kind.BROKEN, "the server went down");
    }

    /** Drops all connections, as a server does that starts again and has lost its log: no checkpoint is good any more. */
    public void restartWithoutLog() {
        server.beginNewLog();
        restart();
    }

    /** Takes only this token from now on. Connections end, as they do when a token expires. */
    public void requireToken(String token) {
        server.requireToken(token);
    }

    /** Ends the views of this table, and refuses new ones, with this reason. */
    public void refuseTable(String table, String reason) {
        server.refuseTable(table, reason);
    }

    /** Takes queries of every table again. */
    public void allowTables() {
        server.allowTables();
    }

    /**
     * From now on about every second commit is lost on its way to each connection, and nobody is told.
     *
     * @throws IllegalStateException when this backend was not made by {@link #createLossy}
     */
    public void loseCommits() {
        if (!lossy) {
            throw new IllegalStateException("this backend promised to lose nothing; make one with createLossy");
        }
        server.losing(true);
    }

    /** Sends these bytes, which are no message, over every connection. */
    public void sendMalformed(byte... bytes) {
        server.sendRaw(bytes);
    }

    /** Ends all faults that last: refusals of connections and tables, losses, silence and
     * delay. A required token stays. */
    public void heal() {
        acceptConnections();
        allowTables();
        delay(Duration.ZERO);
        server.losing(false);
        speak();
    }

    /** How many connections are open. */
    public int connections() {
        return server.connections();
    }

    /** How many connections were asked for so far, refused ones included. */
    public int attempts() {
        return server.attempts();
    }
}
