package dev.tributary.testkit;

import dev.tributary.Column;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.spi.Environment;
import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.WireEnd;
import dev.tributary.testkit.simulation.SimulatedConnection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The server's side of one connection: which queries it serves, and what is on its way. */
final class MemorySession implements SimulatedConnection.ClientListener {

    private static final Duration PING = Duration.ofSeconds(10);

    private final MemoryServer server;
    private final SimulatedConnection connection;
    /** By the number that the client gave it. */
    private final Map<Integer, MemoryQuery> queries = new LinkedHashMap<>();
    /** What waits for its time, or because the server is silent. */
    private final Deque<Outgoing> outgoing = new ArrayDeque<>();

    private MemoryMessage message = new MemoryMessage();
    private long lastDue;
    private boolean over;
    private Environment.@Nullable Timer ping;

    private record Outgoing(long due, Runnable sending) {}

    /** A query that has to be brought up to date. */
    private record Arrival(int number, MemoryQuery query, MemoryCheckpoint from) {}

    MemorySession(MemoryServer server, SimulatedConnection connection) {
        this.server = server;
        this.connection = connection;
    }

    void begin(Head head) {
        connection.listen(this);
        later(() -> connection.head(head));
        if (head.status() != 101) {
            later(connection::complete);
            later(this::leave);
        } else {
            pingLater();
        }
    }

    private void pingLater() {
        ping = server.environment().after(PING, () -> {
            if (!over) {
                sendRaw(new MemoryMessage().frame(MemoryMessage.PING).toBytes());
                pingLater();
            }
        });
    }

    @Override
    public void message(Protocol.DataKind kind, ByteBuffer bytes) {
        if (over) {
            return;
        }
        MemoryReader in = new MemoryReader(bytes.duplicate());
        while (in.hasMore()) {
            if (in.tag() == MemoryMessage.SUBSCRIBE) {
                subscribe(in);
            } else {
                queries.remove(in.number());
            }
        }
    }

    private void subscribe(MemoryReader in) {
        List<Arrival> arrivals = new ArrayList<>();
        int count = in.number();
        for (int i = 0; i < count; i++) {
            int number = in.number();
            MemoryQuery query = new MemoryQuery(Query.parse(in.text()));
            MemoryCheckpoint from = new MemoryCheckpoint(in.longNumber(), in.longNumber());
            String refusal = server.refusalOf(query);
            if (refusal == null) {
                arrivals.add(new Arrival(number, query, from));
                queries.put(number, query);
            } else {
                message.frame(MemoryMessage.REFUSE).number(number).text(refusal);
            }
        }
        if (arrivals.stream().allMatch(arrival -> server.canResume(arrival.from(), arrival.query()))) {
            replay(arrivals);
        } else {
            loadTogether(arrivals);
        }
        arrivals.forEach(arrival -> frame(MemoryMessage.UP_TO_DATE, arrival.number()));
        flushMessage();
    }

    /** Every commit that some of them lack, one after another. */
    private void replay(List<Arrival> arrivals) {
        long least = arrivals.stream()
                .mapToLong(arrival -> arrival.from().number())
                .min()
                .orElse(server.head());
        for (MemoryServer.Entry entry : server.entriesAfter(least)) {
            Map<Integer, MemoryQuery> lacking = new LinkedHashMap<>();
            for (Arrival arrival : arrivals) {
                if (arrival.from().number() < entry.number()) {
                    lacking.put(arrival.number(), arrival.query());
                }
            }
            put(entry, lacking, false);
            commit(entry.number(), lacking);
        }
    }

    /** Some begin anew. All of them change in one commit, so that they are of one instant. */
    private void loadTogether(List<Arrival> arrivals) {
        Map<Integer, MemoryQuery> all = new LinkedHashMap<>();
        for (Arrival arrival : arrivals) {
            all.put(arrival.number(), arrival.query());
            load(arrival.number(), arrival.query());
        }
        commit(server.head(), all);
    }

