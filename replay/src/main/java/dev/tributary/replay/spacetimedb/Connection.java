package dev.tributary.replay.spacetimedb;

import dev.tributary.Row;
import dev.tributary.SyncException;
import dev.tributary.spacetimedb.codec.FrameReader;
import dev.tributary.spacetimedb.codec.Limits;
import dev.tributary.spacetimedb.codec.MessageKind;
import dev.tributary.spacetimedb.codec.Payload;
import dev.tributary.spacetimedb.codec.RowPlace;
import dev.tributary.spacetimedb.codec.RowSink;
import dev.tributary.spacetimedb.codec.ServerMessage;
import dev.tributary.spacetimedb.codec.ServerMessages;
import dev.tributary.spacetimedb.codec.Subprotocol;
import dev.tributary.spacetimedb.types.FunctionSchema;
import dev.tributary.spacetimedb.types.ReturnValue;
import dev.tributary.spacetimedb.types.RowDecoder;
import dev.tributary.spacetimedb.types.TableSchema;
import dev.tributary.spi.Protocol.DataKind;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One recorded connection: what its client sent tells what is asked for, and what its server sent goes through the decoder
 * of the transport into counted rows, by the rules of section 4.
 */
final class Connection implements ServerMessages {

    private static final String NO_NAME = "<none>";
    private static final String INTERNAL_ERROR = "Internal error";

    private final String id;
    private final Subprotocol subprotocol;
    private final Module module;
    private final Shapes shapes;
    private final Book book;
    private final Requests requests;
    private final FrameReader reader;
    private final CountedRows rows = new CountedRows();
    private final Map<Long, List<String>> live = new LinkedHashMap<>();
    private final Map<Long, Set<String>> tablesOf = new LinkedHashMap<>();
    private final Set<String> legacyTables = new LinkedHashSet<>();
    private @Nullable List<String> legacy;
    private ServerMessage.@Nullable Connected self;
    private @Nullable String difference;

    // What the message that is being read holds.
    private final List<CountedRows.Change> changes = new ArrayList<>();
    private final Set<String> tables = new LinkedHashSet<>();
    private final Map<String, Integer> answered = new LinkedHashMap<>();
    private final Map<String, Set<Row>> events = new LinkedHashMap<>();

    Connection(String id, Subprotocol subprotocol, Module module, Book book) {
        this.id = id;
        this.subprotocol = subprotocol;
        this.module = module;
        this.shapes = module.shapes(subprotocol.isJson());
        this.book = book;
        this.requests = new Requests(id, book);
        this.reader = FrameReader.of(subprotocol, Limits.DEFAULT, this);
    }

    // ---- frames ----

    /** Whether the server could read it. */
    boolean sent(byte[] bytes, boolean isText) {
        List<Request> all = ClientFrame.read(subprotocol, bytes, isText);
        all.forEach(requests::add);
        return !all.isEmpty();
    }

    /**
     * Takes a frame of the server.
     *
     * @param pieceOf draws the length of the next piece of so many bytes
     */
    void received(byte[] bytes, boolean isText, IntUnaryOperator pieceOf) {
        DataKind kind = isText ? DataKind.TEXT : DataKind.BINARY;
        try {
            int from = 0;
            do {
                int length = pieceOf.applyAsInt(bytes.length - from);
                reader.data(kind, ByteBuffer.wrap(bytes, from, length).slice(), from + length == bytes.length);
                from += length;
            } while (from < bytes.length);
        } catch (SyncException e) {
            fault(String.valueOf(e.getMessage()));
        }
    }

    /** Nothing more comes. */
    void close() {
        requests.close();
    }

    private void fault(String what) {
        if (difference == null) {
            difference = what;
        }
    }

    /** What does not fit; null for nothing. */
    @Nullable
    String difference() {
        return difference;
    }

    String id() {
        return id;
    }

    /** Whether the server has said who we are. */
    boolean isConnected() {
        return self != null;
    }

    /** Who we are, as digits; empty while it is not known. */
    String identity() {
        return self == null ? "" : self.identity().toString();
    }

    Shapes shapes() {
        return shapes;
    }

    Map<String, List<Row>> rows() {
        return rows.rows();
    }

    /** The queries of all sets that are live. */
    List<List<String>> liveSets() {
        List<List<String>> sets = new ArrayList<>(live.values());
        if (legacy != null && !legacy.isEmpty()) {
            sets.add(legacy);
        }
        return sets.stream().map(queries -> queries.stream().sorted().toList()).toList();
    }

    // ---- rows ----

