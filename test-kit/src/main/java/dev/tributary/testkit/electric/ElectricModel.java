package dev.tributary.testkit.electric;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The behaviour of an Electric server over tables held in memory: pure, deterministic and for one thread at a time. It
 * has no clock, no randomness and no sockets of its own; whoever runs it calls {@link #tick()} when
 * {@link #nextDeadline()} has come.
 *
 * <p>Replies may be called from inside {@link #request}, {@link #tick}, {@link #commit} and every method that ends
 * shapes; a reply may call {@link #request} again.
 */
public final class ElectricModel {

    private static final long NOT_READY_MILLIS = 5_000;
    private static final String MISMATCH = "The specified shape definition and handle do not match. Please ensure the"
            + " shape definition is correct or omit the shape handle from the request to obtain a new one.";

    private final ModelOptions options;
    private final LongSupplier clock;
    private final RandomGenerator random;
    private final Map<TableName, Table> tables = new HashMap<>();
    private final ShapeRegistry shapes;
    private final HeldRequests held = new HeldRequests();
    private final Responder responder;
    private final RequestValidator validator = new RequestValidator(tables::get);
    private final Faults faults = new Faults();
    private final AnswerHistory history = new AnswerHistory();
    private final List<Consumer<Commit>> commitListeners = new ArrayList<>();
    private long lsn;
    private long nextXid;
    private long commits;
    private long requests;
    private boolean ready = true;

    /**
     * Creates an empty server.
     *
     * @param options set-up
     * @param clock milliseconds since 1970; only the model's deadlines and cursors depend on it
     * @param random source of all that varies
     */
    public ElectricModel(ModelOptions options, LongSupplier clock, RandomGenerator random) {
        this.options = options;
        this.clock = clock;
        this.random = random;
        this.lsn = options.firstLsn();
        this.nextXid = options.firstXid();
        this.shapes = new ShapeRegistry(clock, random);
        this.responder = new Responder(clock, random, options.longPollMillis());
    }

    // ---- requests ----

    /**
     * Handles a request.
     *
     * @param reply called once with the response, now or later, unless the exchange is cancelled
     */
    public Exchange request(ModelRequest request, Consumer<ModelResponse> reply) {
        PendingRequest pending = new PendingRequest(requests++, request, reply, held::remove);
        FaultRule rule = faults.select(request);
        if (rule != null && rule.fault().onArrival()) {
            ModelResponse instead = faults.strike(rule, context(request, null));
            if (instead != null) {
                pending.finish(instead);
                return pending;
            }
        } else {
            pending.fault(rule);
        }
        route(pending);
        return pending;
    }

    /** Answers every held request whose deadline has come. */
    public void tick() {
        PendingRequest due = held.pollDue(clock.getAsLong());
        while (due != null) {
            due.timeOut();
            due = held.pollDue(clock.getAsLong());
        }
    }

    /** When {@link #tick()} has something to do next, on the model's clock. */
    public OptionalLong nextDeadline() {
        return held.nextDeadline();
    }

    /** Number of requests held. */
    public int heldRequests() {
        return held.size();
    }

    /** Number of requests received so far. */
    public long requestCount() {
        return requests;
    }

    /** The script of faults. */
    public Faults faults() {
        return faults;
    }

    // ---- tables ----

    /** Creates a table. */
    public void createTable(TableSpec spec) {
        if (tables.putIfAbsent(spec.name(), new Table(spec)) != null) {
            throw new IllegalArgumentException("table exists: " + spec.name());
        }
    }

    /** Drops a table; its shapes die. */
    public void dropTable(String table) {
        TableName name = table(table).spec().name();
        tables.remove(name);
        shapes.of(name).forEach(this::drop);
    }

    /**
     * Changes the definition of a table; its shapes die. Values are carried over by column name.
     *
     * @param spec new definition under the same name
     * @param values what rows hold in new columns
     */
    public void alterTable(TableSpec spec, Map<String, ? extends @Nullable String> values) {
        Table table = tables.get(spec.name());
        if (table == null) {
            throw new IllegalArgumentException("no table " + spec.name());
        }
        table.alter(spec, values);
        advanceLsn(1);
        shapes.of(spec.name()).forEach(this::drop);
    }

    /** The current definition of a table. */
    public TableSpec spec(String table) {
        return table(table).spec();
    }

    /**
     * Commits a transaction and answers the requests that wait for it.
     *
     * @throws RuntimeException whatever {@code work} throws, after everything it did has been undone
     */
    public Commit commit(Consumer<Transaction> work) {
        Transaction transaction = new Transaction(this::table);
        try {
            work.accept(transaction);
        } catch (RuntimeException e) {
            transaction.rollBack();
            throw e;
        }
        List<Change> changes = transaction.changes();
        advanceLsn(changes.size());
        Commit commit = new Commit(++commits, lsn, takeXid(), changes.size());
        Set<Shape> touched = replicate(transaction, commit);
        commitListeners.forEach(listener -> listener.accept(commit));
        transaction.truncated().forEach(table -> shapes.of(table.spec().name()).forEach(this::drop));
        for (Shape shape : touched) {
            held.of(shape).forEach(PendingRequest::changed);
        }
        return commit;
    }

    /** Calls the listener on every commit, after it is in the tables and before any waiting request is answered. */
    public void onCommit(Consumer<Commit> listener) {
        commitListeners.add(listener);
    }

    /** The number of the last commit, 0 before the first. */
    public long commitNumber() {
        return commits;
    }

    /** The LSN of the last commit, as messages spell it. */
    public String lsn() {
        return Long.toUnsignedString(lsn);
    }

    /**
     * The rows a shape truly has now, in table order; booleans are {@code t} and {@code f}.
     *
     * @param where filter, null for none
     * @param params values of {@code $1}, {@code $2} ...
     * @param columns selected columns, null for all
     */
    public List<Map<String, @Nullable String>> truth(
            String table, @Nullable String where, List<String> params, @Nullable List<String> columns) {
        Table source = table(table);
        Map<Integer, String> numbered = new HashMap<>();
        params.forEach(value -> numbered.put(numbered.size() + 1, value));
        Where filter = where == null ? Where.ALL : Where.compile(where, source.spec(), numbered);
        List<Map<String, @Nullable String>> rows = new ArrayList<>();
        for (@Nullable String[] row : source.rows()) {
            if (filter.matches(row)) {
                Map<String, @Nullable String> values = new LinkedHashMap<>();
                for (int i = 0; i < row.length; i++) {
                    String name = source.spec().column(i).name();
                    if (columns == null || columns.contains(name)) {
                        values.put(name, row[i]);
                    }
                }
                rows.add(Collections.unmodifiableMap(values));
            }
        }
        return rows;
    }

    /** All current rows of a table. */
    public List<Map<String, @Nullable String>> truth(String table) {
        return truth(table, null, List.of(), null);
    }

    // ---- shapes ----

    /** Handles of the shapes alive, oldest first. */
    public List<String> handles() {
        return shapes.all().stream().map(Shape::handle).toList();
    }

    /** Ends a shape, as eviction does: waiting requests get a 409 without a handle, later ones the new handle. */
    public void rotate(String handle) {
        Shape shape = shapes.find(handle);
        if (shape == null) {
            throw new IllegalArgumentException("no shape " + handle);
        }
        drop(shape);
    }

    /** Ends every shape of a table. */
    public void rotateTable(String table) {
        shapes.of(TableName.parse(table)).forEach(this::drop);
    }

    /**
     * Restarts the server: waiting requests lose their connection.
     *
     * @param keepLogs whether the shapes survive; otherwise their handles are dead
     */
    public void restart(boolean keepLogs) {
        if (!keepLogs) {
            shapes.all().forEach(shapes::remove);
        }
        ModelResponse gone = new ModelResponse(500, List.of(), List.of(), false, new WireFault.ResetBeforeHeaders());
        for (PendingRequest pending : held.all()) {
            held.remove(pending);
            pending.finish(gone);
        }
    }

    /**
     * Makes the server unable to reach its database, or able again: new shape requests are held for 5 s and then get
     * 503, {@code /v1/health} says so.
     */
    public void setReady(boolean isReady) {
        ready = isReady;
        if (isReady) {
            held.of(null).forEach(PendingRequest::changed);
        }
    }

    // ---- inside ----

    private void route(PendingRequest pending) {
        ModelRequest request = pending.request();
        switch (request.path()) {
            case "/" -> finish(pending, request.method().equals("GET") ? responder.root() : responder.notFound());
            case "/v1/health" -> finish(pending, responder.health(ready));
            case "/v1/shape" -> shapeEndpoint(pending, request);
            default -> finish(pending, responder.notFound());
        }
    }

    private void shapeEndpoint(PendingRequest pending, ModelRequest request) {
        switch (request.method()) {
            case "OPTIONS" -> finish(pending, responder.options());
            case "GET", "HEAD" -> authorized(pending, () -> whenReady(pending, request));
            case "POST" -> authorized(pending, () -> post(pending, request));
            case "DELETE" -> authorized(pending, () -> finish(pending, delete(request)));
            default -> finish(pending, responder.notFound());
        }
    }

    private void authorized(PendingRequest pending, Runnable then) {
        ModelRequest request = pending.request();
        String given = request.parameter("secret");
        if (given == null) {
            given = request.parameter("api_secret");
        }
        if (options.secret() == null || options.secret().equals(given)) {
            then.run();
        } else {
            finish(pending, responder.unauthorized());
        }
    }

    private void post(PendingRequest pending, ModelRequest request) {
        if (request.body().length == 0) {
            whenReady(pending, request);
            return;
        }
        try {
            whenReady(pending, request.merged(RequestBody.parameters(request.body())));
        } catch (IOException e) {
            finish(pending, responder.badBody(400, RequestBody.complaint(request.body(), e)));
        } catch (IllegalArgumentException e) {
            finish(pending, responder.badBody(400, "{\"error\":\"Request body must be a JSON object\"}"));
        }
    }

    private void whenReady(PendingRequest pending, ModelRequest request) {
        if (ready) {
            shapeRequest(pending, request);
            return;
        }
        ModelResponse late = responder
                .message(request, 503, "Timeout waiting for Postgres lock acquisition")
                .withHeader("retry-after", "5");
        hold(pending, null, NOT_READY_MILLIS, () -> finish(pending, late), () -> {
            held.remove(pending);
            shapeRequest(pending, request);
        });
    }

    private void shapeRequest(PendingRequest pending, ModelRequest request) {
        ShapeRequest asked;
        try {
            asked = validator.validate(request);
        } catch (RequestException e) {
            finish(pending, responder.error(request, e.status(), e.body()));
            return;
        }
        String handle = asked.handle();
        Shape shape = shapes.find(asked.definition());
        if (shape == null) {
            shape = create(asked);
        }
        if (handle != null && !handle.equals(shape.handle())) {
            finish(pending, responder.mustRefetch(request, shape.handle()));
        } else {
            serve(pending, request, asked, shape);
        }
    }

    private void serve(PendingRequest pending, ModelRequest request, ShapeRequest asked, Shape shape) {
        LogOffset offset = asked.offset();
        LogOffset last = shape.log().last();
        Runnable again = () -> serve(pending, request, asked, shape);
        if (offset == null) {
            answer(pending, request, asked, shape, ShapeAnswer.unchanged(last, lsn));
        } else if (offset.compareTo(last) > 0) {
            String body = new RequestException("offset", "out of bounds for this shape").body();
            hold(
                    pending,
                    shape,
                    options.longPollMillis() / 2,
                    () -> finish(pending, responder.error(request, 400, body)),
                    again);
        } else if (shape.answersFromSnapshot(offset)) {
            int chunk = (int) (offset.op() + 1);
            List<byte[]> body = List.of(shape.snapshot().chunk(chunk));
            answer(pending, request, asked, shape, new ShapeAnswer(LogOffset.chunk(chunk), body, false, false));
        } else {
            serveLog(pending, request, asked, shape, shape.log().after(offset), again);
        }
    }

    private void serveLog(
            PendingRequest pending,
            ModelRequest request,
            ShapeRequest asked,
            Shape shape,
            ShapeLog.Slice slice,
            Runnable again) {
        if (asked.live() && slice.isEmpty()) {
            hold(
                    pending,
                    shape,
                    options.longPollMillis(),
                    () -> answer(pending, request, asked, shape, ShapeAnswer.unchanged(slice.end(), lsn)),
                    again);
            return;
        }
        long seen = asked.live() ? slice.end().lsn() : lsn;
        byte[] tail = slice.atEnd() ? ShapeAnswer.upToDateMessage(seen) : null;
        List<byte[]> body = shape.log().body(slice, tail);
        answer(pending, request, asked, shape, new ShapeAnswer(slice.end(), body, slice.atEnd(), false));
    }

    private void answer(
            PendingRequest pending, ModelRequest request, ShapeRequest asked, Shape shape, ShapeAnswer answer) {
        finish(pending, responder.answer(request, asked, shape, answer));
    }

    private void hold(
            PendingRequest pending, @Nullable Shape shape, long millis, Runnable onTimeout, Runnable onChange) {
        if (!pending.isHeld()) {
            pending.hold(shape, clock.getAsLong() + millis, onTimeout, onChange);
            held.add(pending);
        }
    }

    private void finish(PendingRequest pending, ModelResponse response) {
        held.remove(pending);
        ModelRequest request = pending.request();
        ModelResponse sent = response;
        FaultRule rule = pending.fault();
        if (rule != null) {
            ModelResponse spoiled = faults.strike(rule, context(request, response));
            sent = spoiled == null ? response : spoiled;
        }
        if (request.isShape()) {
            history.remember(request, response);
        }
        pending.finish(request.method().equals("HEAD") ? sent.withoutBody() : sent);
    }

    private FaultContext context(ModelRequest request, @Nullable ModelResponse answer) {
        return new FaultContext(request, answer, history, handle -> shapes.find(handle) != null, responder);
    }

    private ModelResponse delete(ModelRequest request) {
        if (!options.deleteAllowed()) {
            return responder.message(request, 405, "DELETE not allowed");
        }
        String handle = RequestValidator.given(request, "handle");
        Shape shape;
        if (RequestValidator.given(request, "table") != null) {
            try {
                shape = shapes.find(validator.definition(request));
            } catch (RequestException e) {
                return responder.error(request, e.status(), e.body());
            }
            if (shape != null && handle != null && !handle.equals(shape.handle())) {
                return responder.message(request, 400, MISMATCH);
            }
        } else if (handle != null) {
            shape = shapes.find(handle);
        } else {
            RequestException blank = new RequestException("handle", "can't be blank when shape definition is missing");
            return responder.error(request, 400, blank.body());
        }
        if (shape == null) {
            return responder.message(request, 404, "No existing shape found");
        }
        drop(shape);
        return responder.deleted();
    }

    private Shape create(ShapeRequest asked) {
        Table table = tables.get(asked.definition().table());
        if (table == null) {
            throw new IllegalStateException("no table " + asked.definition().table());
        }
        String handle = shapes.newHandle(asked.definition(), table.spec());
        Shape shape = new Shape(handle, asked.definition(), table, asked.where(), nextXid, options.chunkBytes());
        shapes.add(shape);
        return shape;
    }

    private void drop(Shape shape) {
        shapes.remove(shape);
        for (PendingRequest pending : held.of(shape)) {
            finish(pending, responder.mustRefetch(pending.request(), null));
        }
    }

    private Set<Shape> replicate(Transaction transaction, Commit commit) {
        Map<Table, List<Change>> byTable = new LinkedHashMap<>();
        for (Change change : transaction.changes()) {
            byTable.computeIfAbsent(change.table(), t -> new ArrayList<>()).add(change);
        }
        Set<Shape> touched = new LinkedHashSet<>();
        byTable.forEach((table, changes) -> {
            for (Shape shape : shapes.of(table.spec().name())) {
                if (shape.append(changes, commit)) {
                    touched.add(shape);
                }
            }
        });
        return touched;
    }

    private void advanceLsn(int operations) {
        int words = 6 + random.nextInt(20) + operations * (8 + random.nextInt(8));
        lsn += 8L * (random.nextInt(16) == 0 ? words + 2_500 : words);
    }

    private long takeXid() {
        long xid = nextXid++;
        if ((nextXid & 0xFFFF_FFFFL) == 0) {
            nextXid += 3;
        }
        return xid;
    }

    private Table table(String sqlName) {
        TableName name = TableName.parse(sqlName);
        Table table = tables.get(name);
        if (table == null) {
            throw new IllegalArgumentException("no table " + name.sql());
        }
        return table;
    }
}