    private void load(int number, MemoryQuery query) {
        RowSchema schema = server.schema(query);
        frame(MemoryMessage.SCHEMA, number).number(schema.columns().size());
        for (Column column : schema.columns()) {
            message.text(column.name()).text(column.type().name()).number(column.keyIndex());
        }
        for (Row row : server.rows(query)) {
            frame(MemoryMessage.PUT, number).byteString(row.toPacked());
        }
    }

    /** The table is there from now on. */
    void sendNewTable(String table) {
        Map<Integer, MemoryQuery> asking = new LinkedHashMap<>();
        queries.forEach((number, query) -> {
            if (query.table().equals(table)) {
                asking.put(number, query);
                load(number, query);
            }
        });
        if (!asking.isEmpty()) {
            commit(server.head(), asking);
            flushMessage();
        }
    }

    void send(MemoryServer.Entry entry) {
        if (queries.isEmpty() || server.loses()) {
            return;
        }
        put(entry, queries, true);
        commit(entry.number(), queries);
        flushMessage();
    }

    private void put(MemoryServer.Entry entry, Map<Integer, MemoryQuery> to, boolean withEvents) {
        to.forEach((number, query) -> {
            for (MemoryTransaction.Write write : entry.writes()) {
                if (!write.table().equals(query.table())) {
                    continue;
                }
                Row after = write.after();
                if (after != null && query.matches(after)) {
                    frame(MemoryMessage.PUT, number).byteString(after.toPacked());
                } else if (query.matches(write.before())) {
                    frame(MemoryMessage.REMOVE, number).byteString(write.keyed().toPacked());
                }
            }
            for (MemoryTransaction.Passing event : withEvents ? entry.events() : List.<MemoryTransaction.Passing>of()) {
                if (event.table().equals(query.table())) {
                    frame(MemoryMessage.EVENT, number).text(event.text());
                }
            }
        });
    }

    private void commit(long number, Map<Integer, MemoryQuery> queriesOfCommit) {
        if (message.frames() >= server.framesPerMessage()) {
            flushMessage();
        }
        message.frame(MemoryMessage.COMMIT)
                .longNumber(server.log())
                .longNumber(number)
                .number(queriesOfCommit.size());
        queriesOfCommit.keySet().forEach(message::number);
    }

    private MemoryMessage frame(int tag, int number) {
        if (message.frames() >= server.framesPerMessage()) {
            flushMessage();
        }
        return message.frame(tag).number(number);
    }

    private void flushMessage() {
        if (message.frames() > 0) {
            byte[] bytes = message.toBytes();
            message = new MemoryMessage();
            sendRaw(bytes);
        }
    }

    void sendRaw(byte[] bytes) {
        later(() -> connection.binary(bytes));
    }

    void refuseTable(String table, String reason) {
        List.copyOf(queries.keySet()).forEach(number -> {
            MemoryQuery query = queries.get(number);
            if (query != null && query.table().equals(table)) {
                queries.remove(number);
                frame(MemoryMessage.REFUSE, number).text(reason);
            }
        });
        flushMessage();
    }

    void close(int code, String reason) {
        over = true;
        connection.close(code, reason);
        leave();
    }

    void fail(WireEnd.Kind kind, String reason) {
        connection.fail(kind, reason);
        leave();
    }

    @Override
    public void closed(int code, String reason) {
        leave();
    }

    private void leave() {
        over = true;
        outgoing.clear();
        if (ping != null) {
            ping.cancel();
        }
        server.gone(this);
    }

    /** Sends in order, after the delay of the moment, and not while the server is silent. */
    private void later(Runnable sending) {
        if (over) {
            return;
        }
        lastDue = Math.max(
                lastDue, server.environment().nanoTime() + server.delay().toNanos());
        outgoing.add(new Outgoing(lastDue, sending));
        flush();
    }

    /** Sends what is due; what is not waits for its time. */
    void flush() {
        while (!over && !server.isSilent() && !outgoing.isEmpty()) {
            Outgoing first = outgoing.element();
            if (first.due() > server.environment().nanoTime()) {
                server.environment().at(Duration.ofNanos(first.due()), this::flush);
                return;
            }
            outgoing.remove().sending().run();
        }
    }
}