    @Override
    public void begin(MessageKind kind) {
        changes.clear();
        tables.clear();
        answered.clear();
        events.clear();
        if (kind != MessageKind.CONNECTED && self == null) {
            fault("the first message is " + kind);
        }
    }

    @Override
    public @Nullable RowSink rows(RowPlace place) {
        TableSchema table = module.schema().table(place.table());
        if (table == null) {
            fault("there is no table '" + place.table() + "' in the schema");
            return null;
        }
        tables.add(place.table());
        if (place.message() == MessageKind.ONE_OFF_RESULT) {
            answered.putIfAbsent(place.table(), 0);
            return sink(table, row -> answered.merge(place.table(), 1, Integer::sum));
        }
        if (place.effect() == RowPlace.Effect.EVENT || table.isEvent()) {
            return sink(
                    table,
                    row -> events.computeIfAbsent(place.table(), name -> new LinkedHashSet<>())
                            .add(row));
        }
        Long set = subprotocol.isFirst() ? null : place.querySet();
        if (set != null && place.message() != MessageKind.SUBSCRIBE_APPLIED && !live.containsKey(set)) {
            fault("rows came for query set " + set + ", which is not live");
        }
        int copies = place.effect() == RowPlace.Effect.INSERT ? 1 : -1;
        return sink(table, row -> changes.add(new CountedRows.Change(set, place.table(), row, copies)));
    }

    private static RowSink sink(TableSchema table, Consumer<Row> to) {
        RowDecoder decoder = table.layout().decoder();
        return new RowSink() {
            @Override
            public void row(byte[] bytes, int offset, int length) {
                to.accept(decoder.row(bytes, offset, length));
            }

            @Override
            public void json(CharBuffer text) {
                to.accept(decoder.jsonRow(text.array(), text.arrayOffset() + text.position(), text.remaining()));
            }
        };
    }

    private void apply() {
        String problem = rows.apply(changes);
        if (problem != null) {
            fault(problem);
        }
        events.forEach((table, all) -> {
            Shape shape = shapes.table(table);
            all.forEach(row -> book.events.add(new Book.Event(table, shape, shape.ofValue(row.toMap()))));
        });
    }

    // ---- messages ----

    @Override
    public void connected(ServerMessage.Connected message) {
        if (self != null) {
            fault("the server said a second time who we are");
        }
        self = message;
    }

    @Override
    public void initialSubscription(ServerMessage.InitialSubscription message) {
        if (!(requests.answerSet(message.requestId()) instanceof Request.Legacy asked)) {
            fault("request " + message.requestId() + " did not ask for rows in the legacy way");
            return;
        }
        if (live.isEmpty()) {
            rows.clear();
        } else {
            List<String> own = new ArrayList<>(legacyTables);
            tablesOf.values().forEach(own::removeAll);
            rows.clear(own);
        }
        legacy = asked.queries();
        legacyTables.clear();
        legacyTables.addAll(tables);
        apply();
    }

    @Override
    public void subscribeApplied(ServerMessage.SubscribeApplied message) {
        Requests.Asked asked = requests.takeSet(message.requestId());
        if (asked == null
                || !(asked.request() instanceof Request.Subscribe set)
                || set.querySet() != message.querySet()) {
            fault("query set " + message.querySet() + " was applied for request " + message.requestId()
                    + ", which did not ask for it");
            return;
        }
        if (live.put(set.querySet(), set.queries()) != null) {
            fault("query set " + message.querySet() + " was applied a second time");
        }
        tablesOf.put(set.querySet(), new LinkedHashSet<>(tables));
        apply();
        asked.end("applied", null);
    }

    @Override
    public void unsubscribeApplied(ServerMessage.UnsubscribeApplied message) {
        if (!(requests.answerSet(message.requestId()) instanceof Request.Unsubscribe asked)
                || asked.querySet() != message.querySet()) {
            fault("query set " + message.querySet() + " was let go of for request " + message.requestId()
                    + ", which did not ask for that");
            return;
        }
        apply();
        if (!message.withRows()) {
            rows.clear(message.querySet());
        } else if (rows.has(message.querySet())) {
            fault("query set " + message.querySet() + " went and left rows behind");
        }
        gone(message.querySet());
    }

    private void gone(long querySet) {
        live.remove(querySet);
        tablesOf.remove(querySet);
    }

