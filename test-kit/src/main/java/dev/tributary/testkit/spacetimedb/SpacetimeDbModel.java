package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.socket.HttpRequest;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One database of a SpacetimeDB server, without threads and sockets: what it does depends on its module, the clock, the
 * randomness and what it is told. Not thread-safe. After anything that was done to it, {@link #nextDeadline} says when
 * {@link #tick} is due.
 */
public final class SpacetimeDbModel {

    private static final String PROCEDURE_PANIC =
            "The module instance encountered a fatal error: error while executing at wasm backtrace:\n    0:  0x4db81";

    private final SpacetimeDbOptions options;
    private final RandomGenerator random;
    private final Agenda agenda;
    private final Tokens tokens;
    private final Tokens.Verified owner;
    private final BigInteger databaseIdentity;
    private final SpacetimeDbFaults faults = new SpacetimeDbFaults();
    private final Map<Integer, SpacetimeDbSession> sessions = new LinkedHashMap<>();
    private final Deque<Work> work = new ArrayDeque<>();

    private Database database;
    private int connections;
    private int generation;
    private long lastMicros;
    private long durable;
    private boolean durabilityHeld;
    private boolean busy;
    private boolean working;
    private boolean paused;
    private boolean dirty;
    private int depth;

    private record Work(@Nullable SpacetimeDbSession session, long millis, Runnable task) {}

    /** What hears how a procedure ended. */
    interface ProcedureListener {

        void returned(SpacetimeType type, byte[] value, long micros);

        void failed(String error);
    }

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
        database = new Database(module, 0);
        initialise();
    }

    private void initialise() {
        FunctionSpec init = module().lifecycle("Init");
        if (init != null) {
            execute(init, new byte[0], cause(init, owner.identity(), null, new byte[0], 0, null, false));
        }
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
        return List.copyOf(sessions.values());
    }

    /** How many connections there ever were. */
    public int connections() {
        return connections;
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

    /** The time of a transaction; no two are the same. */
    long micros() {
        lastMicros = Math.max(lastMicros + 1, agenda.now() * 1_000);
        return lastMicros;
    }

    long durable() {
        return durable;
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

    // ---- time ----

    /** When there is something to do next. */
    public OptionalLong nextDeadline() {
        return agenda.next();
    }

    /** Does what is due. */
    public void tick() {
        enter(agenda::tick);
    }

    Runnable later(long millis, Runnable action) {
        return agenda.after(millis, action);
    }

    /** Everything that comes from outside; what it makes the server say is said at its end. */
    void enter(Runnable action) {
        depth++;
        try {
            action.run();
        } finally {
            depth--;
        }
        if (depth == 0) {
            do {
                dirty = false;
                depth++;
                try {
                    sessions().forEach(SpacetimeDbSession::flush);
                } finally {
                    depth--;
                }
            } while (dirty);
        }
    }

    // ---- requests and connections ----

    /** A request arrived, complete with its body; it may be answered later. */
    public void request(HttpRequest request, Consumer<SpacetimeDbAnswer> answer) {
        enter(() -> {
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
        return new SpacetimeDbSession(this, ++connections, request, id == null ? newConnectionId() : id);
    }

    void opened(SpacetimeDbSession session) {
        if (faults.takeModuleRefusal()) {
            session.refuse();
            return;
        }
        enqueue(null, 0, () -> {
            Outcome outcome = lifecycle("OnConnect", session.identity(), session.connectionId());
            if (outcome instanceof Outcome.Committed) {
                sessions.put(session.number(), session);
                session.welcome();
                dirty = true;
            } else {
                session.refuse();
            }
        });
    }

    void closed(SpacetimeDbSession session) {
        session.forgetTimers();
        if (sessions.remove(session.number()) != null) {
            enqueue(null, 0, () -> lifecycle("OnDisconnect", session.identity(), session.connectionId()));
        }
    }

    Outcome lifecycle(String name, BigInteger identity, BigInteger connection) {
        FunctionSpec reducer = module().lifecycle(name);
        if (reducer == null) {
            return new Outcome.Committed(new Commit(0, 0, Map.of(), Map.of()));
        }
        return execute(reducer, new byte[0], cause(reducer, identity, connection, new byte[0], 0, null, false));
    }

    // ---- work ----

    /** Transactions and subscriptions happen one after another, in the order in which they were asked for. */
    void enqueue(@Nullable SpacetimeDbSession session, long millis, Runnable task) {
        if (session != null) {
            session.took();
        }
        work.add(new Work(session, millis, task));
        work();
    }

    private void work() {
        if (working) {
            return;
        }
        working = true;
        try {
            while (!busy && !paused && !work.isEmpty()) {
                Work next = work.remove();
                if (next.millis() == 0) {
                    perform(next);
                } else {
                    busy = true;
                    later(next.millis(), () -> {
                        busy = false;
                        perform(next);
                        work();
                    });
                }
            }
        } finally {
            working = false;
        }
    }

    private void perform(Work item) {
        SpacetimeDbSession session = item.session();
        if (session != null) {
            session.processed();
        }
        item.task().run();
        dirty = true;
    }

    /** Keeps requests waiting from now on. */
    public void pause() {
        paused = true;
    }

    /** Takes up the requests that waited. */
    public void resume() {
        paused = false;
        enter(this::work);
    }

    List<Query> parse(SpacetimeDbSession session, String sql, boolean star) throws SqlException {
        boolean isOwner = isOwner(session.identity());
        try {
            List<Query> queries = SqlParser.subscription(module(), sql, session.identity(), isOwner, star);
            if (options.rowLimit() >= 0 && !isOwner) {
                for (Query query : queries) {
                    int rows = query.rows(database, session.identity(), true).size();
                    if (rows > options.rowLimit()) {
                        throw new SqlException("Estimated cardinality (" + rows + " rows) exceeds limit ("
                                + options.rowLimit() + " rows)");
                    }
                }
            }
            return queries;
        } catch (SqlException e) {
            throw new SqlException(e.getMessage() + ", executing: `" + sql + "`");
        }
    }

    Query wholeTable(String table) {
        try {
            return SqlParser.query(module(), "SELECT * FROM " + table, owner.identity(), true);
        } catch (SqlException e) {
            throw new IllegalArgumentException("no table " + table, e);
        }
    }

    // ---- calls ----

    /** What a call by a client cannot run for, or null. */
    private @Nullable String whyNot(String name) {
        FunctionSpec reducer = module().reducers().get(name);
        if (reducer == null) {
            return "no such reducer";
        }
        return reducer.lifecycle() == null
                ? null
                : "can't directly call special " + reducer.lifecycle() + " lifecycle reducer";
    }

    /** Checks arguments; the first version of the protocol tells the same error once for each who saw it. */
    byte[] arguments(FunctionSpec function, String kind, byte[] given, boolean json, boolean chain)
            throws JsonException {
        String before = "invalid arguments for " + kind + " " + function.name() + ": ";
        try {
            if (json) {
                return JsonValues.arguments(
                        module().types(),
                        function.name(),
                        function.parameters(),
                        new String(given, StandardCharsets.UTF_8));
            }
            new ValueReader(module().types(), new BsatnReader(given)).fields(function.parameters());
            return given;
        } catch (JsonException e) {
            throw new JsonException(before + e.getMessage());
        } catch (BsatnException e) {
            String again = chain
                    ? ": invalid arguments for function " + function.name() + ": " + e.getMessage() + ": "
                            + e.getMessage()
                    : "";
            throw new JsonException(before + e.getMessage() + again);
        }
    }

    void callReducer(
            SpacetimeDbSession session, String name, byte[] given, boolean json, long requestId, boolean quiet) {
        CallCause cause = new CallCause(
                session.identity(),
                session.connectionId(),
                name,
                module().reducerId(name),
                json ? new String(given, StandardCharsets.UTF_8) : "[]",
                new byte[0],
                requestId,
                session,
                quiet);
        String reason = whyNot(name);
        FunctionSpec reducer = module().reducers().get(name);
        if (reason != null || reducer == null) {
            session.conversation().refuse(cause, reason == null ? "no such reducer" : reason);
            dirty = true;
            return;
        }
        byte[] arguments;
        try {
            arguments = arguments(
                    reducer, "reducer", given, json, session.subprotocol().isVersion1());
        } catch (JsonException e) {
            session.conversation().refuse(cause, String.valueOf(e.getMessage()));
            dirty = true;
            return;
        }
        CallCause full =
                cause(reducer, session.identity(), session.connectionId(), arguments, requestId, session, quiet);
        CallCause said = json
                ? new CallCause(
                        full.identity(),
                        full.connection(),
                        name,
                        full.reducerId(),
                        cause.jsonArguments(),
                        arguments,
                        requestId,
                        session,
                        quiet)
                : full;
        enqueue(session, reducer.millis(), () -> execute(reducer, arguments, said));
    }

    CallCause cause(
            FunctionSpec reducer,
            BigInteger identity,
            @Nullable BigInteger connection,
            byte[] arguments,
            long requestId,
            @Nullable SpacetimeDbSession caller,
            boolean quiet) {
        return new CallCause(
                identity,
                connection,
                reducer.name(),
                module().reducerId(reducer.name()),
                RowJson.text(module().types(), reducer.parameters(), arguments, false),
                arguments,
                requestId,
                caller,
                quiet);
    }

    /** Runs a reducer now and tells everyone. */
    Outcome execute(FunctionSpec reducer, byte[] arguments, CallCause cause) {
        return execute(
                context -> reducer.body().run(context),
                ValueReader.row(module().types(), reducer.parameters(), arguments),
                cause);
    }

    private Outcome execute(SpacetimeDbModule.Reducer body, List<Object> arguments, CallCause cause) {
        long micros = micros();
        Transaction transaction = new Transaction(database);
        ModuleContext context = new ModuleContext(
                database, transaction, null, cause.identity(), cause.connection(), micros, random, arguments);
        Outcome outcome;
        try {
            body.run(context);
            outcome = new Outcome.Committed(database.commit(transaction, micros));
        } catch (ReducerException e) {
            transaction.rollback();
            outcome = new Outcome.Failed(String.valueOf(e.getMessage()));
        } catch (OutOfEnergyException e) {
            transaction.rollback();
            outcome = new Outcome.OutOfEnergy();
        } catch (RuntimeException e) {
            transaction.rollback();
            outcome = new Outcome.Panicked();
        }
        tell(cause, outcome, micros);
        return outcome;
    }

    private void tell(CallCause cause, Outcome outcome, long micros) {
        SpacetimeDbSession caller = cause.caller();
        Commit commit = outcome instanceof Outcome.Committed committed ? committed.commit() : null;
        if (commit != null && !durabilityHeld) {
            if (options.durableMillis() == 0) {
                secure(commit.number());
            } else {
                later(options.durableMillis(), () -> {
                    if (!durabilityHeld) {
                        secure(commit.number());
                    }
                });
            }
        }
        if (caller != null && caller.isOpen()) {
            caller.conversation().answer(cause, outcome, micros);
        }
        if (commit != null && !commit.isEmpty()) {
            for (SpacetimeDbSession session : sessions()) {
                if (!session.equals(caller)) {
                    session.conversation().changed(commit, cause);
                }
            }
            for (TableSpec table : module().tables().values()) {
                if (table.scheduledReducer() != null) {
                    commit.table(table.name()).inserts().forEach(row -> arm(table.name(), row));
                }
            }
        }
        dirty = true;
    }

    void callProcedure(SpacetimeDbSession session, String name, byte[] given, boolean json, long requestId) {
        procedure(name, given, json, session.identity(), session.connectionId(), new ProcedureListener() {
            @Override
            public void returned(SpacetimeType type, byte[] value, long micros) {
                session.conversation().procedureResult(requestId, type, value, micros);
                dirty = true;
            }

            @Override
            public void failed(String error) {
                session.conversation().procedureError(requestId, error);
                dirty = true;
            }
        });
    }

    void procedure(
            String name,
            byte[] given,
            boolean json,
            BigInteger identity,
            BigInteger connection,
            ProcedureListener listener) {
        FunctionSpec procedure = module().procedures().get(name);
        if (procedure == null) {
            listener.failed("No such procedure");
            return;
        }
        byte[] arguments;
        try {
            arguments = arguments(procedure, "procedure", given, json, false);
        } catch (JsonException e) {
            listener.failed(String.valueOf(e.getMessage()));
            return;
        }
        Runnable run = () -> run(procedure, arguments, identity, connection, listener);
        if (procedure.millis() == 0) {
            run.run();
        } else {
            later(procedure.millis(), run);
        }
    }

    private void run(
            FunctionSpec procedure,
            byte[] arguments,
            BigInteger identity,
            BigInteger connection,
            ProcedureListener listener) {
        long micros = micros();
        CallCause none = CallCause.none(identity, options.noReducerName(), CallCause.NO_REDUCER);
        ModuleContext context = new ModuleContext(
                database,
                null,
                part -> {
                    Outcome outcome = execute(part, List.of(), none);
                    if (outcome instanceof Outcome.Failed failed) {
                        throw new ReducerException(failed.error());
                    } else if (!(outcome instanceof Outcome.Committed)) {
                        throw new IllegalStateException("a transaction of a procedure panicked");
                    }
                },
                identity,
                connection,
                micros,
                random,
                ValueReader.row(module().types(), procedure.parameters(), arguments));
        byte[] value;
        try {
            value = ValueWriter.bytes(
                    module().types(), procedure.result(), procedure.body().run(context));
        } catch (ReducerException | RuntimeException e) {
            listener.failed(PROCEDURE_PANIC);
            return;
        }
        listener.returned(procedure.result(), value, micros);
    }

    // ---- schedules ----

    private void arm(String tableName, Row row) {
        Table table = database.table(tableName);
        SumValue at = (SumValue) table.values(row).get(table.spec().scheduledAt());
        long micros = (Long) at.value();
        boolean interval = at.tag() == 0;
        long due = interval ? micros / 1_000 : Math.max(0, (micros + 999) / 1_000 - now());
        later(due, () -> runScheduled(tableName, row, interval));
    }

    private void runScheduled(String tableName, Row row, boolean interval) {
        Table table = database.table(tableName);
        FunctionSpec reducer =
                module().reducers().get(String.valueOf(table.spec().scheduledReducer()));
        if (!table.contains(row) || reducer == null) {
            return;
        }
        enqueue(null, reducer.millis(), () -> {
            execute(reducer, row.bytes(), cause(reducer, databaseIdentity, null, row.bytes(), 0, null, false));
            if (interval) {
                arm(tableName, row);
            } else {
                execute(
                        context -> context.deleteRow(
                                tableName, database.table(tableName).values(row)),
                        List.of(),
                        CallCause.none(databaseIdentity, options.noReducerName(), 0));
            }
        });
    }

    // ---- what others do ----

    /** Another client calls a reducer over HTTP. */
    public CallResult call(String reducer, Object... arguments) {
        return callAs(identityOf("another client"), newConnectionId(), 0, reducer, arguments);
    }

    /** Somebody calls a reducer over a connection of the model's own. */
    public CallResult callAs(
            BigInteger identity, BigInteger connection, long requestId, String reducer, Object... arguments) {
        String reason = whyNot(reducer);
        FunctionSpec spec = module().reducers().get(reducer);
        if (reason != null || spec == null) {
            return new CallResult(false, String.valueOf(reason));
        }
        BsatnWriter bytes = new BsatnWriter();
        new ValueWriter(module().types(), bytes).fields(spec.parameters(), Arrays.asList(arguments));
        List<Outcome> outcome = new ArrayList<>();
        enter(() -> outcome.add(execute(
                spec, bytes.toBytes(), cause(spec, identity, connection, bytes.toBytes(), requestId, null, false))));
        return CallResult.of(outcome.get(0));
    }

    /** The owner writes, as with SQL: a transaction without a reducer. */
    public CallResult transact(SpacetimeDbModule.Reducer writes) {
        List<Outcome> outcome = new ArrayList<>();
        enter(() -> outcome.add(execute(
                writes, List.of(), CallCause.none(owner.identity(), options.noReducerName(), CallCause.NO_REDUCER))));
        return CallResult.of(outcome.get(0));
    }

    /** The owner runs SQL; the result is the JSON of the HTTP API. */
    public String sql(String statement) {
        List<String> result = new ArrayList<>();
        enter(() -> {
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
        try {
            Query parsed = SqlParser.query(module(), query, owner.identity(), true);
            RowBag rows = parsed.rows(database, owner.identity(), true);
            new RowListWriter(module().types(), null)
                    .write(parsed, rows, new BsatnWriter(RowListWriter.estimate(rows)));
        } catch (SqlException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    // ---- the server and its module ----

    /**
     * The process ends and starts again with the same data. Connections end without a close frame.
     *
     * @param newIds whether tables get other numbers
     */
    public void restart(boolean newIds) {
        enter(() -> {
            sessions().forEach(SpacetimeDbSession::endNow);
            begin(module(), newIds, true);
        });
    }

    /** The process crashes: transactions that were not durable never happened. */
    public void crash() {
        enter(() -> {
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
        enter(() -> {
            if (!keepConnections) {
                sessions().forEach(SpacetimeDbSession::moduleExited);
            }
            begin(next, false, true);
        });
    }

    /** Another module, or the same, with an empty database. */
    public void replace(SpacetimeDbModule next) {
        enter(() -> {
            sessions().forEach(SpacetimeDbSession::moduleExited);
            begin(next, false, false);
            initialise();
        });
    }

    private void begin(SpacetimeDbModule next, boolean newIds, boolean keepData) {
        generation += newIds ? 1 : 0;
        database = database.under(next, generation, keepData);
        for (Table table : database.tables()) {
            if (table.spec().scheduledReducer() != null) {
                List.copyOf(table.rows()).forEach(row -> arm(table.spec().name(), row));
            }
        }
    }

    /** New keys: every token that was handed out is worthless. */
    public void rotateKeys() {
        tokens.rotate();
    }

    /** From now on nothing is durable. */
    public void holdDurability() {
        durabilityHeld = true;
    }

    /** All that took place is durable, and what comes will be. */
    public void releaseDurability() {
        durabilityHeld = false;
        enter(() -> {
            secure(database.commits());
            dirty = true;
        });
    }

    private void secure(long commit) {
        durable = Math.max(durable, commit);
        database.durable(commit);
        dirty = true;
    }
}
