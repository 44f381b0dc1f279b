package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.model.Agenda;
import dev.tributary.testkit.socket.HttpRequest;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * One database of a SpacetimeDB server, without threads and sockets: what it does depends on its module, the clock, the
 * randomness and what it is told. Not thread-safe. After anything that was done to it, {@link #nextDeadline} says when
 * {@link #tick} is due.
 */
public final class SpacetimeDbModel {

    private final SpacetimeDbOptions options;
    private final RandomGenerator random;
    private final Agenda agenda;
    private final Tokens tokens;
    private final Tokens.Verified owner;
    private final BigInteger databaseIdentity;
    private final SpacetimeDbFaults faults = new SpacetimeDbFaults();
    private final Clients clients = new Clients(this);
    private final Queries queries = new Queries(this);
    private final ReducerCalls reducerCalls = new ReducerCalls(this);
    private final Schedules schedules = new Schedules(this);
    private final Durability durability = new Durability(this);
    private final WorkQueue work;
    private final Transactions transactions;
    private final ProcedureCalls procedureCalls;

    private Database database;
    private int generation;

    /**
     * A database without rows; the module's {@code init} has run.
     *
     * @param millis the clock
     * @param onEarlier told when {@link #nextDeadline} has moved forward
     */
    public SpacetimeDbModel(
            SpacetimeDbModule module,
            SpacetimeDbOptions options,
            LongSupplier millis,
            RandomGenerator random,
            Runnable onEarlier) {
        this.options = options;
        this.random = random;
        agenda = new Agenda(millis, onEarlier);
        tokens = new Tokens(random);
        owner = tokens.of("owner", seconds());
        databaseIdentity = Tokens.identity("database", options.database());
        work = new WorkQueue(agenda, clients);
        transactions = new Transactions(this, random);
        procedureCalls = new ProcedureCalls(this, random);
        database = new Database(module, 0);
        initialise();
    }

    private void initialise() {
        transactions.lifecycle("Init", owner.identity(), null);
    }

    // ---- what it is ----

    /** Which server it is. */
    public SpacetimeDbOptions options() {
        return options;
    }

    /** The script of faults. */
    public SpacetimeDbFaults faults() {
        return faults;
    }

    /** The clients that are connected, the oldest first. */
    public List<SpacetimeDbSession> sessions() {
        return clients.all();
    }

    /** How many connections there ever were. */
    public int connections() {
        return clients.connections();
    }

    /** The rows of a table, each a list of its values. */
    public List<List<Object>> rows(String table) {
        Table of = database.table(table);
        return of.rows().stream().map(of::values).toList();
    }

    /** How many rows a table has. */
    public int count(String table) {
        return database.table(table).size();
    }

    /** The owner's token. */
    public String ownerToken() {
        return owner.token();
    }

    /** A token of a subject of this server; it keeps its identity as long as the subject is the same. */
    public String token(String subject) {
        return tokens.of(subject, seconds()).token();
    }

    /** The identity of a subject of this server. */
    public static BigInteger identityOf(String subject) {
        return Tokens.identity(Tokens.ISSUER, subject);
    }

    SpacetimeDbModule module() {
        return database.module();
    }

    Database database() {
        return database;
    }

    Tokens tokens() {
        return tokens;
    }

    BigInteger databaseIdentity() {
        return databaseIdentity;
    }

    BigInteger ownerIdentity() {
        return owner.identity();
    }

    boolean isOwner(BigInteger identity) {
        return owner.identity().equals(identity);
    }

    long now() {
        return agenda.now();
    }

    long seconds() {
        return agenda.now() / 1_000;
    }

    BigInteger newConnectionId() {
        return new BigInteger(
                        1,
                        new BsatnWriter(16)
                                .u64(random.nextLong())
                                .u64(random.nextLong())
                                .toBytes())
                .setBit(0);
    }

    // ---- its parts ----

    Clients clients() {
        return clients;
    }

    WorkQueue work() {
        return work;
    }

    Transactions transactions() {
        return transactions;
    }

    Durability durability() {
        return durability;
    }

    Schedules schedules() {
        return schedules;
    }

    Queries queries() {
        return queries;
    }

    ReducerCalls reducerCalls() {
        return reducerCalls;
    }

    ProcedureCalls procedureCalls() {
        return procedureCalls;
    }

    // ---- time ----

    /** When there is something to do next. */
    public OptionalLong nextDeadline() {
        return agenda.next();
    }

    /** Does what is due. */
    public void tick() {
        clients.enter(agenda::tick);
    }

    Runnable later(long millis, Runnable action) {
        return agenda.at(agenda.now() + millis, action);
    }

    // ---- requests and connections ----

    /** A request arrived, complete with its body; it may be answered later. */
    public void request(HttpRequest request, Consumer<SpacetimeDbAnswer> answer) {
        clients.enter(() -> {
            SpacetimeDbAnswer refusal = request.isUpgrade() ? faults.nextRefusal() : null;
            if (refusal != null) {
                answer.accept(refusal);
            } else {
                new HttpApi(this, request, answer).answer();
            }
        });
    }

    SpacetimeDbSession session(ConnectionRequest request) {
        BigInteger id = request.connectionId();
        return new SpacetimeDbSession(this, clients.nextNumber(), request, id == null ? newConnectionId() : id);
    }

    /** Keeps requests waiting from now on. */
    public void pause() {
        work.pause();
    }

    /** Takes up the requests that waited. */
    public void resume() {
        clients.enter(work::resume);
    }

    // ---- what others do ----

    /** Another client calls a reducer over HTTP. */
    public CallResult call(String reducer, Object... arguments) {
        return callAs(identityOf("another client"), newConnectionId(), 0, reducer, arguments);
    }

    /** Somebody calls a reducer over a connection of the model's own. */
    public CallResult callAs(
            BigInteger identity, BigInteger connection, long requestId, String reducer, Object... arguments) {
        String reason = reducerCalls.whyNot(reducer);
        FunctionSpec spec = module().reducers().get(reducer);
        if (reason != null || spec == null) {
            return new CallResult(false, String.valueOf(reason));
        }
        BsatnWriter bytes = new BsatnWriter();
        new ValueWriter(module().types(), bytes).fields(spec.parameters(), Arrays.asList(arguments));
        List<Outcome> outcome = new ArrayList<>();
        clients.enter(() -> outcome.add(transactions.run(
                spec,
                bytes.toBytes(),
                transactions.cause(spec, identity, connection, bytes.toBytes(), requestId, null, false))));
        return CallResult.of(outcome.get(0));
    }

    /** The owner writes, as with SQL: a transaction without a reducer. */
    public CallResult transact(SpacetimeDbModule.Reducer writes) {
        List<Outcome> outcome = new ArrayList<>();
        clients.enter(() -> outcome.add(transactions.run(
                writes, CallCause.none(owner.identity(), options.noReducerName(), CallCause.NO_REDUCER))));
        return CallResult.of(outcome.get(0));
    }

    /** The owner runs SQL; the result is the JSON of the HTTP API. */
    public String sql(String statement) {
        List<String> result = new ArrayList<>();
        clients.enter(() -> {
            try {
                result.add(new SqlRunner(this, owner.identity()).run(statement));
            } catch (SqlException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        });
        return result.get(0);
    }

    /** Writes a large answer in binary form now, so that clients need not wait for it until something changes. */
    public void prepare(String query) {
        queries.prepare(query);
    }

    // ---- the server and its module ----

    /**
     * The process ends and starts again with the same data. Connections end without a close frame.
     *
     * @param newIds whether tables get other numbers
     */
    public void restart(boolean newIds) {
        clients.enter(() -> {
            sessions().forEach(SpacetimeDbSession::endNow);
            begin(module(), newIds, true);
        });
    }

    /** The process crashes: transactions that were not durable never happened. */
    public void crash() {
        clients.enter(() -> {
            work.clear();
            sessions().forEach(SpacetimeDbSession::endNow);
            database.forgetFleeting();
            begin(module(), false, true);
        });
    }

    /**
     * A new version of the module, with the data kept.
     *
     * @param keepConnections whether clients are left in the dark about it, as with a compatible one
     */
    public void update(SpacetimeDbModule next, boolean keepConnections) {
        clients.enter(() -> {
            if (!keepConnections) {
                sessions().forEach(SpacetimeDbSession::moduleExited);
            }
            begin(next, false, true);
        });
    }

    /** Another module, or the same, with an empty database. */
    public void replace(SpacetimeDbModule next) {
        clients.enter(() -> {
            sessions().forEach(SpacetimeDbSession::moduleExited);
            begin(next, false, false);
            initialise();
        });
    }

    private void begin(SpacetimeDbModule next, boolean newIds, boolean keepData) {
        generation += newIds ? 1 : 0;
        database = database.under(next, generation, keepData);
        schedules.armAll();
    }

    /** New keys: every token that was handed out is worthless. */
    public void rotateKeys() {
        tokens.rotate();
    }

    /** From now on nothing is durable. */
    public void holdDurability() {
        durability.hold();
    }

    /** All that took place is durable, and what comes will be. */
    public void releaseDurability() {
        durability.release();
    }
}