    @Override
    public void subscriptionError(ServerMessage.SubscriptionError message) {
        Long request = message.requestId();
        Long set = message.querySet();
        if (request != null) {
            Requests.Asked asked = requests.takeSet(request);
            if (asked == null) {
                fault("the server refused request " + request + ", which was not made: " + message.error());
                return;
            }
            asked.end("failed", message.error());
            if (asked.request() instanceof Request.Unsubscribe gone
                    && message.error().startsWith(INTERNAL_ERROR)) {
                gone(gone.querySet());
            }
        } else if (set != null) {
            rows.clear(set);
            gone(set);
        } else {
            rows.clear();
            live.clear();
            tablesOf.clear();
            legacy = null;
        }
    }

    @Override
    public void transactionUpdate(ServerMessage.TransactionUpdate message) {
        ServerMessage.ReducerEvent reducer = message.reducer();
        apply();
        ServerMessage.Connected known = self;
        boolean isOwn = reducer != null
                && known != null
                && known.connectionId().equals(reducer.connection())
                && known.identity().equals(reducer.caller());
        if (reducer == null || !isOwn) {
            return;
        }
        boolean neverRan = reducer.requestId() == 0 && reducer.outcome() == ServerMessage.Outcome.FAILED;
        boolean isNameless = reducer.name().isEmpty() || reducer.name().equals(NO_NAME);
        if (neverRan && isNameless) {
            // So servers before 2.3 refuse subscriptions.
            requests.refuseOldestSet(String.valueOf(reducer.error()));
        } else if (neverRan) {
            requests.answerNamed(reducer.name(), String.valueOf(reducer.error()));
        } else {
            requests.answerCall(reducer.requestId(), outcome(reducer.outcome()), reducer.error());
        }
    }

    private static String outcome(ServerMessage.Outcome outcome) {
        return switch (outcome) {
            case COMMITTED -> "committed";
            case FAILED -> "failed";
            case OUT_OF_ENERGY -> "out_of_energy";
            case INTERNAL_ERROR -> "internal_error";
        };
    }

    @Override
    public void reducerResult(ServerMessage.ReducerResult message) {
        apply();
        String reducer = requests.reducer(message.requestId());
        String error = message.outcome() == ServerMessage.Outcome.FAILED
                ? declaredError(reducer, message.value())
                : message.error();
        if (reducer == null || !requests.answerCall(message.requestId(), outcome(message.outcome()), error)) {
            fault("an answer came to call " + message.requestId() + ", which was not made");
        }
    }

    private @Nullable String declaredError(@Nullable String reducer, @Nullable Payload value) {
        FunctionSchema function = reducer == null ? null : module.schema().reducer(reducer);
        if (value == null) {
            return null;
        }
        return function == null
                ? HexFormat.of().formatHex(value.bytes())
                : String.valueOf(ReturnValue.ofBsatn("the error", function.errorType(), value.bytes()));
    }

    @Override
    public void procedureResult(ServerMessage.ProcedureResult message) {
        Entry entry = requests.takeProcedure(message.requestId());
        if (entry == null) {
            fault("an answer came to procedure call " + message.requestId() + ", which was not made");
            return;
        }
        entry.end(
                message.outcome() == ServerMessage.Outcome.COMMITTED ? "returned" : outcome(message.outcome()),
                message.error());
        Payload value = message.value();
        if (value != null) {
            String name = String.valueOf(entry.get("procedure"));
            FunctionSchema function = module.schema().procedure(name);
            if (function == null) {
                fault("there is no procedure '" + name + "' in the schema");
                return;
            }
            entry.value(
                    shapes.procedure(name),
                    value.isJson()
                            ? ReturnValue.ofJson("the value of " + name, function.returnType(), value.text())
                            : ReturnValue.ofBsatn("the value of " + name, function.returnType(), value.bytes()));
        }
    }

    @Override
    public void oneOffResult(ServerMessage.OneOffResult message) {
        Payload messageId = message.messageId();
        Entry entry = messageId != null
                ? requests.takeQuery("message_id", hex(messageId))
                : message.requestId() == null
                        ? null
                        : requests.takeQuery("request_id", BigDecimal.valueOf(message.requestId()));
        if (entry == null) {
            fault("an answer came to a query that was not made");
        } else if (message.error() != null) {
            entry.end("failed", message.error());
        } else {
            List<Object> counts = new ArrayList<>();
            answered.forEach(
                    (table, count) -> counts.add(Map.of("table", table, "count", BigDecimal.valueOf((long) count))));
            entry.end("answered", null);
            entry.with("tables", counts);
        }
    }

    private static String hex(Payload id) {
        // In JSON it is hexadecimal already.
        return id.isJson() ? id.text() : HexFormat.of().formatHex(id.bytes());
    }

    @Override
    public void unknown(ServerMessage.Unknown message) {
        fault("the server sent a message that is not known: variant " + message.variant());
    }
}
